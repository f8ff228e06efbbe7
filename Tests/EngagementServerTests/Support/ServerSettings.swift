import Engagement
import EngagementAPI
import EngagementGraph
import EngagementSandbox
import EngagementServer
import JSON
import Ledger

/// How the server of a scenario is set.
///
/// | Key | What |
/// |---|---|
/// | `attempts`, `deadlineSeconds` | how often and how long a call is tried; once and 50 if not given |
/// | `account`, `alsoReads` | who asks, and whose private numbers are shown besides |
/// | `tweets`, `cells` | limits of an operation |
/// | `appAuthorization` | `bearer` gets a token from the sandbox's token service; `signature` if not given |
/// | `application` | the sandbox's app that all accounts sign with |
/// | `credentials` | what is configured otherwise than the sandbox has it: `{"acme": {"tokenSecret": "wrong"}}` |
/// | `withoutToken` | accounts whose user token is not configured |
/// | `stopTweets` | the most unique Tweets of a month |
/// | `breakerFailures` | how many failures in a row open the circuit |
/// | `historyDays` | how far back the API counts over time |
/// | `keys` | `true` for the keys of ``TestKey`` |
struct ServerSettings {
    private let value: JSONValue

    init(_ value: JSONValue) throws {
        try value.allow([
            "attempts", "deadlineSeconds", "account", "alsoReads", "tweets", "cells", "appAuthorization", "application",
            "credentials", "withoutToken", "stopTweets", "breakerFailures", "historyDays", "keys",
        ])
        self.value = value
    }

    func apply(to server: inout ServerConfiguration, _ world: SandboxWorld) throws {
        if let attempts = integer("attempts") {
            server.upstream.retry = RetryPolicy(
                maximumAttempts: attempts,
                firstDelayMilliseconds: 1,
                longestDelayMilliseconds: 1,
                rateLimitDelayMilliseconds: 1
            )
        }
        if let seconds = integer("deadlineSeconds") { server.deadlineSeconds = seconds }
        server.defaultAccount = value["account"]?.string.map { AccountName($0) }
        server.alsoReads = names("alsoReads")
        if value["keys"] == .boolean(true) { server.keys = TestKey.configured }
        if let tweets = integer("tweets") { server.limits.plan.maximumTweets = tweets }
        if let cells = integer("cells") { server.limits.plan.maximumCells = cells }
        server.limits.plan.history.days = integer("historyDays")
        server.usage.stopTweets = integer("stopTweets")
        if let failures = integer("breakerFailures") { server.upstream.breaker.failures = failures }
        if let name = value["appAuthorization"]?.string {
            guard let authorization = AppAuthorization(rawValue: name) else {
                throw ScenarioError("there is no appAuthorization \(name)")
            }
            server.upstream.appAuthorization = authorization
        }
        try applyCredentials(to: &server, world)
    }

    private func applyCredentials(to server: inout ServerConfiguration, _ world: SandboxWorld) throws {
        let application = world.applications.first { $0.name == value["application"]?.string }
        let withoutToken = names("withoutToken")
        for index in server.accounts.indices {
            var account = server.accounts[index]
            if let application {
                let secret = Secret(application.consumerSecret)
                account.consumer = ConsumerKey(key: application.consumerKey, secret: secret)
            }
            if withoutToken.contains(account.name) { account.token = nil }
            if let changes = value["credentials"]?[account.name.rawValue] { try account.apply(changes) }
            server.accounts[index] = account
        }
    }

    /// The keys that are given.
    var keys: Set<String> { Set((value.members ?? []).map(\.name)) }

    private func integer(_ key: String) -> Int? { value[key]?.integer.map { Int($0) } }

    private func names(_ key: String) -> [AccountName] {
        (value[key]?.array ?? []).compactMap(\.string).map { AccountName($0) }
    }
}

extension AccountConfiguration {
    fileprivate mutating func apply(_ changes: JSONValue) throws {
        try changes.allow(["consumerKey", "consumerSecret", "token", "tokenSecret", "bearer"])
        func secret(_ key: String) -> Secret? { changes[key]?.string.map { Secret($0) } }
        consumer = ConsumerKey(
            key: changes["consumerKey"]?.string ?? consumer.key,
            secret: secret("consumerSecret") ?? consumer.secret
        )
        token = token.map { token in
            AccessToken(token: secret("token") ?? token.token, secret: secret("tokenSecret") ?? token.secret)
        }
        bearer = secret("bearer") ?? bearer
    }
}

extension SandboxAccount {
    /// Reads an element of a scenario's `accounts`.
    init(_ value: JSONValue) throws {
        try value.allow(["name", "userId", "token", "tokenSecret"])
        guard let name = value["name"]?.string, let userID = value["userId"]?.string else {
            throw ScenarioError("an account has a name and a userId")
        }
        self.init(
            name: AccountName(name),
            userID: userID,
            token: value["token"]?.string,
            tokenSecret: value["tokenSecret"]?.string
        )
    }
}

internal import Engagement
internal import Settings

/// Reading a world from settings: the keys `accounts`, `applications` and `tweets` of `config/sandbox.yaml`.
extension SandboxWorld {
    /// The world that `settings` describes; what they leave out is as in ``standard``.
    init(_ settings: SettingsNode) throws(SettingsError) {
        let accounts = try settings.child("accounts").map(SandboxWorld.accounts) ?? SandboxWorld.standard.accounts
        let applications =
            try settings.child("applications").map(SandboxWorld.applications) ?? SandboxWorld.standard.applications
        let names = Set(accounts.map(\.name))
        guard let node = settings.child("tweets") else {
            let tweets = SandboxWorld.standard.tweets.values.filter { $0.owner.map(names.contains) ?? true }
            self.init(accounts: accounts, applications: applications, tweets: tweets)
            return
        }
        var tweets: [SandboxTweet] = []
        for element in try node.elements() { tweets.append(try SandboxTweet(element, accounts: names)) }
        self.init(accounts: accounts, applications: applications, tweets: tweets)
    }

    private static func accounts(_ node: SettingsNode) throws(SettingsError) -> [SandboxAccount] {
        var accounts: [SandboxAccount] = []
        for element in try node.elements() {
            try element.allow(["name", "userId", "token", "tokenSecret"])
            let account = SandboxAccount(
                name: AccountName(try element.required("name").name()),
                userID: try element.required("userId").name(),
                token: try element.child("token")?.name(),
                tokenSecret: try element.child("tokenSecret")?.name()
            )
            guard (account.token == nil) == (account.tokenSecret == nil) else {
                throw element.error("token and tokenSecret belong together")
            }
            guard !accounts.contains(where: { $0.name == account.name }) else {
                throw element.error("a second account named \(account.name)")
            }
            guard account.token == nil || !accounts.contains(where: { $0.token == account.token }) else {
                throw element.error("a second account with this token")
            }
            accounts.append(account)
        }
        guard !accounts.isEmpty else { throw node.error("needs at least one account") }
        return accounts
    }

    private static func applications(_ node: SettingsNode) throws(SettingsError) -> [SandboxApplication] {
        var applications: [SandboxApplication] = []
        for element in try node.elements() {
            try element.allow(["name", "consumerKey", "consumerSecret", "bearerToken", "allowListed"])
            let application = SandboxApplication(
                name: try element.required("name").name(),
                consumerKey: try element.required("consumerKey").name(),
                consumerSecret: try element.required("consumerSecret").name(),
                bearerToken: try element.required("bearerToken").name(),
                isAllowListed: try element.child("allowListed")?.boolean() ?? true
            )
            guard !applications.contains(where: { $0.consumerKey == application.consumerKey }) else {
                throw element.error("a second application with this consumer key")
            }
            applications.append(application)
        }
        guard !applications.isEmpty else { throw node.error("needs at least one application") }
        return applications
    }
}

extension SandboxTweet {
    fileprivate init(_ node: SettingsNode, accounts: Set<AccountName>) throws(SettingsError) {
        try node.allow(["id", "owner", "state", "since", "hasVideo", "lifetime", "note"])
        let idNode = try node.required("id")
        guard let id = TweetID(try idNode.text()) else { throw idNode.error("expected a Tweet id") }
        var owner: AccountName?
        if let ownerNode = node.child("owner") {
            let name = AccountName(try ownerNode.name())
            guard accounts.contains(name) else { throw ownerNode.error("there is no account named \(name)") }
            owner = name
        }
        self.init(
            id: id,
            owner: owner,
            state: try node.child("state")?.choice(of: State.self) ?? .available,
            since: try node.child("since")?.time(),
            hasVideo: try node.child("hasVideo")?.boolean(),
            counts: try node.child("lifetime").map(SandboxTweet.lifetime) ?? .synthetic,
            note: try node.required("note").text()
        )
    }

    private static func lifetime(_ node: SettingsNode) throws(SettingsError) -> Counts {
        var counts: [EngagementType: Int64] = [:]
        for (name, value) in try node.members() {
            guard let type = EngagementType(wireName: name) else { throw value.error("there is no such metric") }
            counts[type] = try value.integer(in: 0...1_000_000_000_000)
        }
        return .lifetime(counts)
    }
}

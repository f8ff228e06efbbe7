import Engagement
import EngagementServer

/// Keys of the tests, written out: their last eight digits were computed elsewhere.
enum TestKey {
    static let acme = "eql_293abb6b76d7791c0732cc517d38c4b5c734b87f327131ca"
    static let globex = "eql_0db734340b1ffdb7772e791f79888598c27d17996e20b5e6"
    /// Of acme, and reads globex as well.
    static let both = "eql_fc39b18f287d8bbfaceae020f4a4eb32ac5c1e705a2f6a1d"
    /// Of no account.
    static let open = "eql_61c9b2b17db77a27841bbeeabff923448b0f63889bcef4d6"
    /// Of acme, with one list.
    static let listed = "eql_adcc7aee87e914f9b782de197376a29c2e4245dee1b0df8b"
    static let metrics = "eql_966b9734015a6d617d09dae170c907a100bded72c7cbddba"
    static let administrator = "eql_fe96dd39756ac41b74283a9292652d366d73931fd1956b0c"
    static let expired = "eql_45a6f9adb1df3a78aafc71391c7d3bfa7680229b95e43e3c"
    /// Two requests a minute.
    static let limited = "eql_1eb7d5c2200d0f49da387953fb79c9fef74fbb5c52dc6093"
    /// One call of the API in 24 hours.
    static let budget = "eql_81e4a5523e4e1843f200847f875f60d495df137fc4b204f5"
    /// Sound, and nobody's.
    static let unknown = "eql_50d8b4a941c26b89482c94ab324b5a274f9ced6685abb075"

    /// What the server of a test knows.
    static let configured = [
        key("acme", acme) {
            $0.account = acmeAccount
            $0.permissions = [.lists, .purge]
        },
        key("globex", globex) {
            $0.account = globexAccount
            $0.isAllowedInQuery = true
            $0.permissions = [.lists, .purge]
        },
        key("both", both) {
            $0.account = acmeAccount
            $0.alsoReads = [globexAccount]
        },
        key("open", open) { $0.isAllowedInQuery = true },
        key("listed", listed) {
            $0.account = acmeAccount
            $0.lists = [autumn]
            $0.permissions = [.lists]
        },
        key("metrics", metrics) { $0.permissions = [.metrics] },
        key("administrator", administrator) { $0.permissions = [.purgeAll, .lists, .metrics] },
        key("expired", expired) {
            $0.account = acmeAccount
            $0.expires = TestBed.start
        },
        key("limited", limited) { $0.requestsPerMinute = 2 },
        key("budget", budget) { $0.callsPerDay = 1 },
    ]

    /// Every key that a server must never show.
    static let all = [acme, globex, both, open, listed, metrics, administrator, expired, limited, budget, unknown]

    static let acmeAccount = AccountName("acme")
    static let globexAccount = AccountName("globex")
    static let autumn = ListName("autumn")!

    private static func key(
        _ name: String,
        _ text: String,
        _ adjust: (inout KeyConfiguration) -> Void
    ) -> KeyConfiguration {
        guard let key = APIKey(text) else { fatalError("\(name) is no key") }
        var configuration = KeyConfiguration(name: name, hash: key.hash)
        adjust(&configuration)
        return configuration
    }

    static func bearer(_ key: String) -> [(name: String, value: String)] {
        [(name: "Authorization", value: "Bearer \(key)")]
    }
}

/// A server with keys.
enum KeyedBed {
    static let tweetOfAcme = "2116802420536246272"
    static let tweetOfGlobex = "1765017450569535488"

    static func make(adjust: (inout ServerConfiguration) throws -> Void = { _ in }) throws -> TestBed {
        try TestBed { server, _ in
            server.keys = TestKey.configured
            server.lists = [
                list("autumn", tweetOfAcme, of: TestKey.acmeAccount),
                list("winter", tweetOfGlobex, of: TestKey.globexAccount),
                list("common", tweetOfAcme, of: nil),
            ]
            try adjust(&server)
        }
    }

    private static func list(_ name: String, _ tweet: String, of account: AccountName?) -> NamedList {
        NamedList(ListName(name)!, [TweetID(tweet)!], account: account, isConfigured: true)
    }
}

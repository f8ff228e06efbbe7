public import Engagement

/// Who and what exists in the sandbox: accounts, applications, and the Tweets of which something in particular is known.
///
/// Every other id that is shaped like a snowflake and lies in the past is an available Tweet of the default account, so that
/// any id a newcomer types has numbers. Ids of the future and ids without a time are unavailable.
public struct SandboxWorld: Equatable, Sendable {
    /// The accounts; the first is the default one.
    public private(set) var accounts: [SandboxAccount]
    /// The applications; the first is the default one.
    public private(set) var applications: [SandboxApplication]
    /// The listed Tweets, the dossier's examples among them.
    public private(set) var tweets: [TweetID: SandboxTweet]

    /// A world of at least one account and application. `tweets` come on top of ``FixtureTweets/all`` and win over them.
    public init(accounts: [SandboxAccount], applications: [SandboxApplication], tweets: [SandboxTweet]) {
        precondition(!accounts.isEmpty && !applications.isEmpty, "a world has an account and an application")
        self.accounts = accounts
        self.applications = applications
        self.tweets = (FixtureTweets.all + tweets).reduce(into: [:]) { $0[$1.id] = $1 }
    }

    /// Adds an account, or replaces the one of that name.
    public mutating func put(_ account: SandboxAccount) {
        if let index = accounts.firstIndex(where: { $0.name == account.name }) {
            accounts[index] = account
        } else {
            accounts.append(account)
        }
    }

    /// Adds an application, or replaces the one of that name.
    public mutating func put(_ application: SandboxApplication) {
        if let index = applications.firstIndex(where: { $0.name == application.name }) {
            applications[index] = application
        } else {
            applications.append(application)
        }
    }

    /// Lists a Tweet, or replaces the one of that id.
    public mutating func put(_ tweet: SandboxTweet) {
        tweets[tweet.id] = tweet
    }

    /// The account that owns every Tweet without another owner.
    public var defaultAccount: SandboxAccount { accounts[0] }

    /// The application that examples use.
    public var defaultApplication: SandboxApplication { applications[0] }

    /// The author of a Tweet.
    public func owner(of tweet: TweetID) -> SandboxAccount {
        guard let name = tweets[tweet]?.owner else { return defaultAccount }
        return accounts.first { $0.name == name } ?? defaultAccount
    }

    /// Whether and how the API serves a Tweet at a moment; nil if there is no such Tweet.
    public func state(of tweet: TweetID, at now: UnixTime) -> SandboxTweet.State? {
        if let listed = tweets[tweet] { return listed.state(at: now) }
        guard let createdAt = tweet.createdAt, createdAt <= now else { return nil }
        return .available
    }

    /// The id of a Tweet posted at `time`, which must not lie before November 2010; `sequence` (0 to 4,194,303) tells those of
    /// the same millisecond apart. The inverse of the snowflake arithmetic of dossier §5.
    public static func tweetID(postedAt time: UnixTime, sequence: UInt64 = 0) -> TweetID {
        let age = max(time.milliseconds - 1_288_834_974_657, 0)
        return TweetID(rawValue: UInt64(age) << 22 | sequence & 0x3F_FFFF)
    }
}

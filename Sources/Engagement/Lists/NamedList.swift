/// Tweets under a name, such as those of a campaign, so that queries need not carry their ids.
public struct NamedList: Equatable, Sendable {
    public let name: ListName
    /// Each once, in the order in which they were given.
    public private(set) var tweets: [TweetID]
    /// For people.
    public var description: String?
    /// Whose Tweets they are: their private numbers are asked for as this account first. Nil leaves it to who asks.
    public var account: AccountName?
    /// What is fetched ahead of time; nil for nothing.
    public var refresh: ListRefresh?
    /// Whether it stands in the configuration, so that nobody else changes it.
    public var isConfigured: Bool

    /// The most Tweets of a list.
    public static let maximumTweets = 100_000
    /// The most bytes of a description.
    public static let maximumDescriptionBytes = 2000

    /// A list of `tweets`, of which repetitions are left out.
    public init(
        _ name: ListName,
        _ tweets: [TweetID],
        description: String? = nil,
        account: AccountName? = nil,
        refresh: ListRefresh? = nil,
        isConfigured: Bool = false
    ) {
        self.name = name
        self.tweets = []
        self.description = description
        self.account = account
        self.refresh = refresh
        self.isConfigured = isConfigured
        add(tweets)
    }

    /// Adds those that it does not have behind the others.
    public mutating func add(_ added: [TweetID]) {
        var known = Set(tweets)
        for tweet in added where known.insert(tweet).inserted { tweets.append(tweet) }
    }

    /// Takes those out that it has.
    public mutating func remove(_ removed: [TweetID]) {
        let removed = Set(removed)
        tweets.removeAll { removed.contains($0) }
    }
}

/// What of a list's numbers is fetched before anybody asks, and how often.
public struct ListRefresh: Equatable, Sendable {
    /// No number gets older than this before it is looked at again, as long as there is quota; nil for as often as the shortest-lived
    /// number of the list goes stale.
    public var everySeconds: Int?
    /// Lifetime counts.
    public var totals: EngagementTypeSet
    /// Counts by the hour of the last 28 hours.
    public var last28Hours: EngagementTypeSet
    /// Counts by the hour of the last ``historicalDays`` days.
    public var historical: EngagementTypeSet
    /// How many days of UTC before today ``historical`` begins.
    public var historicalDays: Int

    /// Without a minute between two looks there would be more looks than news.
    public static let everySecondsBounds: ClosedRange<Int64> = 60...86_400
    public static let historicalDaysBounds: ClosedRange<Int64> = 1...366

    public init(
        everySeconds: Int? = nil,
        totals: EngagementTypeSet = .publicTotals,
        last28Hours: EngagementTypeSet = [],
        historical: EngagementTypeSet = [],
        historicalDays: Int = 28
    ) {
        self.everySeconds = everySeconds
        self.totals = totals
        self.last28Hours = last28Hours
        self.historical = historical
        self.historicalDays = historicalDays
    }

    /// Whether numbers by the hour are fetched, of which each hour has new ones.
    public var hasSeries: Bool { !last28Hours.isEmpty || !historical.isEmpty }
}

/// How far the numbers of a list are fetched ahead of time.
public struct ListRefreshStatus: Equatable, Sendable {
    /// When the last round ended after which nothing was missing that the API has; nil before the first.
    public var refreshedAt: UnixTime?
    /// How many numbers the settings are about, at the end of the last round.
    public var numbers = 0
    /// How many of them could be served without waiting then.
    public var warmNumbers = 0
    /// Rounds that have ended.
    public var rounds = 0

    public init() {}
}

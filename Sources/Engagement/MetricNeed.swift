/// What an operation needs to know of one family: Tweets × engagement types × hours, for one reader.
public struct MetricNeed: Equatable, Sendable {
    /// Who asks. Numbers that are not public are looked up and fetched as this account only.
    public var account: AccountName
    /// Accounts whose private numbers the reader may see too, each of its own Tweets.
    public var otherAccounts: [AccountName] = []
    /// Lifetime counts, or counts by the hour.
    public var family: MetricFamily
    /// The Tweets, each once, in the order of the table's rows.
    public var tweets: [TweetID]
    /// The engagement types: the columns of the table.
    public var types: EngagementTypeSet
    /// The hours that are needed of a series; nil for totals.
    public var window: HourWindow?
    /// How finely a series is needed.
    public var grain: Grain
    /// Of lifetime counts, the moments of the past as of which they are needed: the buckets of the table. Nil for now. Nobody
    /// can be asked for the past, so such a need is answered from what was seen then, or not at all.
    public var moments: [UnixTime]?
    /// How old the numbers may be.
    public var freshness = FreshnessDemand.usual

    /// The width of a series' buckets.
    public enum Grain: UInt8, Sendable {
        /// Whole days of UTC. The window is day-aligned.
        case day
        /// Single hours.
        case hour
    }

    /// A need for lifetime counts.
    public static func totals(account: AccountName, tweets: [TweetID], types: EngagementTypeSet) -> MetricNeed {
        MetricNeed(account: account, family: .totals, tweets: tweets, types: types, window: nil, grain: .hour)
    }

    /// A need for counts by hour or day.
    public static func series(
        account: AccountName,
        tweets: [TweetID],
        types: EngagementTypeSet,
        window: HourWindow,
        grain: Grain
    ) -> MetricNeed {
        precondition(grain == .hour || window.isDayAligned, "day buckets need a window of whole days")
        return MetricNeed(account: account, family: .series, tweets: tweets, types: types, window: window, grain: grain)
    }

    /// How many buckets each Tweet and type has: 1 for totals of now, one for each moment of the past, else the days or hours
    /// of the window.
    public var bucketCount: Int {
        guard let window else { return moments?.count ?? 1 }
        return grain == .day ? window.hours / 24 : window.hours
    }

    /// How many cells the need spans.
    public var cellCount: Int { tweets.count * types.count * bucketCount }
}

/// The name of an account in the configuration: whose credentials sign, and whose private numbers are meant.
public struct AccountName: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public init(_ name: String) {
        rawValue = name
    }

    public var description: String { rawValue }

    /// Who has no account: all private numbers are forbidden. No account of a configuration has this name.
    public static let nobody = AccountName("")
}

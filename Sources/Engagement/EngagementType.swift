/// The 18 things that the Engagement API counts (dossier §6). The raw value numbers them for sets and stored cells: it is
/// part of the cache file's format, so a new one goes to the end.
public enum EngagementType: UInt8, CaseIterable, Hashable, Sendable {
    case impressions
    case engagements
    case favorites
    case retweets
    case quoteTweets
    case replies
    case videoViews
    case mediaViews
    case mediaEngagements
    case urlClicks
    case hashtagClicks
    case detailExpands
    case permalinkClicks
    case appInstallAttempts
    case appOpens
    case emailTweet
    case userFollows
    case userProfileClicks
}

extension EngagementType {
    /// The name in the API's requests and responses.
    public var wireName: String {
        switch self {
        case .impressions: "impressions"
        case .engagements: "engagements"
        case .favorites: "favorites"
        case .retweets: "retweets"
        case .quoteTweets: "quote_tweets"
        case .replies: "replies"
        case .videoViews: "video_views"
        case .mediaViews: "media_views"
        case .mediaEngagements: "media_engagements"
        case .urlClicks: "url_clicks"
        case .hashtagClicks: "hashtag_clicks"
        case .detailExpands: "detail_expands"
        case .permalinkClicks: "permalink_clicks"
        case .appInstallAttempts: "app_install_attempts"
        case .appOpens: "app_opens"
        case .emailTweet: "email_tweet"
        case .userFollows: "user_follows"
        case .userProfileClicks: "user_profile_clicks"
        }
    }

    /// The type that the API calls `wireName`, or nil.
    public init?(wireName: String) {
        guard let type = EngagementType.byWireName[wireName] else { return nil }
        self = type
    }

    private static let byWireName = Dictionary(uniqueKeysWithValues: allCases.map { ($0.wireName, $0) })
}

/// A set of engagement types in one word.
public struct EngagementTypeSet: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32

    @inlinable
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// The set of one type.
    @inlinable
    public init(_ type: EngagementType) {
        rawValue = 1 << UInt32(type.rawValue)
    }

    /// The set of `types`.
    public init(_ types: some Sequence<EngagementType>) {
        rawValue = types.reduce(0) { $0 | 1 << UInt32($1.rawValue) }
    }

    /// The seven that `totals` offers.
    public static let totals: EngagementTypeSet = EngagementTypeSet([
        .impressions, .engagements, .favorites, .retweets, .quoteTweets, .replies, .videoViews,
    ])

    /// The seventeen that `28hr` and `historical` offer: all but quote Tweets.
    public static let series = EngagementTypeSet(EngagementType.allCases).subtracting(EngagementTypeSet(.quoteTweets))

    /// Those of totals that anybody may see of any public Tweet, without its owner's token.
    public static let publicTotals = totals.subtracting([.init(.impressions), .init(.engagements)])

    /// How many types there are.
    @inlinable
    public var count: Int { rawValue.nonzeroBitCount }

    /// Whether `type` is one of them.
    @inlinable
    public func contains(_ type: EngagementType) -> Bool { rawValue & 1 << UInt32(type.rawValue) != 0 }

    /// How many types of the set come before `type`: the place of its column in a ``MetricTable``.
    @inlinable
    public func rank(of type: EngagementType) -> Int {
        (rawValue & (1 << UInt32(type.rawValue) &- 1)).nonzeroBitCount
    }

    /// The types in the order of their raw values.
    public var types: [EngagementType] {
        var types: [EngagementType] = []
        types.reserveCapacity(count)
        var rest = rawValue
        while rest != 0 {
            if let type = EngagementType(rawValue: UInt8(rest.trailingZeroBitCount)) { types.append(type) }
            rest &= rest &- 1
        }
        return types
    }
}

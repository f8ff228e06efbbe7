internal import Engagement

/// What a field of the schema means to us.
internal enum FieldBinding: Equatable, Sendable {
    // Query
    case tweet
    case tweets
    case lists
    case list
    // Query and Tweet
    case totals
    case last28Hours
    case historical
    case growth
    case compare
    // Subscription
    case thresholdReached
    case atLeast
    // Mutation
    case purge
    case saveList
    case addToList
    case removeFromList
    case removeList
    case purgedAt
    case isDurable
    case isPublished
    // Tweet
    case id
    case createdAt
    // TweetList
    case listName
    case listDescription
    case listAccount
    case listIsConfigured
    case listSize
    case listTweetIDs
    case listTweets
    case listRefresh
    // TweetConnection, TweetEdge and PageInfo
    case edges
    case nodes
    case pageInfo
    case totalCount
    case node
    case cursor
    case hasNextPage
    case hasPreviousPage
    case startCursor
    case endCursor
    // ListRefresh
    case refreshEverySeconds
    case refreshTotals
    case refreshLast28Hours
    case refreshHistorical
    case refreshHistoricalDays
    case refreshedAt
    case refreshNumbers
    case refreshWarmNumbers
    // Rows
    case rowTweetID
    case engagementType
    case count
    case start
    case end
    case date
    case hourOfDay
    case metric(EngagementType)
    case gained(EngagementType)
    case engagementRate
    case rate
    case asOf
    case source
    // ComparisonRow
    case comparedGroup
    case comparedSize
    case comparedAge
    case compared(ComparedColumn.Kind)

    /// Whether the field shows rows of metrics.
    var showsMetrics: Bool {
        switch self {
        case .totals, .last28Hours, .historical, .growth: true
        default: false
        }
    }

    /// The engagement types that have to be known to answer the field.
    var types: EngagementTypeSet {
        switch self {
        case .metric(let type), .gained(let type): EngagementTypeSet(type)
        case .engagementRate: EngagementTypeSet([.impressions, .engagements])
        default: []
        }
    }
}

public import Engagement

/// What a subscription watches, and how often. Its plan says which numbers that takes.
public struct LivePlan: Equatable, Sendable {
    /// How often it is looked at.
    public let everySeconds: Int
    /// What `thresholdReached` waits for; nil for a field that shows all changes.
    public let threshold: Threshold?

    public init(everySeconds: Int, threshold: Threshold?) {
        self.everySeconds = everySeconds
        self.threshold = threshold
    }

    /// The longest time between two looks.
    public static let longestSeconds = 86_400
}

/// A count that Tweets are waited to reach.
public struct Threshold: Hashable, Sendable {
    public let metric: EngagementType
    /// Above 0.
    public let atLeast: Int64
    /// Whether Tweets that have as many when the subscription begins are told as well.
    public let includesReached: Bool

    /// The most Tweets of one subscription: what was told of each of them stands in its events' ids.
    public static let maximumTweets = 250

    public init(metric: EngagementType, atLeast: Int64, includesReached: Bool) {
        self.metric = metric
        self.atLeast = atLeast
        self.includesReached = includesReached
    }
}

/// A Tweet that was seen to have reached a threshold: the event behind `ThresholdReached`.
public struct ThresholdCrossing: Equatable, Sendable {
    public let threshold: Threshold
    public let tweet: TweetID
    /// The count that was seen.
    public let count: Int64
    /// When it was fetched.
    public let fetchedAt: UnixTime

    public init(threshold: Threshold, tweet: TweetID, count: Int64, fetchedAt: UnixTime) {
        self.threshold = threshold
        self.tweet = tweet
        self.count = count
        self.fetchedAt = fetchedAt
    }
}

extension EngagementPlan {
    /// The cells of the Tweets that a threshold is waited for, in their order; empty for any other plan.
    ///
    /// - Parameter tables: The answers to the plan's needs, in their order.
    public func watched(in tables: [MetricTable]) -> [(tweet: TweetID, cell: Cell)] {
        guard let threshold = live?.threshold, let cells = fieldCells.first else { return [] }
        let table = tables[cells.need]
        return cells.rows.map { (table.need.tweets[$0], table[$0, threshold.metric]) }
    }
}

public import Engagement

/// How a plan can be answered a few Tweets at a time: the rows of a Tweet follow those of the Tweet before, and no row has
/// numbers of two. So the rows of all slices, one after another, are the rows of the whole.
public struct PlanSlices: Sendable {
    /// How many Tweets there are to be cut up, repetitions included if they are shown.
    public private(set) var tweets: Int
    /// How many rows each of them has.
    public let rowsPerTweet: Int
    /// How many cells each of them needs, 0 if none.
    public let cellsPerTweet: Int
    /// How many Tweets one call upstream takes at most.
    public let tweetsPerCall: Int

    private var plan: EngagementPlan

    /// Nil if `plan` cannot be cut up: its rows are sorted, counted off, summed over Tweets or listed by something else first,
    /// or there is more than one list of Tweets.
    public init?(_ plan: EngagementPlan) {
        let selections = plan.selections
        guard plan.mutations.isEmpty, plan.shownLists.isEmpty, plan.tweetLists.count <= 1,
            selections.allSatisfy({ $0.order.isEmpty && $0.first == nil && $0.places == nil && $0.growth == nil })
        else { return nil }
        let tweets: Int
        if let list = plan.tweetLists.first {
            guard selections.allSatisfy({ $0.isShownByTweet && $0.tweets == list.unique }) else { return nil }
            tweets = list.asked.count
        } else {
            guard selections.count == 1, selections[0].grouping.dimensions.first == .tweet else { return nil }
            tweets = selections[0].tweets.count
        }
        self.init(plan, tweets: tweets)
    }

    /// The same of rows that are sorted and counted off later: ``PlanRanking`` does it. Nil if rows are not divided by Tweets
    /// first.
    internal init?(ranked plan: EngagementPlan) {
        guard plan.mutations.isEmpty, plan.shownLists.isEmpty, plan.tweetLists.isEmpty, plan.selections.count == 1,
            plan.needs.count == 1, plan.selections[0].places == nil, plan.selections[0].growth == nil,
            plan.selections[0].grouping.dimensions.first == .tweet
        else { return nil }
        self.init(plan, tweets: plan.selections[0].tweets.count)
    }

    private init(_ plan: EngagementPlan, tweets: Int) {
        let selections = plan.selections
        self.plan = plan
        self.tweets = tweets
        rowsPerTweet = selections.map(\.rowsPerTweet).max() ?? 1
        cellsPerTweet = plan.needs.reduce(0) { $0 + $1.types.count * $1.bucketCount }
        tweetsPerCall =
            plan.needs.contains { $0.family == .series }
            ? Endpoint.historical.maximumTweets
            : Endpoint.totals.maximumTweets
    }

    /// How many rows there are in all.
    public var rows: Int { tweets * rowsPerTweet }

    /// The slices of those Tweets only that `isWanted`.
    public func filter(_ isWanted: (TweetID) -> Bool) -> PlanSlices {
        var slices = self
        slices.plan = plan.changed { $0.keepTweets { $0.filter(isWanted) } }
        slices.tweets =
            slices.plan.tweetLists.first?.asked.count ?? slices.plan.selections.last?.tweets.count ?? slices.tweets
        return slices
    }

    /// The plan of the Tweets in `range` only.
    public subscript(range: Range<Int>) -> EngagementPlan {
        plan.changed { $0.keepTweets { Array($0[range]) } }
    }
}

extension EngagementPlan.Draft {
    /// Leaves those Tweets only that `kept` leaves of each list.
    fileprivate mutating func keepTweets(_ kept: ([TweetID]) -> [TweetID]) {
        tweetLists = tweetLists.map { TweetList(kept($0.asked)) }
        for index in selections.indices {
            let list = tweetLists.first ?? TweetList(kept(selections[index].tweets))
            selections[index] = selections[index].with(list)
            needs[selections[index].need].tweets = list.unique
        }
    }
}

extension MetricSelection {
    /// How many rows each Tweet has, if rows are divided by Tweets: one for each bucket of time and hour of the day that the
    /// window has, and in the long form for each type.
    fileprivate var rowsPerTweet: Int {
        let hours = buckets.hourOfDay
        let places = Set(
            buckets.bucketOf.indices.map { step in
                Int(buckets.bucketOf[step]) * 24 + (hours.isEmpty ? 0 : Int(hours[step]))
            }
        )
        return places.count * (grouping.contains(.engagementType) ? types.count : 1)
    }
}

public import Engagement
public import GraphQL

/// The best rows of more Tweets than fit into memory at once: a few Tweets are looked at at a time, together with those that
/// were the best so far, and of all these only the Tweets of the best rows are kept.
///
/// The result is exact. A row among the best of all is among the best of any part that it is in; rows that are equal keep
/// the order of the Tweets, since what is kept stands in that order before what comes.
public struct PlanRanking: Sendable {
    /// The plan, a few Tweets at a time: to be looked up and ``add(_:_:gaps:)``ed from the first on.
    public let slices: PlanSlices
    /// How many cells, or rows if there are more of them, are kept at most.
    public let maximumKept: Int
    /// How many Tweets are kept at most.
    public let maximumTweets: Int
    /// The numbers of the Tweets that ``plan`` is about.
    public private(set) var table: MetricTable

    private let whole: EngagementPlan
    /// The Tweets of the best rows so far, in their order.
    private var kept: [TweetID] = []
    private var absences: AbsenceReport

    /// Nil if `plan` is not about the best rows of one field, each of which is of one Tweet: `groupBy` begins with `TWEET`, and
    /// there are `orderBy` and `first`.
    public init?(_ plan: EngagementPlan) {
        guard plan.selections.count == 1, let selection = plan.selections.first, !selection.order.isEmpty,
            let first = selection.first, let slices = PlanSlices(ranked: plan)
        else { return nil }
        self.slices = slices
        whole = plan
        maximumTweets = min(first, slices.tweets)
        // No overflow: no more Tweets than a plan may have, whose cells were counted.
        maximumKept = maximumTweets * max(slices.cellsPerTweet, slices.rowsPerTweet, 1)
        absences = AbsenceReport(selection.path)
        table = MetricTable(slices[0..<0].needs[0])
    }

    /// Looks at the Tweets in `range`, which follow those before.
    ///
    /// - Parameters:
    ///   - answer: To the need of their slice.
    ///   - gaps: Why cells are missing for which upstream gave no answer.
    public mutating func add(_ range: Range<Int>, _ answer: MetricTable, gaps: [AnswerGap]) {
        let slice = slices[range]
        let candidates = kept + slice.selections[0].tweets
        var together = Self.table(whole, candidates)
        together.table.cells = table.cells + answer.cells
        let (rows, incomplete) = RowTable.build(together.plan, from: [together.table])
        if !incomplete.isEmpty { absences.add(slice.selections[0], answer, gaps: gaps) }
        let shown = rows.layouts[0]
        let best = Set(
            rows.order[shown.firstRow..<shown.firstRow + shown.rowCount].map { Int(rows.keys[Int($0)].tweet) }
        )
        .sorted()
        kept = best.map { candidates[$0] }
        var (_, table) = Self.table(whole, kept)
        let stride = together.table.tweetStride
        table.cells = best.flatMap { together.table.cells[$0 * stride..<($0 + 1) * stride] }
        self.table = table
    }

    /// The plan of the Tweets that are kept.
    public var plan: EngagementPlan { Self.table(whole, kept).plan }

    /// One error for each reason for which the rows of any Tweet lack numbers, also of those that are not kept: nobody knows
    /// where they would stand.
    public var errors: [GraphQLError] { absences.errors }

    private static func table(
        _ whole: EngagementPlan,
        _ tweets: [TweetID]
    ) -> (plan: EngagementPlan, table: MetricTable) {
        let plan = whole.changed { plan in
            plan.selections[0] = plan.selections[0].with(TweetList(tweets))
            plan.needs[0].tweets = tweets
        }
        return (plan, MetricTable(plan.needs[0]))
    }
}

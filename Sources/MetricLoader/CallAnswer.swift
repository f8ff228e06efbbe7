internal import Engagement
internal import EngagementAPI

/// What a call taught us, as cells: counts, and typed absences where upstream said that there is no count.
internal struct CallAnswer {
    /// A table of all that was asked for; what the answer did not mention is still missing.
    private(set) var table: MetricTable
    private let fetchedAt: UInt32
    private let rows: [TweetID: Int]

    /// - Parameters:
    ///   - call: What of the plan is asked for: all of it, or what is left after an error.
    ///   - fetchedAt: When the call was sent: the counts are at least as new.
    init(_ call: EngagementCall, of planned: CallPlanner.PlannedCall, fetchedAt: UnixTime) {
        let gap = CellGap(
            access: planned.access,
            tweet: TweetID(rawValue: 0),
            types: call.types,
            window: planned.window,
            grain: planned.grain
        )
        table = MetricTable(gap.need(of: call.tweets))
        self.fetchedAt = UInt32(clamping: fetchedAt.seconds)
        rows = Dictionary(call.tweets.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// Enters a reply: counts first, then absences over them, since the API shows a zero for what it does not support.
    mutating func enter(_ reply: EngagementReply) {
        for count in reply.counts where table.need.types.contains(count.type) {
            guard let row = rows[count.tweet], let bucket = bucket(of: count) else { continue }
            table[row, count.type, bucket] = Cell(
                count: count.value,
                fetchedAt: fetchedAt,
                state: .counted,
                freshness: .fresh
            )
        }
        enter(.tooOld, for: reply.unsupportedForImpressionsAndEngagements, types: .agedImpressions)
        enter(.tooOld, for: reply.unsupportedForVideoViews, types: EngagementTypeSet(.videoViews))
        enter(.unavailable, for: reply.unavailable, types: table.need.types)
    }

    /// Enters the same absence for several Tweets.
    mutating func enter(_ state: Cell.State, for tweets: [TweetID], types: EngagementTypeSet) {
        let cell = Cell(count: 0, fetchedAt: fetchedAt, state: state, freshness: .fresh)
        for tweet in tweets {
            guard let row = rows[tweet] else { continue }
            for type in types.intersection(table.need.types).types {
                for bucket in 0..<table.bucketCount { table[row, type, bucket] = cell }
            }
        }
    }

    /// Nil for a time that was not asked for: `28hr` may answer with one hour more than we expect.
    private func bucket(of count: EngagementReply.Count) -> Int? {
        guard let window = table.need.window else { return 0 }
        guard let day = count.day else { return nil }
        let bucket: Int
        if table.need.grain == .day {
            bucket = Int(day.index - window.start.day.index)
        } else {
            guard let hour = count.hour else { return nil }
            bucket = Int(day.firstHour.index - window.start.index) + Int(hour)
        }
        return (0..<table.bucketCount).contains(bucket) ? bucket : nil
    }
}

extension EngagementTypeSet {
    /// What totals does not give of Tweets that are older than 90 days.
    fileprivate static let agedImpressions = EngagementTypeSet([.impressions, .engagements])
}

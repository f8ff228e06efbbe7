public import Engagement

/// Cells of one Tweet that have to be fetched: what a planner works with.
public struct CellGap: Hashable, Sendable {
    /// Who has to ask.
    public var access: UpstreamAccess
    public var tweet: TweetID
    public var types: EngagementTypeSet
    /// The hours of a series, nil for totals.
    public var window: HourWindow?
    public var grain: MetricNeed.Grain

    public init(
        access: UpstreamAccess,
        tweet: TweetID,
        types: EngagementTypeSet,
        window: HourWindow?,
        grain: MetricNeed.Grain
    ) {
        self.access = access
        self.tweet = tweet
        self.types = types
        self.window = window
        self.grain = grain
    }

    /// What `table` lacks, Tweet by Tweet: every cell that is not fresh lies in one of the gaps.
    ///
    /// The hours of a gap are all those from the first to the last one missing in any of its types: what lies between costs
    /// nothing in a call that has to be made anyway.
    public static func gaps(in table: MetricTable) -> [CellGap] {
        let need = table.need
        var gaps: [CellGap] = []
        let publicTypes = need.publicTypes
        for (row, tweet) in need.tweets.enumerated() {
            var missing: EngagementTypeSet = []
            var buckets: ClosedRange<Int>?
            for type in need.types.types {
                let first = table.index(tweet: row, type: type)
                let cells = table.cells[first..<first + table.bucketCount]
                guard let earliest = cells.firstIndex(where: { $0.freshness != .fresh }),
                    let latest = cells.lastIndex(where: { $0.freshness != .fresh })
                else { continue }
                missing.insert(EngagementTypeSet(type))
                let lower = min(buckets?.lowerBound ?? .max, earliest - first)
                let upper = max(buckets?.upperBound ?? 0, latest - first)
                buckets = lower...upper
            }
            guard let buckets else { continue }
            let window = need.window.map { need.hours(of: buckets, in: $0) }
            for (access, types) in [
                (UpstreamAccess.application, missing.intersection(publicTypes)),
                (UpstreamAccess.account(need.account), missing.subtracting(publicTypes)),
            ] where !types.isEmpty {
                gaps.append(
                    CellGap(access: access, tweet: tweet, types: types, window: window, grain: need.grain)
                )
            }
        }
        return gaps
    }
}

extension MetricNeed {
    /// The hours of consecutive buckets.
    fileprivate func hours(of buckets: ClosedRange<Int>, in window: HourWindow) -> HourWindow {
        let width = grain == .day ? 24 : 1
        return HourWindow(
            start: window.start.advanced(by: buckets.lowerBound * width),
            end: window.start.advanced(by: (buckets.upperBound + 1) * width)
        )
    }
}

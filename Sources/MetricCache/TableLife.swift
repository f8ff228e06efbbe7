public import Engagement

/// How long the numbers of a table hold.
public struct TableLife: Equatable, Sendable {
    /// Whether every number is there, or is known not to exist.
    public var isComplete = true
    /// Whether none is past its time.
    public var isFresh = true
    /// When the first number goes stale: until then the same need has the same answer. Nil if all are sealed.
    public var freshUntil: UnixTime?
    /// How long that number may be served in all.
    public var shortestSeconds: Int64?
    /// For how many seconds from then on every number may be served while it is refreshed.
    public var staleSeconds: Int
    /// When the oldest number was fetched; nil if there is none.
    public var oldest: UnixTime?
    /// When the oldest of those was fetched that can change; nil if all are sealed.
    public var oldestUnsealed: UnixTime?
}

extension TimeToLive {
    /// How long the numbers of `table` hold.
    ///
    /// For days that were added up from hours this is the shortest that it can be, because a table does not tell the hours.
    ///
    /// - Parameter demand: What the question itself demands, whoever asks it: numbers older than that no longer answer it.
    public func life(of table: MetricTable, under demand: FreshnessDemand = .usual) -> TableLife {
        if table.need.moments != nil { return lifeOfPast(table) }
        var life = TableLife(staleSeconds: staleWhileRevalidate)
        var oldest = UInt32.max
        var oldestUnsealed = UInt32.max
        var freshUntil = Int64.max
        var place = 0
        for row in table.need.tweets.indices {
            var last = Cell.missing
            for bucket in 0..<table.tweetStride {
                let cell = table.cells[place]
                place += 1
                if cell.freshness != .fresh { life.isFresh = false }
                if cell.state == .missing {
                    life.isComplete = false
                    continue
                }
                // Counts of one Tweet mostly come from one call.
                if table.need.family == .totals, cell.fetchedAt == last.fetchedAt, cell.state == last.state { continue }
                last = cell
                oldest = min(oldest, cell.fetchedAt)
                let subject = table.subject(row: row, bucket: bucket % table.bucketCount)
                guard let lifetime = lifetime(of: cell.state, subject: subject, fetchedAt: cell.fetchedAt) else {
                    continue
                }
                oldestUnsealed = min(oldestUnsealed, cell.fetchedAt)
                let allowed = Int64(min(lifetime, demand.maxAge ?? lifetime))
                if Int64(cell.fetchedAt) + allowed < freshUntil {
                    freshUntil = Int64(cell.fetchedAt) + allowed
                    life.shortestSeconds = allowed
                }
                life.staleSeconds = demand.forbidsStale ? 0 : min(life.staleSeconds, lifetime)
            }
        }
        if oldest != .max { life.oldest = UnixTime(seconds: Int64(oldest)) }
        if oldestUnsealed != .max { life.oldestUnsealed = UnixTime(seconds: Int64(oldestUnsealed)) }
        if freshUntil != .max { life.freshUntil = UnixTime(seconds: freshUntil) }
        return life
    }

    /// What was seen in the past does not change.
    private func lifeOfPast(_ table: MetricTable) -> TableLife {
        var life = TableLife(staleSeconds: staleWhileRevalidate)
        life.isComplete = !table.cells.contains { $0.state == .missing }
        let oldest = table.cells.lazy.filter { $0.state != .missing }.map(\.fetchedAt).min()
        life.oldest = oldest.map { UnixTime(seconds: Int64($0)) }
        return life
    }
}

extension MetricTable {
    fileprivate func subject(row: Int, bucket: Int) -> TimeToLive.Subject {
        guard need.family == .series, let window = need.window else { return .totals(need.tweets[row]) }
        return need.grain == .day
            ? .day(window.start.day.advanced(by: bucket))
            : .hour(window.start.advanced(by: bucket))
    }
}

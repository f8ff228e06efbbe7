public import Engagement
internal import EngagementAPI
internal import Synchronization

/// Which hours `28hr` answers for. Its text says 28 and its sample shows 29 (dossier §12): from 28 whole hours before the
/// current one to its end, or one less at either side.
public struct RecentReach: Equatable, Sendable {
    /// Whole hours before the current one.
    public var hoursBefore: Int
    /// Whether the current hour, which is still open, is one of them.
    public var hasOpenHour: Bool

    public init(hoursBefore: Int = 28, hasOpenHour: Bool = true) {
        self.hoursBefore = hoursBefore
        self.hasOpenHour = hasOpenHour
    }

    /// The hours, asked at `now`.
    public func window(now: UnixTime) -> HourWindow {
        HourWindow(
            start: now.flooredHour.advanced(by: -hoursBefore),
            end: hasOpenHour ? now.raisedHour : now.flooredHour
        )
    }
}

/// How far `28hr` reaches, as its answers show. What it does not reach is asked of `historical`.
internal final class RecentHours: Sendable {
    private let reach = Mutex(RecentReach())

    var value: RecentReach { reach.withLock { $0 } }

    /// Learns from an answer; returns the planned hours that it covers if these are not all. Every hour of an answer has a
    /// count, 0 if nothing happened (dossier §4.2), so that what has none is not covered.
    ///
    /// An answer from another hour than `now`, by the API's clock, says nothing of how far it reaches. If that clock is behind, the
    /// last hours have not begun there: they cannot be had from anybody, and count as covered. If it is ahead, the first hour is
    /// asked of `historical` until another answer reaches further.
    func covered(of planned: HourWindow, by counts: [EngagementReply.Count], now: UnixTime) -> HourWindow? {
        let hours = counts.lazy.compactMap { count in
            count.day.flatMap { day in count.hour.map { day.firstHour.advanced(by: Int($0)) } }
        }
        guard let first = hours.min(), let last = hours.max() else { return nil }
        let current = now.flooredHour
        let before = Int(current.index - first.index)
        if (27...28).contains(before), now.raisedHour > current {
            reach.withLock { $0 = RecentReach(hoursBefore: before, hasOpenHour: last >= current) }
        }
        let end = before > 28 ? max(planned.end, last.advanced(by: 1)) : last.advanced(by: 1)
        let covered = planned.intersection(HourWindow(start: first, end: end))
        return covered == planned ? nil : covered
    }
}

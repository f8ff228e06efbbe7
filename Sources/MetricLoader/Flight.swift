internal import Engagement
internal import EngagementAPI

/// A planned call that is under way, and what those who wait for it will hear.
internal struct Flight: Sendable {
    let number: Int
    let planned: CallPlanner.PlannedCall
    let tweets: Set<TweetID>
    let startedAt: UnixTime
    let landing: Promise<Landing>

    /// What a flight brought, besides the cells that it stored.
    struct Landing: Sendable {
        /// What was sent: more than one call if an error named Tweets, and the rest was asked for again.
        var calls: [LoadCost.Call] = []
        var failures: [LoadFailure] = []
        /// The hours that the answer covered, if they are others than was planned.
        var covered: HourWindow?
        /// What was asked for, here or by other nodes, if that is less than was planned: a call brings each type of each Tweet, and
        /// whoever joined it for what its makers did not want asks again. Nothing, if a purge may have taken some of it away.
        var reached: [CallPlanner.PlannedCall]?
        /// Why nothing, or not everything, could be sent for want of quota; the rest waits for more.
        var refusal: CallRefusal?

        /// Why the next call had better not be waited for: there was no quota for this one, or no answer in time.
        var trouble: EngagementAPIError? {
            refusal?.error ?? failures.lazy.map(\.error).first { $0.code == .timedOut }
        }
    }
}

extension CallPlanner.PlannedCall {
    /// What the call will not bring of `gap`, nil if it brings nothing of it.
    ///
    /// A gap over months is covered by several calls, each of which brings four weeks of it.
    internal func uncovered(of gap: CellGap, tweets: Set<TweetID>) -> [CellGap]? {
        let types = gap.types.intersection(call.types)
        guard access == gap.access, !types.isEmpty, tweets.contains(gap.tweet) else { return nil }
        var rest: [CellGap] = []
        switch (window, gap.window) {
        case (nil, nil): break
        case (let window?, let wanted?):
            // Hours answer for days, if all of a day's are there.
            let brought = gap.grain == .day && grain == .hour ? window.wholeDays : window
            guard grain == gap.grain || grain == .hour, let brought, brought.intersection(wanted) != nil else {
                return nil
            }
            rest = wanted.outside(brought).map { gap.limited(to: types, in: $0) }
        default: return nil
        }
        let others = gap.types.subtracting(types)
        if !others.isEmpty { rest.append(gap.limited(to: others, in: gap.window)) }
        return rest
    }

    /// The call as gaps again.
    internal var gaps: [CellGap] {
        call.tweets.map { CellGap(access: access, tweet: $0, types: call.types, window: window, grain: grain) }
    }
}

extension CellGap {
    fileprivate func limited(to types: EngagementTypeSet, in window: HourWindow?) -> CellGap {
        var gap = self
        gap.types = types
        gap.window = window
        return gap
    }
}

extension HourWindow {
    /// The days of UTC that lie in it from first hour to last, nil if there are none.
    fileprivate var wholeDays: HourWindow? {
        let first = start.advanced(by: 23).day.firstHour
        let last = end.day.firstHour
        return first < last ? HourWindow(start: first, end: last) : nil
    }

    /// What lies before and after `other`, with which it has hours in common.
    fileprivate func outside(_ other: HourWindow) -> [HourWindow] {
        var parts: [HourWindow] = []
        if start < other.start { parts.append(HourWindow(start: start, end: other.start)) }
        if other.end < end { parts.append(HourWindow(start: other.end, end: end)) }
        return parts
    }
}

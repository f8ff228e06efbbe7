internal import Engagement

/// The window of a `historical` field, from what its caller gave.
internal struct WindowArguments: Equatable, Sendable {
    let start: UnixTime?
    let end: UnixTime?

    /// The hours meant (dossier §5): `start` floored, `end` raised; without `end` up to now, without `start` four
    /// weeks. They may begin before the API's horizon, because the cache may still have them, but not before the first hour
    /// that was ever counted.
    ///
    /// - Throws: ``PlanningError`` with ``PlanningError/Code/invalidWindow``, with what is possible instead.
    func window(now: UnixTime, history: HistoryDepth) throws(PlanningError) -> HourWindow {
        let latest = now.raisedHour
        if let end, end.milliseconds > latest.start.milliseconds {
            throw invalid("end \(end.iso8601) lies in the future: the latest possible is \(latest.start.iso8601).")
        }
        let end = end?.raisedHour ?? latest
        let fourWeeks = Endpoint.maximumWindowHours
        let (earliest, horizon) = (history.since.start, history.earliest(now: now))
        let weeks = end.advanced(by: -fourWeeks)
        let start = start ?? max(horizon < end ? max(weeks, horizon) : weeks, history.since).start
        if start.milliseconds >= latest.start.milliseconds {
            throw invalid("start \(start.iso8601) lies in the future: the API counts what has happened.")
        }
        if start < earliest {
            throw invalid("start \(start.iso8601) is too early: the API's history begins at \(earliest.iso8601).")
        }
        guard start.flooredHour < end else {
            throw invalid(
                "end \(end.start.iso8601) is not after start \(start.iso8601): end is left out of the window."
            )
        }
        return HourWindow(start: start.flooredHour, end: end)
    }

    private func invalid(_ reason: String) -> PlanningError { PlanningError(.invalidWindow, reason) }
}

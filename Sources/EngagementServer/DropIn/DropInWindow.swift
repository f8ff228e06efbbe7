internal import Engagement

/// The hours of a time series, and the times by which the response repeats them (dossier §5).
internal struct DropInWindow: Equatable, Sendable {
    let hours: HourWindow
    let echoedStart: UnixTime
    let echoedEnd: UnixTime

    private init(_ hours: HourWindow, echoedEnd: UnixTime? = nil) {
        self.hours = hours
        echoedStart = hours.start.start
        self.echoedEnd = echoedEnd ?? hours.end.start
    }

    /// From 28 hours before the current hour to its end.
    static func last28Hours(now: UnixTime) -> DropInWindow {
        DropInWindow(HourWindow(start: now.flooredHour.advanced(by: -28), end: now.raisedHour))
    }

    /// `start` floored to the hour, `end` raised. Without either, the four weeks before now; if one of them is missing, it lies
    /// four weeks from the other, as the official Ruby client computes it.
    ///
    /// The API's four weeks are no limit here: a longer window is divided among calls.
    static func historical(
        start: String?,
        end: String?,
        now: UnixTime,
        history: HistoryDepth
    ) throws(DropInRefusal) -> DropInWindow {
        let start = try start.map { text throws(DropInRefusal) in try time(text, "start") }
        let end = try end.map { text throws(DropInRefusal) in try time(text, "end") }
        if start == nil, end == nil { return fourWeeks(before: now) }
        let fourWeeks = Int64(Endpoint.maximumWindowHours) * 3600
        let last = end ?? start.map { min($0.advanced(bySeconds: fourWeeks), now) } ?? now
        let first = start ?? last.raisedHour.start.advanced(bySeconds: -fourWeeks)
        guard last <= now else { throw .badRequest("end must not lie in the future.") }
        guard first < last else { throw .badRequest("start must lie before end, and not in the future.") }
        let hours = HourWindow(start: first.flooredHour, end: last.raisedHour)
        let earliest = history.earliest(now: now)
        guard hours.start >= earliest else {
            throw .badRequest("start must not lie before \(earliest.start.iso8601).")
        }
        return DropInWindow(hours)
    }

    /// The first whole hour of them to now, which is repeated to the minute.
    private static func fourWeeks(before now: UnixTime) -> DropInWindow {
        let start = now.advanced(bySeconds: -Int64(Endpoint.maximumWindowHours) * 3600).raisedHour
        let minute = UnixTime(seconds: now.seconds.floorDivided(by: 60) * 60)
        return DropInWindow(HourWindow(start: start, end: now.raisedHour), echoedEnd: minute)
    }

    private static func time(_ text: String, _ key: String) throws(DropInRefusal) -> UnixTime {
        guard let time = UnixTime(iso8601: text) else {
            throw .badRequest("\(key) must be YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ.")
        }
        return time
    }
}

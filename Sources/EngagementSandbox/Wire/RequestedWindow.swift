internal import Engagement

/// The hours that a time series covers, and how the response echoes them (dossier §5).
struct RequestedWindow: Equatable {
    let hours: HourWindow
    let echoedStart: UnixTime
    let echoedEnd: UnixTime

    private init(_ hours: HourWindow, echoedEnd: UnixTime? = nil) {
        self.hours = hours
        echoedStart = hours.start.start
        self.echoedEnd = echoedEnd ?? hours.end.start
    }

    /// The window of `28hr`: from 28 hours before the current hour to its end (29 buckets) or start (28).
    static func last28Hours(at now: UnixTime, switches: SandboxSwitches) -> RequestedWindow {
        let start = now.flooredHour.advanced(by: -28)
        let hours = HourWindow(start: start, end: start.advanced(by: switches.last28HoursBuckets))
        return RequestedWindow(
            hours,
            echoedEnd: switches.last28HoursEnd == .now ? UnixTime(seconds: now.seconds) : nil
        )
    }

    /// The window of `historical` from the request's `start` and `end`, or the previous four weeks without either.
    ///
    /// The four weeks are measured after rounding, and the future before it: what passes here passes any reading of the
    /// documents.
    static func historical(
        start: String?,
        end: String?,
        at now: UnixTime,
        switches: SandboxSwitches
    ) throws(Refusal) -> RequestedWindow {
        let from = try start.map { text throws(Refusal) in try time("start", text) }
        let to = try end.map { text throws(Refusal) in try time("end", text) }
        guard (from == nil) == (to == nil) || !switches.strict else {
            throw Refusal(400, InventedWording.halfAWindow)
        }
        guard from != nil || to != nil else { return previousFourWeeks(at: now) }

        let weeks = Endpoint.maximumWindowHours
        let last = to ?? min(from.map { $0.advanced(bySeconds: Int64(weeks) * 3600) } ?? now, now)
        let first = from ?? last.raisedHour.advanced(by: -weeks).start
        guard first < last else { throw Refusal(400, InventedWording.emptyWindow) }
        guard last <= now else { throw Refusal(400, InventedWording.futureWindow) }
        let hours = HourWindow(start: first.flooredHour, end: last.raisedHour)
        guard hours.hours <= weeks else { throw Refusal(400, InventedWording.longWindow) }
        let earliest = earliestHour(at: now, switches.historicalDepth)
        guard hours.start >= earliest else { throw Refusal(400, InventedWording.earlyWindow(earliest.start.iso8601)) }
        return RequestedWindow(hours)
    }

    /// From the first whole hour in it to now, echoed to the minute as in the documents' sample.
    private static func previousFourWeeks(at now: UnixTime) -> RequestedWindow {
        let start = now.advanced(bySeconds: -Int64(Endpoint.maximumWindowHours) * 3600).raisedHour
        let minute = UnixTime(seconds: now.seconds.floorDivided(by: 60) * 60)
        return RequestedWindow(HourWindow(start: start, end: now.raisedHour), echoedEnd: minute)
    }

    private static func earliestHour(at now: UnixTime, _ depth: SandboxSwitches.HistoricalDepth) -> UTCHour {
        switch depth {
        case .since2014: Endpoint.earliestHistoricalHour
        case .last365Days: max(Endpoint.earliestHistoricalHour, now.flooredHour.advanced(by: -365 * 24))
        }
    }

    /// `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM:SSZ` and nothing else, however much more ISO 8601 allows.
    private static func time(_ key: String, _ text: String) throws(Refusal) -> UnixTime {
        let isDate = text.utf8.count == 10
        let isTime = text.utf8.count == 20 && text.hasSuffix("Z") && text.contains("T")
        guard isDate || isTime, let time = UnixTime(iso8601: text) else {
            throw Refusal(400, InventedWording.invalidTime(key))
        }
        return time
    }
}

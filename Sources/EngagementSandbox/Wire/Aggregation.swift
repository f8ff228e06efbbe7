internal import Bytes
internal import Engagement
internal import JSON

/// The counts of one call, summed and nested as a grouping asks (dossier §4.4): dimension *n* is nesting level *n*, and a
/// dimension that is not named is summed over.
struct Aggregation {
    private let columns: [Column]
    private let tweets: [TweetID]
    private let types: [EngagementType]
    private let window: HourWindow?
    private let now: UnixTime
    private let counts: SandboxSwitches.Counts
    private let hourWithoutDay: SandboxSwitches.HourWithoutDay

    /// A Tweet and a type that have a count. Pairs that have none (unavailable, unsupported) are not there at all.
    struct Column {
        let tweet: TweetID
        let type: EngagementType
        let curve: EngagementCurve
    }

    /// The counts of `columns` over `window`, or over the Tweets' lives without one.
    init(_ columns: [Column], window: HourWindow?, at now: UnixTime, switches: SandboxSwitches) {
        self.columns = columns
        self.window = window
        self.now = now
        counts = switches.counts
        hourWithoutDay = switches.hourWithoutDay
        tweets = Set(columns.map(\.tweet)).sorted()
        types = Set(columns.map(\.type)).sorted { $0.wireName < $1.wireName }
    }

    /// The dimensions that have been fixed on the way from the outermost level to a count.
    private struct Place {
        var tweet: TweetID?
        var type: EngagementType?
        var day: UTCDay?
        var hourOfDay: Int?
    }

    /// Writes the nested maps of a grouping.
    func write(_ groupBy: [GroupBy], into buffer: inout ByteBuffer) {
        var groupBy = groupBy
        if hourWithoutDay == .dayAndHour, !groupBy.contains(.day), let hour = groupBy.firstIndex(of: .hour) {
            groupBy.insert(.day, at: hour)
        }
        write(groupBy[...], columns, Place(), into: &buffer)
    }

    private func write(
        _ levels: ArraySlice<GroupBy>,
        _ columns: [Column],
        _ place: Place,
        into buffer: inout ByteBuffer
    ) {
        guard let level = levels.first else {
            let sum = columns.reduce(Int64(0)) { $0 + count($1.curve, at: place) }
            if counts == .strings { buffer.append(ASCII.quotationMark) }
            buffer.append(decimal: sum)
            if counts == .strings { buffer.append(ASCII.quotationMark) }
            return
        }
        let inner = levels.dropFirst()
        buffer.append(ASCII.leftBrace)
        var isFirst = true
        func member(_ key: String, _ columns: [Column], _ place: Place, into buffer: inout ByteBuffer) {
            if !isFirst { buffer.append(ASCII.comma) }
            isFirst = false
            buffer.append(jsonString: key)
            buffer.append(ASCII.colon)
            write(inner, columns, place, into: &buffer)
        }
        var place = place
        switch level {
        case .tweet:
            for tweet in tweets {
                let own = columns.filter { $0.tweet == tweet }
                place.tweet = tweet
                if !own.isEmpty { member(tweet.description, own, place, into: &buffer) }
            }
        case .type:
            for type in types {
                let own = columns.filter { $0.type == type }
                place.type = type
                if !own.isEmpty { member(type.wireName, own, place, into: &buffer) }
            }
        case .day:
            for day in days(at: place) {
                place.day = day
                member(day.iso8601, columns, place, into: &buffer)
            }
        case .hour:
            for hour in hoursOfDay(at: place) {
                place.hourOfDay = hour
                member(hour < 10 ? "0\(hour)" : "\(hour)", columns, place, into: &buffer)
            }
        }
        buffer.append(ASCII.rightBrace)
    }

    private func count(_ curve: EngagementCurve, at place: Place) -> Int64 {
        guard let window else { return curve.total(asOf: now) }
        guard let hourOfDay = place.hourOfDay else {
            let span = place.day.flatMap { window.intersection(Aggregation.hours(of: $0)) } ?? window
            return curve.count(in: span, asOf: now)
        }
        let days = place.day.map { [$0] } ?? days(at: place)
        return days.reduce(0) { sum, day in
            let hour = day.firstHour.advanced(by: hourOfDay)
            return sum + curve.count(in: HourWindow(start: hour, end: hour.advanced(by: 1)), asOf: now)
        }
    }

    /// The days of the window; if an hour of the day is fixed, those on which it lies in the window.
    private func days(at place: Place) -> [UTCDay] {
        guard let window, let indices = window.days else { return [] }
        return indices.map(UTCDay.init(index:)).filter { day in
            place.hourOfDay.map { window.contains(day.firstHour.advanced(by: $0)) } ?? true
        }
    }

    /// The hours of the day that occur in the window, on the fixed day or on any.
    private func hoursOfDay(at place: Place) -> [Int] {
        guard let window else { return [] }
        let days = place.day.map { [$0] } ?? days(at: Place())
        return (0..<24).filter { hour in
            days.contains { window.contains($0.firstHour.advanced(by: hour)) }
        }
    }

    private static func hours(of day: UTCDay) -> HourWindow {
        HourWindow(start: day.firstHour, end: day.advanced(by: 1).firstHour)
    }
}

internal import Bytes
internal import Engagement
internal import GraphQL

/// A `DateTime` in a response: RFC 3339 in UTC, with milliseconds only where there are any. Written without an
/// allocation, since every row may have several.
extension InlineText {
    internal init(_ time: UnixTime) {
        let day = time.flooredHour.day
        self.init(day)
        let milliseconds = UInt64(time.milliseconds - day.start.milliseconds)
        append(UInt8(ascii: "T"))
        append(decimal: milliseconds / 3_600_000, width: 2)
        append(ASCII.colon)
        append(decimal: milliseconds / 60_000 % 60, width: 2)
        append(ASCII.colon)
        append(decimal: milliseconds / 1000 % 60, width: 2)
        if milliseconds % 1000 > 0 {
            append(ASCII.fullStop)
            append(decimal: milliseconds % 1000, width: 3)
        }
        append(UInt8(ascii: "Z"))
    }

    /// A `Date` in a response: the full-date of RFC 3339.
    internal init(_ day: UTCDay) {
        self.init()
        let date = CalendarDate(day)
        append(decimal: UInt64(max(date.year, 0)), width: 4)
        append(ASCII.hyphen)
        append(decimal: UInt64(date.month), width: 2)
        append(ASCII.hyphen)
        append(decimal: UInt64(date.day), width: 2)
    }
}

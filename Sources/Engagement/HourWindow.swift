/// Whole hours of UTC, half-open: `start` is in, `end` is out.
public struct HourWindow: Hashable, Sendable {
    public let start: UTCHour
    public let end: UTCHour

    /// The hours from `start` up to `end`, which must not lie before it.
    public init(start: UTCHour, end: UTCHour) {
        precondition(start <= end, "a window does not end before it starts")
        self.start = start
        self.end = end
    }

    /// How many hours there are.
    public var hours: Int { Int(end.index - start.index) }

    /// Whether it begins and ends with a day of UTC, so that day counts can answer for it.
    public var isDayAligned: Bool { start.hourOfDay == 0 && end.hourOfDay == 0 }

    /// Whether `hour` is one of them.
    public func contains(_ hour: UTCHour) -> Bool { start <= hour && hour < end }

    /// The hours that both have, or nil if there are none.
    public func intersection(_ other: HourWindow) -> HourWindow? {
        let start = max(start, other.start)
        let end = min(end, other.end)
        return start < end ? HourWindow(start: start, end: end) : nil
    }

    /// Every day of UTC that it touches, in order.
    public var days: ClosedRange<Int32>? {
        guard hours > 0 else { return nil }
        return start.day.index...end.advanced(by: -1).day.index
    }
}

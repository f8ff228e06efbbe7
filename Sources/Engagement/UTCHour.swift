/// One hour of UTC, the finest grain of the Engagement API (dossier §5), counted from 1970-01-01T00:00:00Z.
public struct UTCHour: Hashable, Comparable, Sendable {
    public let index: Int32

    @inlinable
    public init(index: Int32) {
        self.index = index
    }

    /// The moment at which the hour begins.
    @inlinable
    public var start: UnixTime { UnixTime(seconds: Int64(index) * 3600) }

    /// The day that the hour lies in.
    @inlinable
    public var day: UTCDay { UTCDay(index: Int32(truncatingIfNeeded: Int64(index).floorDivided(by: 24))) }

    /// 0 to 23.
    @inlinable
    public var hourOfDay: Int { Int(index) - Int(day.index) * 24 }

    @inlinable
    public static func < (left: UTCHour, right: UTCHour) -> Bool { left.index < right.index }

    /// The hour that many hours later.
    @inlinable
    public func advanced(by hours: Int) -> UTCHour { UTCHour(index: index + Int32(hours)) }
}

/// One day of UTC, counted from 1970-01-01.
public struct UTCDay: Hashable, Comparable, Sendable {
    public let index: Int32

    @inlinable
    public init(index: Int32) {
        self.index = index
    }

    /// The hour at which the day begins.
    @inlinable
    public var firstHour: UTCHour { UTCHour(index: index * 24) }

    /// The moment at which the day begins.
    @inlinable
    public var start: UnixTime { firstHour.start }

    @inlinable
    public static func < (left: UTCDay, right: UTCDay) -> Bool { left.index < right.index }

    /// The day that many days later.
    @inlinable
    public func advanced(by days: Int) -> UTCDay { UTCDay(index: index + Int32(days)) }
}

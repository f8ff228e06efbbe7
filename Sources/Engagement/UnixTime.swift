/// A moment, in milliseconds since 1970-01-01T00:00:00Z.
public struct UnixTime: Hashable, Comparable, Sendable {
    public let milliseconds: Int64

    @inlinable
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    @inlinable
    public init(seconds: Int64) {
        milliseconds = seconds * 1000
    }

    /// Whole seconds, rounded down.
    @inlinable
    public var seconds: Int64 { milliseconds.floorDivided(by: 1000) }

    @inlinable
    public static func < (left: UnixTime, right: UnixTime) -> Bool { left.milliseconds < right.milliseconds }

    /// The moment that many seconds later.
    @inlinable
    public func advanced(bySeconds seconds: Int64) -> UnixTime {
        UnixTime(milliseconds: milliseconds + seconds * 1000)
    }

    /// The hour that this moment lies in.
    @inlinable
    public var flooredHour: UTCHour {
        UTCHour(index: Int32(truncatingIfNeeded: milliseconds.floorDivided(by: 3_600_000)))
    }

    /// The first hour that begins at this moment or later.
    @inlinable
    public var raisedHour: UTCHour {
        UTCHour(index: Int32(truncatingIfNeeded: (milliseconds + 3_599_999).floorDivided(by: 3_600_000)))
    }
}

extension Int64 {
    /// Division that rounds towards negative infinity, so that times before 1970 fall into the right hour.
    @inlinable
    public func floorDivided(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

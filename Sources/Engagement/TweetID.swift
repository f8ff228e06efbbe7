internal import Bytes

/// The number that names a Tweet: 64 bits, larger than what a double can hold, so it travels as text.
public struct TweetID: RawRepresentable, Hashable, Comparable, Sendable {
    public let rawValue: UInt64

    @inlinable
    public init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    /// Reads decimal digits without sign, space or needless zero, or returns nil. Zero names no Tweet.
    ///
    /// Neither generic nor an owner of its argument, because it is called for each id of a request, from modules that could not
    /// specialise it.
    public init?(utf8 digits: borrowing ArraySlice<UInt8>) {
        guard let value = unsafe digits.withUnsafeBufferPointer({ unsafe TweetID.value(of: $0) }) else { return nil }
        rawValue = value
    }

    /// Reads decimal digits; see ``init(utf8:)``.
    public init?(_ text: some StringProtocol) {
        guard let value = TweetID.value(of: text.utf8) else { return nil }
        rawValue = value
    }

    /// Reads decimal digits of any sequence of bytes; see ``init(utf8:)``.
    public init?(utf8 digits: some Sequence<UInt8>) {
        guard let value = TweetID.value(of: digits) else { return nil }
        rawValue = value
    }

    private static func value(of digits: some Sequence<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for byte in digits {
            guard ASCII.isDigit(byte), value > 0 || byte != ASCII.zero else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(byte - ASCII.zero))
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value > 0 && value <= UInt64(Int64.max) ? value : nil
    }

    @inlinable
    public static func < (left: TweetID, right: TweetID) -> Bool { left.rawValue < right.rawValue }

    /// When the Tweet was posted, read from the id itself (dossier §5), or nil for ids from before November 2010, which
    /// carry no time.
    public var createdAt: UnixTime? {
        guard rawValue >= TweetID.firstSnowflake else { return nil }
        return UnixTime(milliseconds: Int64(rawValue >> 22) + TweetID.snowflakeEpoch)
    }

    /// 2010-11-04T01:42:54.657Z, the time that snowflake ids count from.
    private static let snowflakeEpoch: Int64 = 1_288_834_974_657

    /// Sequential ids had reached about 3 × 10^10 when snowflakes began; every snowflake of a later minute is larger.
    private static let firstSnowflake: UInt64 = 100_000_000_000
}

extension TweetID: CustomStringConvertible {
    public var description: String { String(rawValue) }
}

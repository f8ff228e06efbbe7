public import Bytes

/// A short text that lies in the value itself: dates and codes, which would otherwise cost an allocation each.
///
/// Only printable ASCII that JSON writes as it is: no quotation mark, no backslash, no control character. Three words,
/// the first character in the lowest byte and zero behind the last, so that a ``ResolvedValue`` is returned in
/// registers.
public struct InlineText: Hashable, Sendable {
    /// How many characters fit: those of `2026-01-02T03:04:05.678Z`.
    public static var capacity: Int { 24 }

    @usableFromInline
    internal var words: (UInt64, UInt64, UInt64) = (0, 0, 0)

    public init() {}

    /// The text, or nil if it does not fit or has other characters.
    public init?(_ text: String) {
        guard text.utf8.count <= InlineText.capacity, text.utf8.allSatisfy(InlineText.isPlain) else { return nil }
        for byte in text.utf8 { append(byte) }
    }

    /// How many characters there are.
    @inlinable
    public var count: Int {
        if words.2 != 0 { return 16 + InlineText.length(words.2) }
        if words.1 != 0 { return 8 + InlineText.length(words.1) }
        return InlineText.length(words.0)
    }

    @inlinable
    internal static func length(_ word: UInt64) -> Int { (64 - word.leadingZeroBitCount + 7) / 8 }

    /// Appends a character. There must be room for it, and JSON must write it as it is.
    public mutating func append(_ byte: UInt8) {
        precondition(InlineText.isPlain(byte), "an inline text holds characters that need no escape")
        let count = count
        precondition(count < InlineText.capacity, "an inline text holds \(InlineText.capacity) characters")
        let bits = UInt64(byte) << UInt64(count % 8 * 8)
        switch count / 8 {
        case 0: words.0 |= bits
        case 1: words.1 |= bits
        default: words.2 |= bits
        }
    }

    /// Appends `value` in decimal with zeros in front, up to `width` digits.
    public mutating func append(decimal value: UInt64, width: Int = 1) {
        var divisor: UInt64 = 1
        var digits = 1
        while digits < width || value / divisor >= 10 {
            divisor *= 10
            digits += 1
        }
        while divisor > 0 {
            append(ASCII.zero + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    /// The same as a string.
    public var text: String {
        unsafe withUnsafeBytes { bytes in unsafe String(decoding: bytes, as: UTF8.self) }
    }

    /// Calls `body` with the characters.
    @inlinable
    internal func withUnsafeBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let count = count
        let words = (words.0.littleEndian, words.1.littleEndian, words.2.littleEndian)
        return unsafe Swift.withUnsafeBytes(of: words) { bytes in
            unsafe body(UnsafeRawBufferPointer(rebasing: bytes[0..<count]))
        }
    }

    public static func == (left: InlineText, right: InlineText) -> Bool { left.words == right.words }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= ASCII.space && byte < ASCII.delete && byte != ASCII.quotationMark && byte != ASCII.backslash
    }
}

extension ByteBuffer {
    /// Appends the characters of `text`, without quotation marks.
    @inlinable
    public mutating func append(_ text: InlineText) {
        unsafe text.withUnsafeBytes { bytes in unsafe append(contentsOf: bytes) }
    }
}

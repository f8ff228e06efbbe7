public import Bytes

/// A short text that lies in the value itself: dates and codes, which would otherwise cost an allocation each.
///
/// Only printable ASCII that JSON writes as it is: no quotation mark, no backslash, no control character.
public struct InlineText: Sendable {
    /// How many bytes fit.
    public static var capacity: Int { 40 }

    @usableFromInline
    internal var storage = InlineArray<40, UInt8>(repeating: 0)

    /// How many bytes have been written.
    public private(set) var count = 0

    public init() {}

    /// The text, or nil if it does not fit or has other characters.
    public init?(_ text: String) {
        guard text.utf8.count <= InlineText.capacity, text.utf8.allSatisfy(InlineText.isPlain) else { return nil }
        for byte in text.utf8 { append(byte) }
    }

    /// Appends a character. There must be room for it, and JSON must write it as it is.
    public mutating func append(_ byte: UInt8) {
        precondition(InlineText.isPlain(byte), "an inline text holds characters that need no escape")
        precondition(count < InlineText.capacity, "an inline text holds \(InlineText.capacity) bytes")
        storage[count] = byte
        count += 1
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
        var text = ""
        for index in 0..<count { text.unicodeScalars.append(Unicode.Scalar(storage[index])) }
        return text
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= ASCII.space && byte < ASCII.delete && byte != ASCII.quotationMark && byte != ASCII.backslash
    }
}

extension ByteBuffer {
    /// Appends the characters of `text`, without quotation marks.
    @inlinable
    public mutating func append(_ text: InlineText) {
        let count = text.count
        unsafe text.storage.span.withUnsafeBytes { bytes in
            unsafe append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[0..<count]))
        }
    }
}

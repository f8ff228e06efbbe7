/// A name where it stands in a source: September 2025 §2.1.9. Names are slices, never strings, until a message is printed.
public struct Name: Sendable {
    /// The byte at which the name begins.
    public let offset: UInt32
    public let length: UInt32

    /// ``NameHash`` of its bytes, taken while the lexer read them, so that no table has to read them again.
    public let hash: UInt32

    @inlinable
    public init(offset: UInt32, length: UInt32, hash: UInt32) {
        self.offset = offset
        self.length = length
        self.hash = hash
    }

    /// Where the bytes stand.
    @inlinable
    public var range: Range<Int> { Int(offset)..<Int(offset) + Int(length) }
}

/// The hash that names are looked up by: FNV-1a in 32 bits, one step a byte, so that the lexer can take it along.
public enum NameHash {
    public static let seed: UInt32 = 2_166_136_261

    @inlinable
    public static func step(_ hash: UInt32, _ byte: UInt8) -> UInt32 { (hash ^ UInt32(byte)) &* 16_777_619 }

    /// The hash of the UTF-8 bytes of `text`.
    public static func of(_ text: String) -> UInt32 { text.utf8.reduce(seed, step) }
}

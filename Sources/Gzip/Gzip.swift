public import Bytes

/// The gzip format (RFC 1952) over zlib: whole bodies in memory, in and out.
public enum Gzip {
    /// The two bytes that every gzip member begins with (RFC 1952 §2.3.1).
    public static let magic: [UInt8] = [0x1F, 0x8B]

    /// Whether `bytes` begin as gzip does, whatever a header may claim.
    public static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.starts(with: magic) }

    /// `bytes` as one gzip member.
    ///
    /// `level` is zlib's: 1 is fastest, 9 is smallest; others are clamped to these. One allocation, of the bound that zlib
    /// gives for the result.
    public static func compress(_ bytes: [UInt8], level: Int = 6) -> [UInt8] {
        unsafe bytes.withUnsafeBytes { unsafe Deflater(level: level).compress($0) }
    }

    /// `bytes` as one gzip member; see ``compress(_:level:)-([UInt8],_)``. The input is read where it lies.
    public static func compress(_ bytes: ByteString, level: Int = 6) -> ByteString {
        ByteString(unsafe bytes.withUnsafeBytes { unsafe Deflater(level: level).compress($0) })
    }

    /// The content of one gzip member or of several in a row (RFC 1952 §2.2), at most `limit` bytes.
    ///
    /// Memory grows with the output and never beyond the limit, so that a small body that unpacks to gigabytes costs no more
    /// than an honest one.
    ///
    /// - Throws: ``GzipError/truncated`` if the bytes end early, ``GzipError/corrupt`` for a wrong format, a wrong checksum
    ///   or anything behind the last member, ``GzipError/tooLarge(limit:)`` if there is more content than `limit`.
    public static func decompress(_ bytes: [UInt8], limit: Int) throws(GzipError) -> [UInt8] {
        try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(GzipError) in
            try unsafe Inflater().decompress(UnsafeRawBufferPointer(buffer), limit: limit)
        }
    }
}

/// Why bytes are not gzip that can be unpacked.
public enum GzipError: Error, Equatable, Sendable {
    /// The bytes end in the middle of a member.
    case truncated
    /// Not gzip, damaged content, a wrong checksum or length, or trailing bytes.
    case corrupt
    /// The content is longer than the caller allows, in bytes.
    case tooLarge(limit: Int)
}

extension GzipError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .truncated: "the gzip data ends too early"
        case .corrupt: "the gzip data is damaged"
        case .tooLarge(let limit): "the gzip data unpacks to more than \(limit) bytes"
        }
    }
}

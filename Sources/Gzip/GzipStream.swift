public import Bytes

/// One gzip member that is made piece by piece, for content that is sent while it is made.
@safe
public struct GzipStream: ~Copyable {
    private let deflater: Deflater

    /// - Parameter level: zlib's: 1 is fastest, 9 is smallest; others are clamped to these.
    public init(level: Int = 6) {
        deflater = Deflater(level: level)
    }

    /// What follows once `bytes` have come. Whoever has received all so far can unpack all of `bytes`, at a price of a few
    /// bytes a piece.
    public mutating func append(_ bytes: ByteString) -> ByteString {
        ByteString(unsafe bytes.withUnsafeBytes { unsafe deflater.compress($0, isLast: false) })
    }

    /// The last bytes: the end of the member and its checksum, without which it does not count as whole.
    public mutating func finish() -> ByteString {
        ByteString(unsafe deflater.compress(UnsafeRawBufferPointer(start: nil, count: 0), isLast: true))
    }
}

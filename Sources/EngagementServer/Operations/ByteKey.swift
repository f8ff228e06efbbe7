/// Bytes as the key of a dictionary, hashed in one go: a slice as a key of its own is hashed byte by byte, which for a request
/// of some kilobytes costs more than answering it.
internal struct ByteKey: Hashable, Sendable {
    let bytes: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    func hash(into hasher: inout Hasher) {
        unsafe bytes.withUnsafeBytes { bytes in unsafe hasher.combine(bytes: bytes) }
    }
}

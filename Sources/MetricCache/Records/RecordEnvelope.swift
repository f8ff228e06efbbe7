/// What stands in a row's blob: four bytes of checksum, the lowest first, and the packed record.
///
/// SQLite does not notice a bit that flips inside a value, and a number with a flipped bit looks like any other. The sum
/// covers the record and its key, so a blob that ends up in another row is no record either.
enum RecordEnvelope {
    /// The blob of a row.
    static func seal(_ record: [UInt8], scope: Int64, tweet: Int64, bucket: Int64) -> [UInt8] {
        var blob: [UInt8] = []
        blob.reserveCapacity(record.count + 4)
        let sum = unsafe record.withUnsafeBytes {
            unsafe checksum($0, scope: scope, tweet: tweet, bucket: bucket)
        }
        blob.append(word: sum)
        blob.append(contentsOf: record)
        return blob
    }

    /// The packed record in a row's blob, or nil if the sum does not fit.
    static func open(
        _ blob: UnsafeRawBufferPointer,
        scope: Int64,
        tweet: Int64,
        bucket: Int64
    ) -> UnsafeRawBufferPointer? {
        guard blob.count >= 4 else { return nil }
        let record = unsafe UnsafeRawBufferPointer(rebasing: blob[4...])
        let stated = unsafe UInt32(littleEndian: blob.loadUnaligned(as: UInt32.self))
        guard unsafe stated == checksum(record, scope: scope, tweet: tweet, bucket: bucket) else { return nil }
        return unsafe record
    }

    /// Eight bytes a step: exclusive or, then multiplication by an odd number, with the upper half folded down so that every
    /// bit of input reaches the low bits.
    private static func checksum(
        _ bytes: UnsafeRawBufferPointer,
        scope: Int64,
        tweet: Int64,
        bucket: Int64
    ) -> UInt32 {
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ word: UInt64) {
            sum = (sum ^ word) &* 0x9E37_79B9_7F4A_7C15
            sum ^= sum >> 32
        }
        add(UInt64(bitPattern: scope))
        add(UInt64(bitPattern: tweet))
        add(UInt64(bitPattern: bucket))
        add(UInt64(bytes.count))
        var offset = 0
        while bytes.count - offset >= 8 {
            unsafe add(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        var rest: UInt64 = 0
        while offset < bytes.count {
            rest = unsafe rest << 8 | UInt64(bytes[offset])
            offset += 1
        }
        add(rest)
        return UInt32(truncatingIfNeeded: sum)
    }
}

/// Reads the numbers of a packed record front to back. Reading past the end, or a number that fits no 64 bits, gives 0 and
/// sets ``isBroken``: whatever the bytes are, reading them ends and never traps.
@safe
struct RecordCursor {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private(set) var isBroken = false

    /// `bytes` must stay valid and unchanged as long as the cursor is used.
    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.bytes = unsafe bytes
    }

    var isAtEnd: Bool { unsafe position >= bytes.count }

    var offset: Int { position }

    mutating func markBroken() {
        isBroken = true
        unsafe position = bytes.count
    }

    mutating func byte() -> UInt8 {
        guard unsafe position < bytes.count else {
            isBroken = true
            return 0
        }
        let byte = unsafe bytes[position]
        position &+= 1
        return byte
    }

    /// Four bytes, the lowest first.
    mutating func word() -> UInt32 {
        guard unsafe bytes.count &- position >= 4 else {
            markBroken()
            return 0
        }
        let word = unsafe bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self)
        position &+= 4
        return UInt32(littleEndian: word)
    }

    /// Seven bits a byte, the lowest first; the top bit says that more follow.
    mutating func varint() -> UInt64 {
        let first = byte()
        if first < 0x80 { return UInt64(first) }
        var value = UInt64(first & 0x7F)
        var shift: UInt64 = 7
        while true {
            let next = byte()
            if shift == 63 && next > 1 {
                markBroken()
                return 0
            }
            value |= UInt64(next & 0x7F) << shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    /// Steps over `count` bytes.
    mutating func skip(_ count: UInt64) {
        guard unsafe count <= UInt64(bytes.count &- position) else {
            markBroken()
            return
        }
        position &+= Int(count)
    }
}

extension [UInt8] {
    /// Appends what ``RecordCursor/word()`` reads.
    mutating func append(word: UInt32) {
        for shift: UInt32 in [0, 8, 16, 24] { append(UInt8(truncatingIfNeeded: word >> shift)) }
    }

    /// Appends what ``RecordCursor/varint()`` reads.
    mutating func append(varint: UInt64) {
        var rest = varint
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }
}

/// What every packed record begins with: its format and, while a purge is under way, the last purge that has been over it.
///
/// A record that was written while no purge was under way is the format byte 1 and its cells. Else it is the byte 2 and the
/// number of the purge, a varint, before the cells. The number only has to be there as long as purges are under way, because
/// a purge ends when it has been over every record.
enum RecordHead {
    private static let plain: UInt8 = 1
    private static let numbered: UInt8 = 2

    /// Appends the head of a record that purges up to `purge` have been over; 0 if none is under way.
    static func append(purge: UInt64, to bytes: inout [UInt8]) {
        if purge == 0 { return bytes.append(plain) }
        bytes.append(numbered)
        bytes.append(varint: purge)
    }

    /// Goes to the cells and returns the number of the purge; a head of no record breaks the cursor.
    @inline(__always)
    @discardableResult
    static func skip(_ cursor: inout RecordCursor) -> UInt64 {
        let format = cursor.byte()
        if format == plain { return 0 }
        guard format == numbered else {
            cursor.markBroken()
            return 0
        }
        return cursor.varint()
    }

    /// The number of the last purge that has been over a record, 0 for what is none.
    static func purge(of record: UnsafeRawBufferPointer) -> UInt64 {
        var cursor = unsafe RecordCursor(record)
        return skip(&cursor)
    }
}

internal import Engagement

/// The lifetime counts of one Tweet for one scope.
///
/// Packed, it is a ``RecordHead`` and then groups: cells that were fetched at the same second with the same outcome. A group is
/// its state (one byte, with the ``StoredCell/outdatedBit``), the types in it (one byte, bit *n* for the type of raw value *n*), the second of the fetch (four
/// bytes) and, if the state is *counted*, the counts in the order of the types, each a varint. The public counts of a Tweet
/// are mostly one group of some twenty bytes.
struct TotalsRow: PackedRecord, Sendable {
    /// The seven types of totals are those of raw values 0 to 6.
    static let typeCount = 7

    private var cells = InlineArray<7, StoredCell>(repeating: StoredCell())

    init() {}

    init?(decoding bytes: UnsafeRawBufferPointer) {
        if unsafe bytes.isEmpty { return }
        var reader = unsafe TotalsReader(bytes)
        while let group = reader.nextGroup() {
            for type in 0..<TotalsRow.typeCount where group.types & 1 << UInt8(type) != 0 {
                let count = group.state == .counted ? reader.count() : 0
                cells[type] = StoredCell(
                    count: count,
                    fetchedAt: group.fetchedAt,
                    state: group.state,
                    isOutdated: group.isOutdated
                )
            }
        }
        if reader.isBroken { return nil }
    }

    subscript(type: EngagementType) -> StoredCell {
        get { cells[Int(type.rawValue)] }
        set { cells[Int(type.rawValue)] = newValue }
    }

    var newestFetch: UInt32 { cells.indices.reduce(0) { max($0, cells[$1].fetchedAt) } }

    var isEmpty: Bool { !cells.indices.contains { cells[$0].isKnown } }

    mutating func purge(_ kind: PurgeKind) {
        for type in cells.indices { cells[type] = cells[type].purged(kind) }
    }

    mutating func merge(_ later: TotalsRow, now: UInt32) {
        for type in cells.indices where cells[type].gives(wayTo: later.cells[type], now: now) {
            cells[type] = later.cells[type]
        }
    }

    func encode(into bytes: inout [UInt8], purge: UInt64) {
        RecordHead.append(purge: purge, to: &bytes)
        var done: UInt8 = 0
        for first in 0..<TotalsRow.typeCount where done & 1 << UInt8(first) == 0 && cells[first].isKnown {
            let leader = cells[first]
            var types: UInt8 = 0
            for type in first..<TotalsRow.typeCount
            where cells[type].isAlike(leader) {
                types |= 1 << UInt8(type)
            }
            done |= types
            bytes.append(leader.state.rawValue | (leader.isOutdated ? StoredCell.outdatedBit : 0))
            bytes.append(types)
            bytes.append(word: leader.fetchedAt)
            guard leader.state == .counted else { continue }
            for type in first..<TotalsRow.typeCount where types & 1 << UInt8(type) != 0 {
                bytes.append(varint: UInt64(bitPattern: cells[type].count))
            }
        }
    }
}

/// Reads a packed ``TotalsRow`` group by group, without building one: what a lookup does 250 times for a page.
struct TotalsReader {
    private var cursor: RecordCursor
    private var seen: UInt8 = 0

    /// Cells with one state and one second of fetch. If the state is *counted*, ``TotalsReader/count()`` must be called once
    /// for each type, lowest first, before the next group.
    struct Group {
        let state: Cell.State
        let isOutdated: Bool
        let types: UInt8
        let fetchedAt: UInt32
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        cursor = unsafe RecordCursor(bytes)
        if !cursor.isAtEnd { RecordHead.skip(&cursor) }
    }

    /// Whether the bytes turned out to be no such record.
    var isBroken: Bool { cursor.isBroken }

    mutating func nextGroup() -> Group? {
        if cursor.isAtEnd { return nil }
        let head = cursor.byte()
        let isOutdated = head & StoredCell.outdatedBit != 0
        let state = Cell.State(rawValue: head & ~StoredCell.outdatedBit)
        let types = cursor.byte()
        let fetchedAt = cursor.word()
        guard let state, state != .missing, types != 0, types & seen == 0, types < 0x80, !cursor.isBroken else {
            cursor.markBroken()
            return nil
        }
        seen |= types
        return Group(state: state, isOutdated: isOutdated, types: types, fetchedAt: fetchedAt)
    }

    mutating func count() -> Int64 { Int64(bitPattern: cursor.varint()) }
}

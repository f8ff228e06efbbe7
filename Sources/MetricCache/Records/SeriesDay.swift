internal import Engagement

/// The counts of one Tweet on one day of UTC for one scope: for each type 24 hours and the count of the whole day, each
/// known or not on its own.
///
/// Packed, it is a ``RecordHead`` and then a section for each type of which something is known, in the order of raw values: the
/// type (one byte), the length of what follows in bytes (a varint, so that other types are stepped over) and runs. A run is
/// a stretch of hours with one state and one second of fetch: its first hour in the low five bits of a byte with the state
/// in the upper three, its length in hours (one byte, with the ``StoredCell/outdatedBit``), the second of the fetch (four
/// bytes) and, if the state is *counted*, a varint for each hour. The whole day is a run of one that begins at "hour" 24.
struct SeriesDay: PackedRecord, Sendable {
    /// Cells that a type has: 24 hours and the day.
    static let slotCount = 25
    /// The place of the whole day's cell, behind the hours.
    static let daySlot = 24

    private var cells: [StoredCell]

    init() {
        cells = Array(repeating: StoredCell(), count: EngagementType.allCases.count * SeriesDay.slotCount)
    }

    init?(decoding bytes: UnsafeRawBufferPointer) {
        self.init()
        if unsafe bytes.isEmpty { return }
        var reader = unsafe SeriesReader(bytes)
        while let type = reader.nextType() {
            while let run = reader.nextRun() {
                for slot in run.slots {
                    let count = run.state == .counted ? reader.count() : 0
                    self[type, slot] = StoredCell(
                        count: count,
                        fetchedAt: run.fetchedAt,
                        state: run.state,
                        isOutdated: run.isOutdated
                    )
                }
            }
        }
        if reader.isBroken { return nil }
    }

    /// The cell of a type and an hour of the day, or ``daySlot``.
    subscript(type: EngagementType, slot: Int) -> StoredCell {
        get { cells[Int(type.rawValue) * SeriesDay.slotCount + slot] }
        set { cells[Int(type.rawValue) * SeriesDay.slotCount + slot] = newValue }
    }

    var newestFetch: UInt32 { cells.reduce(0) { max($0, $1.fetchedAt) } }

    var isEmpty: Bool { !cells.contains(where: \.isKnown) }

    mutating func purge(_ kind: PurgeKind) {
        for index in cells.indices { cells[index] = cells[index].purged(kind) }
    }

    mutating func merge(_ later: SeriesDay, now: UInt32) {
        for index in cells.indices where cells[index].gives(wayTo: later.cells[index], now: now) {
            cells[index] = later.cells[index]
        }
    }

    func encode(into bytes: inout [UInt8], purge: UInt64) {
        RecordHead.append(purge: purge, to: &bytes)
        var section: [UInt8] = []
        for type in EngagementType.allCases {
            section.removeAll(keepingCapacity: true)
            var slot = 0
            while slot < SeriesDay.slotCount {
                let end = endOfRun(type, from: slot)
                if self[type, slot].isKnown { encodeRun(type, slot..<end, into: &section) }
                slot = end
            }
            if section.isEmpty { continue }
            bytes.append(type.rawValue)
            bytes.append(varint: UInt64(section.count))
            bytes.append(contentsOf: section)
        }
    }

    private func endOfRun(_ type: EngagementType, from start: Int) -> Int {
        let leader = self[type, start]
        var end = start + 1
        while end < SeriesDay.daySlot, self[type, end].isAlike(leader) { end += 1 }
        return end
    }

    private func encodeRun(_ type: EngagementType, _ slots: Range<Int>, into section: inout [UInt8]) {
        let leader = self[type, slots.lowerBound]
        section.append(UInt8(slots.lowerBound) | leader.state.rawValue << 5)
        section.append(UInt8(slots.count) | (leader.isOutdated ? StoredCell.outdatedBit : 0))
        section.append(word: leader.fetchedAt)
        guard leader.state == .counted else { return }
        for slot in slots { section.append(varint: UInt64(bitPattern: self[type, slot].count)) }
    }
}

/// Reads a packed ``SeriesDay`` type by type and run by run, without building one.
struct SeriesReader {
    private var cursor: RecordCursor
    private var endOfSection = 0
    private var nextSlot = 0
    /// One more than the raw value of the last type, because types go up.
    private var lowestType = 0

    /// A stretch of hours, or the whole day. If the state is *counted*, ``SeriesReader/count()`` must be called once for each
    /// slot before the next run.
    struct Run {
        let slots: Range<Int>
        let state: Cell.State
        let isOutdated: Bool
        let fetchedAt: UInt32
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        cursor = unsafe RecordCursor(bytes)
        if !cursor.isAtEnd { RecordHead.skip(&cursor) }
    }

    /// Whether the bytes turned out to be no such record.
    var isBroken: Bool { cursor.isBroken }

    /// Goes to the next type that is one of `types`, behind whatever is left of the last one.
    mutating func nextType(of types: EngagementTypeSet = .series) -> EngagementType? {
        if cursor.offset < endOfSection { cursor.skip(UInt64(endOfSection - cursor.offset)) }
        while !cursor.isAtEnd {
            let rawValue = cursor.byte()
            let length = cursor.varint()
            let start = cursor.offset
            guard let type = EngagementType(rawValue: rawValue), Int(rawValue) >= lowestType, !cursor.isBroken else {
                cursor.markBroken()
                return nil
            }
            lowestType = Int(rawValue) + 1
            var end = cursor
            end.skip(length)
            guard !end.isBroken else {
                cursor.markBroken()
                return nil
            }
            if types.contains(type) {
                endOfSection = start + Int(length)
                nextSlot = 0
                return type
            }
            cursor = end
        }
        return nil
    }

    mutating func nextRun() -> Run? {
        guard cursor.offset < endOfSection, !cursor.isBroken else {
            // Counts that reach beyond their section are those of no record of ours.
            if cursor.offset > endOfSection { cursor.markBroken() }
            return nil
        }
        let head = cursor.byte()
        let lengthByte = cursor.byte()
        let isOutdated = lengthByte & StoredCell.outdatedBit != 0
        let length = Int(lengthByte & ~StoredCell.outdatedBit)
        let fetchedAt = cursor.word()
        let first = Int(head & 0x1F)
        let end = first + length
        guard let state = Cell.State(rawValue: head >> 5), state != .missing, length > 0, first >= nextSlot,
            end <= (first == SeriesDay.daySlot ? SeriesDay.slotCount : SeriesDay.daySlot), !cursor.isBroken
        else {
            cursor.markBroken()
            return nil
        }
        nextSlot = end
        return Run(slots: first..<end, state: state, isOutdated: isOutdated, fetchedAt: fetchedAt)
    }

    mutating func count() -> Int64 { Int64(bitPattern: cursor.varint()) }
}

internal import Synchronization

/// The tier in memory: packed records, bounded in bytes, and the list of those that wait to be written.
///
/// A record is *complete* if it has every cell that the file has of its key; an empty complete record says that the file has
/// none. Records that wait to be written are never evicted, so that what was stored can be found at every moment: first
/// here, and after the commit in the file.
///
/// A lookup that has to read the file meets stores, commits and evictions of other threads on its way. Two orders of events
/// show what it has to carry along:
///
/// 1. A lookup does not find the key here and notes the key's stamp. It reads the row in the file.
/// 2. A store puts a newer record here, the writer commits it, and it is evicted.
/// 3. The lookup wants to put the row it read here. It must not, because the file's row is newer by now. It sees that the
///    stamp has moved, as every store moves it, and keeps the row to itself.
///
/// And with a record that is here, but incomplete:
///
/// 1. A lookup finds it, notes the stamp, and reads the row in the file, which does not have the record's cells yet.
/// 2. The writer commits the record, and it is evicted.
/// 3. Nothing was stored in between, so the stamp is the same, but the row alone is too old. So the lookup copies what it
///    found: row and copy together are everything that was stored before the stamp was noted.
///
/// A purge moves all stamps, so that no lookup keeps what it read before. See ``PurgeMarks`` for the rest of it.
///
/// - Note: `@unchecked Sendable` holds because `table`, `stamps`, `purges` and `waiting` are only touched under `lock`, and changed
///   only while it is held for writing.
final class MemoryTier: @unchecked Sendable {
    private let lock = ReadWriteLock()
    private var table: RecordTable
    private var stamps: [UInt32]
    /// To be looked at while records are held still.
    private(set) var purges = PurgeMarks()
    /// The number of the last purge, for those who hold no lock.
    let latestPurge = Atomic<UInt64>(0)
    /// The number of the last purge that has been over all records; held while they are gone over.
    private let swept = Mutex<UInt64>(0)
    private var waiting = WaitingRecords()
    private let budget: Int

    private struct WaitingRecords {
        var keys: [RecordKey] = []
        /// How many of `keys` were taken.
        var taken = 0
        /// Roughly what the records take in memory.
        var bytes = 0
    }

    private static let stampCount = 4096

    init(bytes budget: Int) {
        self.budget = budget
        table = RecordTable(capacity: 64)
        stamps = Array(repeating: 0, count: MemoryTier.stampCount)
    }

    // MARK: - Reading

    /// Calls `body` with all records and their stamps held still. It must be short.
    @inline(__always)
    func read<Result>(_ body: (borrowing RecordTable, [UInt32]) -> Result) -> Result {
        lock.lockForReading()
        defer { lock.unlock() }
        return body(table, stamps)
    }

    /// Where the stamp of a key lies. Keys share stamps: a stamp that moved for another key costs a fill, nothing else.
    static func stampIndex(_ key: RecordKey) -> Int {
        Int((key.tweet ^ UInt64(UInt32(bitPattern: key.bucket)) &* 0x9E37_79B9) % UInt64(stampCount))
    }

    /// Brings together what the file has of `key` (nil: no row), what was here when `stamp` was noted (`known`, empty if
    /// nothing) and what is here now, keeps it if nothing was stored since, and calls `body` with it.
    ///
    /// - Parameter purges: Those that were under way when the file was read, or later.
    func resolve(
        _ key: RecordKey,
        row: UnsafeRawBufferPointer?,
        known: [UInt8],
        stamp: UInt32,
        now: UInt32,
        purges: PurgeMarks = PurgeMarks(),
        _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        if !known.isEmpty {
            let merged = unsafe known.withUnsafeBytes { unsafe key.merge(row, $0, now: now, purges: purges) }
            return unsafe merged.withUnsafeBytes { merged in
                unsafe resolve(key, row: merged, stamp: stamp, now: now, body)
            }
        }
        let row = unsafe row ?? UnsafeRawBufferPointer(start: nil, count: 0)
        unsafe purges.withLeaves(of: row, key) { unsafe resolve(key, row: $0, stamp: stamp, now: now, body) }
    }

    private func resolve(
        _ key: RecordKey,
        row: UnsafeRawBufferPointer,
        stamp: UInt32,
        now: UInt32,
        _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        lock.lockForWriting()
        defer { lock.unlock() }
        unsafe purges.withLeaves(of: row, key) { unsafe keep(key, row: $0, stamp: stamp, now: now, body) }
    }

    private func keep(
        _ key: RecordKey,
        row: UnsafeRawBufferPointer,
        stamp: UInt32,
        now: UInt32,
        _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        let isCurrent = stamps[MemoryTier.stampIndex(key)] == stamp
        guard let index = table.find(key) else {
            unsafe body(row)
            if isCurrent { _ = unsafe insert(key, row, flags: .complete) }
            return
        }
        if table.flags(index).contains(.complete) {
            return unsafe purges.withLeaves(of: table.bytes(index), key, body)
        }
        let merged = unsafe key.merge(row, table.bytes(index), now: now, purges: purges)
        if isCurrent { replace(index, merged, flags: table.flags(index).union(.complete)) }
        unsafe merged.withUnsafeBytes { unsafe body($0) }
    }

    // MARK: - Storing

    /// Takes in the cells of `record`. If `waits`, the record joins those that wait to be written.
    ///
    /// - Parameter purge: The last purge when the cells were asked for; nil if that was just now.
    /// - Returns: False if another purge has come over them since, so that they were not taken in.
    @discardableResult
    func store<Record: PackedRecord>(
        _ record: Record,
        at key: RecordKey,
        waits: Bool,
        now: UInt32,
        since purge: UInt64? = nil
    ) -> Bool {
        lock.lockForWriting()
        defer { lock.unlock() }
        if let purge, purges.haveCome(over: key, since: purge) { return false }
        stamps[MemoryTier.stampIndex(key)] &+= 1
        var bytes: [UInt8] = []
        if let index = table.find(key) {
            var merged = unsafe purges.record(Record.self, key, table.bytes(index))
            merged.merge(record, now: now)
            merged.encode(into: &bytes, purge: purges.tag)
            var flags = table.flags(index)
            if waits { enqueue(key, bytes.count, &flags) }
            replace(index, bytes, flags: flags)
        } else {
            record.encode(into: &bytes, purge: purges.tag)
            var flags: RecordTable.Flags = []
            if waits { enqueue(key, bytes.count, &flags) }
            _ = unsafe bytes.withUnsafeBytes { unsafe insert(key, $0, flags: flags) }
        }
        return true
    }

    private func enqueue(_ key: RecordKey, _ length: Int, _ flags: inout RecordTable.Flags) {
        if flags.contains(.dirty) { return }
        flags.insert(.dirty)
        waiting.keys.append(key)
        waiting.bytes += RecordTable.slotBytes + RecordTable.heapBytes(length)
    }

    // MARK: - Writing to the file

    /// A record on its way to the file.
    struct Waiting: Sendable {
        let key: RecordKey
        let bytes: [UInt8]
    }

    /// Whether so much waits that whoever stores must wait, too: the queue is bounded.
    var isCrowded: Bool {
        read { _, _ in waiting.bytes > min(budget / 4, 8 << 20) }
    }

    /// Up to `limit` records that wait, in the order in which they were stored. Each must come back by ``settle(_:rows:now:)``
    /// or ``giveUp(_:)``.
    func takeWaiting(_ limit: Int) -> [Waiting] {
        lock.lockForWriting()
        defer { lock.unlock() }
        let end = min(waiting.taken + limit, waiting.keys.count)
        var batch: [Waiting] = []
        batch.reserveCapacity(end - waiting.taken)
        for key in waiting.keys[waiting.taken..<end] {
            guard let index = table.find(key) else { continue }
            let bytes = unsafe purges.withLeaves(of: table.bytes(index), key) { unsafe [UInt8]($0) }
            batch.append(Waiting(key: key, bytes: bytes))
            table.setFlags(index, table.flags(index).subtracting(.dirty).union(.writing))
        }
        waiting.taken = end
        if waiting.taken == waiting.keys.count { waiting = WaitingRecords() }
        return batch
    }

    /// The batch is committed as `rows`, in the same order, each with what the file had before. What was incomplete here is
    /// now complete.
    func settle(_ batch: [Waiting], rows: [[UInt8]], now: UInt32) {
        for (record, row) in zip(batch, rows) {
            lock.lockForWriting()
            defer { lock.unlock() }
            guard let index = table.find(record.key) else { continue }
            let flags = table.flags(index).subtracting(.writing)
            if flags.contains(.complete) {
                table.setFlags(index, flags)
            } else {
                let merged = unsafe row.withUnsafeBytes {
                    unsafe record.key.merge($0, table.bytes(index), now: now, purges: purges)
                }
                table.setFlags(index, flags.union(.complete))
                unsafe merged.withUnsafeBytes { unsafe table.replace(index, $0) }
            }
        }
        lock.lockForWriting()
        makeRoom(for: 0)
        lock.unlock()
    }

    /// The batch was not committed and waits again.
    func putBack(_ batch: [Waiting]) {
        lock.lockForWriting()
        defer { lock.unlock() }
        for record in batch {
            guard let index = table.find(record.key) else { continue }
            var flags = table.flags(index).subtracting(.writing)
            enqueue(record.key, record.bytes.count, &flags)
            table.setFlags(index, flags)
        }
    }

    /// The batch could not be committed: its records, and those that still wait, stay here as long as there is room.
    func giveUp(_ batch: [Waiting]) {
        lock.lockForWriting()
        defer { lock.unlock() }
        for key in batch.map(\.key) + waiting.keys[waiting.taken...] {
            guard let index = table.find(key) else { continue }
            table.setFlags(index, table.flags(index).subtracting(.pinned))
        }
        waiting = WaitingRecords()
        makeRoom(for: 0)
    }

    // MARK: - Purging

    /// The marks as they are now.
    var purgesUnderWay: PurgeMarks { read { _, _ in purges } }

    /// From now on `change` holds: no lookup that comes later sees what it purges, and none that came before keeps it.
    func changePurges<Result>(_ change: (inout PurgeMarks) -> Result) -> Result {
        lock.lockForWriting()
        defer { lock.unlock() }
        for index in stamps.indices { stamps[index] &+= 1 }
        defer { latestPurge.store(purges.latest, ordering: .releasing) }
        return change(&purges)
    }

    /// Purges the records themselves, some at a time, unless the purge `wanted` has been over all of them already; returns the
    /// number of the last one that has. They stay where they are, perhaps empty, because some of them wait to be written.
    @discardableResult
    func sweep(upTo wanted: UInt64) -> UInt64 {
        swept.withLock { swept in
            if swept >= wanted { return swept }
            lock.lockForWriting()
            let number = purges.latest
            table.beginSweep()
            lock.unlock()
            var isDone = false
            while !isDone {
                lock.lockForWriting()
                isDone = sweepSlice()
                lock.unlock()
            }
            swept = number
            return number
        }
    }

    /// Slots that are looked at under one lock, and records that are changed under one: some tenths of a millisecond.
    private static let slotsPerLock = 4096
    private static let changesPerLock = 64

    private func sweepSlice() -> Bool {
        var changes = 0
        var slots = 0
        while slots < MemoryTier.slotsPerLock, changes < MemoryTier.changesPerLock, !table.isSwept {
            slots += 1
            guard let index = table.nextToSweep() else { continue }
            let key = table.key(index)
            guard let leaves = unsafe purges.leaves(of: table.bytes(index), key) else { continue }
            unsafe leaves.withUnsafeBytes { unsafe table.replace(index, $0) }
            changes += leaves.isEmpty ? 0 : 1
        }
        return table.isSwept
    }

    // MARK: - Room

    /// Bytes in use, records, and records that wait.
    var size: (bytes: Int, records: Int, waiting: Int) {
        read { table, _ in (table.usedBytes, table.count, waiting.keys.count - waiting.taken) }
    }

    private func insert(_ key: RecordKey, _ bytes: UnsafeRawBufferPointer, flags: RecordTable.Flags) -> Int {
        makeRoom(for: RecordTable.heapBytes(bytes.count))
        makeSlot()
        return unsafe table.insert(key, bytes, flags: flags)
    }

    /// Replaces a record by a merged one. It is replaced first and room is made after, so that its slot stays where it is.
    private func replace(_ index: Int, _ bytes: [UInt8], flags: RecordTable.Flags) {
        table.setFlags(index, flags)
        unsafe bytes.withUnsafeBytes { unsafe table.replace(index, $0) }
        makeRoom(for: 0)
    }

    private func makeRoom(for bytes: Int) {
        while table.usedBytes + bytes > budget, table.evictOne() {}
    }

    /// At most three quarters of the slots are in use. The table doubles as long as the budget allows, at last by what is
    /// left of it; then a record has to go. Only if none may go, because all wait to be written, it grows beyond.
    private func makeSlot() {
        guard (table.count + 1) * 4 > table.capacity * 3 else { return }
        let affordable = table.capacity + max(0, budget - table.usedBytes) / RecordTable.slotBytes
        let wanted = min(table.capacity * 2, affordable)
        if wanted >= table.capacity * 5 / 4 {
            table.grow(to: wanted)
        } else if !table.evictOne() {
            table.grow(to: table.capacity * 2)
        }
    }
}

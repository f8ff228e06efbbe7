internal import Glibc
internal import Synchronization

/// Packed records by key, in one flat block of memory: open addressing with linear probing, a slot a cache line, records of
/// up to 40 bytes inside their slot and longer ones beside the table.
///
/// Removing closes the gap by moving later records back, so there are no tombstones and a probe ends at the first empty
/// slot. The seed is drawn anew for each table, so that nobody can choose Tweet ids that collide.
@safe
struct RecordTable: ~Copyable {
    private var slots: UnsafeMutablePointer<Slot>
    private(set) var capacity: Int
    private(set) var count = 0
    /// Records that must not be evicted.
    private(set) var pinnedCount = 0
    /// Bytes of records beside the table.
    private var heapBytes = 0
    /// The slot that may be evicted from next, and how far the hand leaps from there.
    private var hand = 0
    private var leap: Int
    /// The colour of records that the sweep has seen, or need not see because they came after it began.
    private var colour: Flags = []
    /// Records that the sweep has not seen.
    private var unsweptCount = 0
    private var sweepHand = 0
    private let seed: UInt64
    private let otherSeed: UInt64

    /// What is known of a record.
    struct Flags: OptionSet {
        let rawValue: UInt8
        /// The slot holds a record.
        static let occupied = Flags(rawValue: 1)
        /// The record has every cell that the file has of it.
        static let complete = Flags(rawValue: 2)
        /// The record has cells that wait to be written.
        static let dirty = Flags(rawValue: 4)
        /// The record is being written right now.
        static let writing = Flags(rawValue: 8)
        /// One of two colours: a sweep gives all records the other one.
        static let colour = Flags(rawValue: 16)
        /// Such a record must stay.
        static let pinned: Flags = [.dirty, .writing]
    }

    /// 64 bytes, of which the last 40 are a short record or begin with the address of a long one.
    private struct Slot {
        var tweet: UInt64 = 0
        var scope: UInt32 = 0
        var bucket: Int32 = 0
        var length: UInt32 = 0
        var flags: UInt8 = 0
        /// Whether the record was read since the hand last passed; written by concurrent readers, so only ever as an atomic.
        var referenced: UInt8 = 0
        var unused: UInt16 = 0
        var storage: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)
    }

    private static let inlineBytes = 40
    private static let storageOffset = 24
    private static let referencedOffset = 21
    static let slotBytes = 64

    init(capacity: Int) {
        unsafe slots = RecordTable.allocate(capacity)
        self.capacity = capacity
        leap = RecordTable.leap(capacity)
        seed = .random(in: 1 ... .max)
        otherSeed = .random(in: 1 ... .max)
    }

    deinit {
        for index in 0..<capacity where unsafe slots[index].length > RecordTable.inlineBytes {
            unsafe free(heapRecord(index))
        }
        unsafe free(slots)
    }

    /// Bytes of the table and of the records beside it.
    var usedBytes: Int { capacity * RecordTable.slotBytes + heapBytes }

    /// Bytes that a record of `length` takes beside the table, with what the allocator adds.
    static func heapBytes(_ length: Int) -> Int { length > inlineBytes ? (length + 8 + 15) & ~15 : 0 }

    // MARK: - Reading; any number of threads at once

    /// The slot of `key`, or nil.
    @inline(__always)
    func find(_ key: RecordKey) -> Int? {
        var index = home(key.tweet, key.scope, key.bucket)
        while unsafe slots[index].flags != 0 {
            if unsafe slots[index].tweet == key.tweet && slots[index].scope == key.scope
                && slots[index].bucket == key.bucket
            {
                return index
            }
            index &+= 1
            if index == capacity { index = 0 }
        }
        return nil
    }

    /// The record in an occupied slot; valid until the table changes.
    @inline(__always)
    func bytes(_ index: Int) -> UnsafeRawBufferPointer {
        let length = unsafe Int(slots[index].length)
        let start = unsafe length > RecordTable.inlineBytes ? heapRecord(index) : inlineRecord(index)
        return unsafe UnsafeRawBufferPointer(start: start, count: length)
    }

    @inline(__always)
    func flags(_ index: Int) -> Flags { unsafe Flags(rawValue: slots[index].flags) }

    func key(_ index: Int) -> RecordKey {
        unsafe RecordKey(tweet: slots[index].tweet, scope: slots[index].scope, bucket: slots[index].bucket)
    }

    /// Notes that a record was read, so that the hand passes it once. A store only where it changes something keeps the
    /// cache line shared among readers.
    @inline(__always)
    func markReferenced(_ index: Int) {
        let flag = unsafe referencedFlag(index)
        if unsafe flag.pointee.load(ordering: .relaxed) == 0 {
            unsafe flag.pointee.store(1, ordering: .relaxed)
        }
    }

    // MARK: - Changing; one thread at a time

    /// Puts a record that is not there yet and returns its slot. There must be an empty slot left afterwards.
    mutating func insert(_ key: RecordKey, _ bytes: UnsafeRawBufferPointer, flags: Flags) -> Int {
        precondition(count < capacity - 1, "a probe ends at an empty slot")
        var index = home(key.tweet, key.scope, key.bucket)
        while unsafe slots[index].flags != 0 {
            index = index + 1 == capacity ? 0 : index + 1
        }
        unsafe slots[index] = Slot(tweet: key.tweet, scope: key.scope, bucket: key.bucket)
        count += 1
        setFlags(index, flags.union(.occupied).union(colour))
        unsafe replace(index, bytes)
        return index
    }

    /// Puts `bytes` in the place of a slot's record. They must not be the record itself.
    mutating func replace(_ index: Int, _ bytes: UnsafeRawBufferPointer) {
        releaseHeapRecord(index)
        unsafe slots[index].length = UInt32(bytes.count)
        guard let source = bytes.baseAddress else { return }
        if bytes.count > RecordTable.inlineBytes {
            guard let block = unsafe malloc(bytes.count) else { preconditionFailure("out of memory") }
            unsafe slots[index].storage.0 = UInt64(UInt(bitPattern: block))
            heapBytes += RecordTable.heapBytes(bytes.count)
            unsafe block.copyMemory(from: source, byteCount: bytes.count)
        } else {
            unsafe inlineRecord(index).copyMemory(from: source, byteCount: bytes.count)
        }
    }

    mutating func setFlags(_ index: Int, _ flags: Flags) {
        let wasPinned = !self.flags(index).isDisjoint(with: .pinned)
        let isPinned = !flags.isDisjoint(with: .pinned)
        pinnedCount += (isPinned ? 1 : 0) - (wasPinned ? 1 : 0)
        unsafe slots[index].flags = flags.rawValue
    }

    // MARK: - Sweeping

    /// Begins to go over all records. Each is given out once by ``nextToSweep()``, however they move and grow meanwhile; those
    /// that come from now on are not. The last sweep must be over.
    mutating func beginSweep() {
        precondition(isSwept, "one sweep at a time")
        colour.formSymmetricDifference(.colour)
        unsweptCount = count
        sweepHand = 0
    }

    var isSwept: Bool { unsweptCount == 0 }

    /// Looks at the next slot, and returns it if it has a record that was not given out before.
    mutating func nextToSweep() -> Int? {
        if sweepHand >= capacity { sweepHand = 0 }
        defer { sweepHand += 1 }
        guard isUnswept(sweepHand) else { return nil }
        setSwept(sweepHand)
        return sweepHand
    }

    private func isUnswept(_ index: Int) -> Bool {
        let flags = flags(index)
        return flags.contains(.occupied) && flags.intersection(.colour) != colour
    }

    private mutating func setSwept(_ index: Int) {
        setFlags(index, flags(index).symmetricDifference(.colour))
        unsweptCount -= 1
    }

    // MARK: - Room

    /// Evicts one record and returns whether there was one to evict.
    ///
    /// The algorithm is CLOCK: the hand goes over the slots, takes the mark from a record that was read since it last came
    /// by, and evicts one without a mark. New records have none, so that a scan of things read once passes through without
    /// driving out what is read again and again.
    ///
    /// The hand leaps, and so comes by every slot in an order that is spread over the table. Going from slot to slot it would
    /// leave the slots behind it empty and those before it twice as full as the average, which is more than there are: a probe
    /// would go past a third of the table before it finds an empty one. A record that another one's removal moves may meet the hand
    /// somewhat earlier or later than it would have.
    mutating func evictOne() -> Bool {
        guard pinnedCount < count else { return false }
        for _ in 0..<(2 * capacity) {
            let flags = flags(hand)
            if flags.contains(.occupied) && flags.isDisjoint(with: .pinned) {
                if unsafe slots[hand].referenced == 0 {
                    remove(hand)
                    return true
                }
                unsafe slots[hand].referenced = 0
            }
            hand += leap
            if hand >= capacity { hand -= capacity }
        }
        return false
    }

    /// Removes a record and moves those behind it back that would no longer be found.
    private mutating func remove(_ index: Int) {
        releaseHeapRecord(index)
        if isUnswept(index) { unsweptCount -= 1 }
        setFlags(index, [])
        count -= 1
        var gap = index
        var next = index
        while true {
            next = next + 1 == capacity ? 0 : next + 1
            if unsafe slots[next].flags == 0 { break }
            let home = unsafe home(slots[next].tweet, slots[next].scope, slots[next].bucket)
            // The record may stay if its home lies behind the gap, going round from the gap to the record.
            let distanceOfHome = home > gap ? home - gap : home - gap + capacity
            let distanceOfRecord = next > gap ? next - gap : next - gap + capacity
            if distanceOfHome <= distanceOfRecord { continue }
            unsafe slots[gap] = unsafe slots[next]
            gap = next
        }
        unsafe slots[gap] = Slot()
    }

    /// Moves all records to a table of `capacity` slots.
    mutating func grow(to capacity: Int) {
        let old = unsafe slots
        let oldCapacity = self.capacity
        unsafe slots = RecordTable.allocate(capacity)
        self.capacity = capacity
        hand = 0
        leap = RecordTable.leap(capacity)
        for index in 0..<oldCapacity where unsafe old[index].flags != 0 {
            var target = unsafe home(old[index].tweet, old[index].scope, old[index].bucket)
            while unsafe slots[target].flags != 0 {
                target = target + 1 == capacity ? 0 : target + 1
            }
            unsafe slots[target] = unsafe old[index]
        }
        unsafe free(old)
    }

    /// A number of about 0.618 times the capacity that has no divisor in common with it: multiples of the golden ratio are
    /// spread most evenly.
    private static func leap(_ capacity: Int) -> Int {
        func commonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : commonDivisor(b, a % b) }
        var leap = max(1, capacity / 1000 * 618 + capacity % 1000 * 618 / 1000)
        while commonDivisor(capacity, leap) != 1 { leap -= 1 }
        return leap
    }

    // MARK: - Memory

    /// Where the search for a key begins: the key times the seed, folded, scaled down to the table's size.
    @inline(__always)
    private func home(_ tweet: UInt64, _ scope: UInt32, _ bucket: Int32) -> Int {
        let rest = UInt64(scope) << 32 | UInt64(UInt32(bitPattern: bucket))
        let product = (tweet ^ seed).multipliedFullWidth(by: rest ^ otherSeed)
        let hash = product.high ^ product.low
        return Int(truncatingIfNeeded: hash.multipliedFullWidth(by: UInt64(capacity)).high)
    }

    private mutating func releaseHeapRecord(_ index: Int) {
        let length = unsafe Int(slots[index].length)
        guard length > RecordTable.inlineBytes else { return }
        unsafe free(heapRecord(index))
        heapBytes -= RecordTable.heapBytes(length)
        unsafe slots[index].length = 0
    }

    @inline(__always)
    private func heapRecord(_ index: Int) -> UnsafeMutableRawPointer? {
        unsafe UnsafeMutableRawPointer(bitPattern: UInt(slots[index].storage.0))
    }

    @inline(__always)
    private func inlineRecord(_ index: Int) -> UnsafeMutableRawPointer {
        unsafe UnsafeMutableRawPointer(slots + index) + RecordTable.storageOffset
    }

    @inline(__always)
    private func referencedFlag(_ index: Int) -> UnsafeMutablePointer<Atomic<UInt8>> {
        unsafe (UnsafeMutableRawPointer(slots + index) + RecordTable.referencedOffset)
            .assumingMemoryBound(to: Atomic<UInt8>.self)
    }

    private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<Slot> {
        precondition(MemoryLayout<Slot>.stride == slotBytes, "a slot is one cache line")
        guard let memory = unsafe aligned_alloc(slotBytes, capacity * slotBytes) else {
            preconditionFailure("out of memory for \(capacity) records")
        }
        unsafe memset(memory, 0, capacity * slotBytes)
        return unsafe memory.assumingMemoryBound(to: Slot.self)
    }
}

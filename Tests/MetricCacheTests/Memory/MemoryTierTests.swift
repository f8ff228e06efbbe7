import Engagement
import Testing

@testable import MetricCache

/// The interleavings of lookups with stores, commits and evictions that are written down at ``MemoryTier``, played by hand.
@Suite struct MemoryTierTests {
    private let memory = MemoryTier(bytes: 16 << 10)
    private let key = RecordKey(tweet: 7, scope: 0, bucket: RecordKey.totalsBucket)

    private func row(_ count: Int64) -> TotalsRow {
        var row = TotalsRow()
        row[.replies] = StoredCell(count: count, fetchedAt: UInt32(count), state: .counted)
        return row
    }

    private func packed(_ count: Int64) -> [UInt8] {
        var bytes: [UInt8] = []
        row(count).encode(into: &bytes, purge: 0)
        return bytes
    }

    /// Twenty times as many Tweets as there is room for pass by, each once, while a thousand are read again and again.
    @Test func `a scan does not evict what is read often`() {
        let memory = MemoryTier(bytes: 1 << 20)
        func key(_ number: Int) -> RecordKey {
            RecordKey(tweet: UInt64(number) << 22, scope: 0, bucket: RecordKey.totalsBucket)
        }
        func isFound(_ number: Int) -> Bool {
            memory.read { table, _ in
                guard let place = table.find(key(number)) else { return false }
                table.markReferenced(place)
                return true
            }
        }
        for number in 0..<1000 { memory.store(row(Int64(number)), at: key(number), waits: false, now: 100) }
        for number in 0..<1000 { #expect(isFound(number)) }
        let room = memory.size.bytes
        #expect(room < 1 << 19, "the thousand take less than half of it")
        for number in 1000..<301_000 {
            memory.store(row(7), at: key(number), waits: false, now: 100)
            // Each of the thousand is read once while a thousand others pass by.
            if !isFound(number % 1000) {
                Issue.record("Tweet \(number % 1000) was evicted after \(number) others")
                return
            }
        }
        #expect(memory.size.bytes <= 1 << 20)
        #expect(memory.size.records < 15_000)
    }

    private var stamp: UInt32 { memory.read { _, stamps in stamps[MemoryTier.stampIndex(key)] } }

    private var found: [UInt8]? {
        memory.read { table, _ in table.find(key).map { slot in unsafe [UInt8](table.bytes(slot)) } }
    }

    /// What a lookup makes of a row that it read.
    private func resolve(_ row: [UInt8]?, known: [UInt8] = [], stamp: UInt32) -> [UInt8] {
        var seen: [UInt8] = []
        if let row {
            unsafe row.withUnsafeBytes { row in
                unsafe memory.resolve(key, row: row, known: known, stamp: stamp, now: 100) { unsafe seen = [UInt8]($0) }
            }
        } else {
            unsafe memory.resolve(key, row: nil, known: known, stamp: stamp, now: 100) { unsafe seen = [UInt8]($0) }
        }
        return seen
    }

    /// Other records, a hundred times as many as there is room for, drive out every one that may go.
    private func evictAll() {
        for tweet in 1000..<21_000 as Range<UInt64>
        where MemoryTier.stampIndex(other(tweet)) != MemoryTier.stampIndex(key) {
            memory.store(row(1), at: other(tweet), waits: false, now: 100)
        }
    }

    private func other(_ tweet: UInt64) -> RecordKey { RecordKey(tweet: tweet, scope: 0, bucket: key.bucket) }

    private func commit(_ rows: [UInt8]) {
        let batch = memory.takeWaiting(10)
        memory.settle(batch, rows: batch.map { _ in rows }, now: 100)
    }

    @Test func `a row that was read is kept, and so is that there is none`() {
        #expect(resolve(packed(5), stamp: stamp) == packed(5))
        #expect(found == packed(5))
        evictAll()
        #expect(found == nil)
        #expect(resolve(nil, stamp: stamp).isEmpty)
        #expect(found?.isEmpty == true)
    }

    @Test func `a row that was read before a store is not kept when the stored record is gone again`() {
        let before = stamp
        memory.store(row(9), at: key, waits: true, now: 100)
        commit(packed(9))
        evictAll()
        #expect(found == nil)
        #expect(resolve(packed(8), stamp: before) == packed(8))
        #expect(found == nil)
    }

    @Test func `a lookup that found an incomplete record answers with it, though it was evicted since`() {
        memory.store(row(9), at: key, waits: true, now: 100)
        let (noted, known) = (stamp, found)
        commit(packed(9))
        evictAll()
        #expect(found == nil)
        #expect(resolve(packed(8), known: known ?? [], stamp: noted) == packed(9))
        #expect(found == packed(9))
    }

    @Test func `what waits to be written stays until it is committed`() {
        memory.store(row(9), at: key, waits: true, now: 100)
        evictAll()
        #expect(found == packed(9))
        let batch = memory.takeWaiting(10)
        evictAll()
        #expect(found == packed(9))
        // A store while the batch is on its way must be written, too.
        memory.store(row(10), at: key, waits: true, now: 100)
        memory.settle(batch, rows: [packed(9)], now: 100)
        evictAll()
        #expect(found == packed(10))
        commit(packed(10))
        evictAll()
        #expect(found == nil)
    }

    @Test func `what could not be written waits again, or is let go`() {
        memory.store(row(9), at: key, waits: true, now: 100)
        memory.putBack(memory.takeWaiting(10))
        #expect(memory.size.waiting == 1)
        let batch = memory.takeWaiting(10)
        #expect(batch.map(\.bytes) == [packed(9)])
        memory.giveUp(batch)
        #expect(memory.size.waiting == 0)
        #expect(found == packed(9))
        evictAll()
        #expect(found == nil)
    }
}

import TestSupport
import Testing

@testable import MetricCache

@Suite struct RecordTableTests {
    @Test func `the table agrees with a dictionary through inserts, replacements, growth and evictions`() {
        var generator = SeededGenerator(seed: runSeed)
        var table = RecordTable(capacity: 64)
        var model: [RecordKey: [UInt8]] = [:]
        for round in 0..<20_000 {
            let key = RecordKey(
                tweet: .random(in: 1...300, using: &generator),
                scope: .random(in: 0...2, using: &generator),
                bucket: .random(in: -1...1, using: &generator)
            )
            let length = Int.random(in: 0...90, using: &generator)
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            if let slot = table.find(key) {
                unsafe bytes.withUnsafeBytes { unsafe table.replace(slot, $0) }
                model[key] = bytes
            } else if table.count * 4 >= table.capacity * 3 {
                if table.capacity < 512 {
                    table.grow(to: table.capacity + 100)
                } else {
                    let before = table.count
                    let hasEvicted = table.evictOne()
                    #expect(hasEvicted)
                    let count = table.count
                    #expect(count == before - 1)
                    // The table may choose whom it evicts, so the model follows; nothing else may have changed.
                    model = model.filter { table.find($0.key) != nil }
                }
            } else {
                _ = unsafe bytes.withUnsafeBytes { unsafe table.insert(key, $0, flags: []) }
                model[key] = bytes
            }
            guard round % 500 == 0 else { continue }
            let count = table.count
            #expect(count == model.count, "seed \(runSeed)")
            for (key, bytes) in model {
                let found = table.find(key).map { slot in unsafe [UInt8](table.bytes(slot)) }
                #expect(found == bytes, "seed \(runSeed)")
            }
        }
    }

    @Test func `what is read again and again survives what is not, and what is pinned survives all`() {
        var table = RecordTable(capacity: 256)
        let empty = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        func key(_ number: Int) -> RecordKey { RecordKey(tweet: UInt64(number), scope: 0, bucket: 0) }
        for number in 0..<120 {
            _ = unsafe table.insert(key(number), empty, flags: number < 10 ? .dirty : [])
        }
        func numbersLeft() -> [Int] { (0..<120).filter { table.find(key($0)) != nil } }
        for _ in 0..<90 {
            for number in 100..<120 { if let slot = table.find(key(number)) { table.markReferenced(slot) } }
            _ = table.evictOne()
        }
        #expect(numbersLeft() == Array(0..<10) + Array(100..<120))
        for _ in 0..<20 { _ = table.evictOne() }
        #expect(numbersLeft() == Array(0..<10))
        let hasEvicted = table.evictOne()
        #expect(!hasEvicted)
    }

    /// At three quarters the longest run of occupied slots is some hundred of 16,384, by chance; with a hand that goes from slot to
    /// slot it is a third of the table.
    @Test func `records that pass through leave no part of the table full`() {
        var table = RecordTable(capacity: 1 << 14)
        let empty = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        for number in 0..<(8 << 14) {
            if table.count * 4 > table.capacity * 3 { _ = table.evictOne() }
            _ = unsafe table.insert(RecordKey(tweet: UInt64(number) << 22, scope: 0, bucket: 0), empty, flags: [])
        }
        var (run, longest) = (0, 0)
        for slot in 0..<table.capacity {
            run = table.flags(slot).contains(.occupied) ? run + 1 : 0
            longest = max(longest, run)
        }
        #expect(longest < 1500)
    }

    @Test func `a sweep gives out every record once, however they move and grow, and none that came after it began`() {
        var table = RecordTable(capacity: 64)
        let empty = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        func key(_ number: Int) -> RecordKey { RecordKey(tweet: UInt64(number), scope: 0, bucket: 0) }
        for number in 0..<40 { _ = unsafe table.insert(key(number), empty, flags: []) }
        for _ in 0..<3 {
            let before = Set(
                (0..<table.capacity).filter { table.flags($0).contains(.occupied) }.map { table.key($0).tweet }
            )
            table.beginSweep()
            var (given, evicted) = (Set<UInt64>(), Set<UInt64>())
            var next = Int.random(in: 1000..<1_000_000)
            while !table.isSwept {
                if let slot = table.nextToSweep() {
                    let isNew = given.insert(table.key(slot).tweet).inserted
                    #expect(isNew)
                }
                switch next % 7 {
                case 0: _ = table.evictOne()
                case 1 where table.count * 2 < table.capacity: _ = unsafe table.insert(key(next), empty, flags: [])
                case 2 where table.capacity < 300: table.grow(to: table.capacity + 1)
                default: break
                }
                next += 1
            }
            evicted = before.filter { number in table.find(key(Int(number))) == nil }
            #expect(given.isSubset(of: before))
            #expect(before.subtracting(evicted).isSubset(of: given))
        }
    }
}

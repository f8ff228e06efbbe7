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

    @Test func `what was read survives what was not, and what is pinned survives all`() {
        var table = RecordTable(capacity: 256)
        let empty = unsafe UnsafeRawBufferPointer(start: nil, count: 0)
        func key(_ number: Int) -> RecordKey { RecordKey(tweet: UInt64(number), scope: 0, bucket: 0) }
        for number in 0..<120 {
            let slot = unsafe table.insert(key(number), empty, flags: number < 10 ? .dirty : [])
            if number >= 100 { table.markReferenced(slot) }
        }
        func numbersLeft() -> [Int] { (0..<120).filter { table.find(key($0)) != nil } }
        for _ in 0..<90 { _ = table.evictOne() }
        #expect(numbersLeft() == Array(0..<10) + Array(100..<120))
        for _ in 0..<20 { _ = table.evictOne() }
        #expect(numbersLeft() == Array(0..<10))
        let hasEvicted = table.evictOne()
        #expect(!hasEvicted)
    }
}

import Testing

@testable import EngagementServer

@Suite("Second-chance cache")
struct SecondChanceCacheTests {
    @Test("entries beyond the bound make room, unused ones first")
    func eviction() {
        var cache = SecondChanceCache<Int, String>(maximumCost: 3)
        for key in 1...3 { cache.insert("\(key)", for: key, cost: 1) }
        _ = cache.value(for: 1)
        _ = cache.value(for: 3)
        cache.insert("4", for: 4, cost: 1)
        #expect(cache.value(for: 2) == nil)
        #expect(cache.value(for: 1) == "1")
        #expect(cache.value(for: 3) == "3")
        #expect(cache.value(for: 4) == "4")
        #expect(cache.cost == 3)
    }

    @Test("what is used again and again survives a crowd of strangers")
    func scan() {
        var cache = SecondChanceCache<Int, Int>(maximumCost: 100)
        for key in 0..<10 { cache.insert(key, for: key, cost: 1) }
        for stranger in 1000..<20_000 {
            for key in 0..<10 { _ = cache.value(for: key) }
            cache.insert(stranger, for: stranger, cost: 1)
        }
        for key in 0..<10 { #expect(cache.value(for: key) == key) }
        #expect(cache.count == 100)
    }

    @Test("a value that cannot fit is not kept, and takes the place of none")
    func tooLarge() {
        var cache = SecondChanceCache<String, Int>(maximumCost: 10)
        cache.insert(1, for: "small", cost: 4)
        cache.insert(2, for: "large", cost: 11)
        #expect(cache.value(for: "small") == 1)
        #expect(cache.value(for: "large") == nil)
    }

    @Test("a value takes the place of the one that its key had, at its own cost")
    func replacement() {
        var cache = SecondChanceCache<String, Int>(maximumCost: 10)
        cache.insert(1, for: "a", cost: 7)
        cache.insert(2, for: "a", cost: 3)
        #expect(cache.value(for: "a") == 2)
        #expect(cache.cost == 3)
        cache.remove("a")
        #expect(cache.cost == 0 && cache.count == 0)
    }

    @Test("random use never exceeds the bound and never loses count", arguments: [1, 2, 3])
    func randomUse(seed: UInt64) {
        var state = seed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var cache = SecondChanceCache<Int, Int>(maximumCost: 50)
        for step in 0..<20_000 {
            let key = next(40)
            switch next(4) {
            case 0: _ = cache.value(for: key)
            case 1: cache.remove(key)
            default: cache.insert(step, for: key, cost: next(12))
            }
            #expect(cache.cost <= 50 && cache.cost >= 0)
        }
    }
}

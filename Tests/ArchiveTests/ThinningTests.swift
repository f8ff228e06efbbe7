import Archive
import TestSupport
import Testing

/// What thinning promises, checked against the whole history, which it no longer has.
@Suite("Thinning")
struct ThinningTests {
    /// A history as it comes: by steps of a random size, thinned now and then, as it is when something is written.
    private struct History {
        var all: [UInt32] = []
        var kept: [UInt32] = []
        var now: UInt32 = 1_700_000_000

        init(_ thinning: Thinning, steps: Int, _ generator: inout SeededGenerator) {
            // Most Tweets are asked for often at first and seldom later, some the other way round.
            let longest = UInt32.random(in: 2...400_000, using: &generator)
            for _ in 0..<steps {
                now += UInt32.random(in: 1...UInt32.random(in: 2...longest, using: &generator), using: &generator)
                all.append(now)
                kept.append(now)
                if Bool.random(using: &generator) { thin(thinning) }
            }
            now += UInt32.random(in: 0...10_000_000, using: &generator)
            thin(thinning)
        }

        private mutating func thin(_ thinning: Thinning) {
            kept = zip(kept, thinning.kept(kept, now: now)).filter(\.1).map(\.0)
        }
    }

    @Test("Whoever asks for the past gets the newest that there was, or one that is not much older", arguments: 1...60)
    func nearest(_ seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let thinning = Thinning(
            partsOfAge: Int.random(in: 1...40, using: &generator),
            leastSeconds: Int.random(in: 1...4000, using: &generator)
        )
        let history = History(thinning, steps: Int.random(in: 1...600, using: &generator), &generator)
        #expect(history.kept.first == history.all.first)
        #expect(history.kept.last == history.all.last)
        #expect(Set(history.kept).isSubset(of: history.all))
        for seen in history.all {
            // As of the moment of each observation, where the error is greatest.
            let found = try #require(history.kept.last { $0 <= seen })
            let allowed = max(thinning.leastSeconds, (Int(history.now) - Int(seen)) / thinning.partsOfAge)
            #expect(Int(seen) - Int(found) <= allowed, "seed \(seed)")
        }
    }

    @Test("However often a Tweet is asked for, few observations stay", arguments: [1, 60, 3600])
    func few(_ interval: UInt32) {
        let thinning = Thinning()
        var kept: [UInt32] = []
        var time: UInt32 = 1_700_000_000
        for step in 0..<20_000 {
            time += interval
            kept.append(time)
            if step % 50 == 49 { kept = zip(kept, thinning.kept(kept, now: time)).filter(\.1).map(\.0) }
        }
        let age = 20_000 * Int(interval)
        #expect(kept.count <= thinning.mostKept(ofAge: age))
        // Ten years need hardly twice as many as one: the number grows with the logarithm of the age.
        let (one, ten) = (thinning.mostKept(ofAge: 31_536_000), thinning.mostKept(ofAge: 315_360_000))
        #expect(ten < one * 3 / 2 && one < 800)
    }

    @Test(
        "Known cases",
        arguments: [
            // Hourly, three hours old: a part of 24 of the age is less than an hour.
            ([0, 3600, 7200, 10_800], 10_800, [true, true, true, true]),
            // Seconds apart: only the first and the newest.
            ([0, 10, 20, 30], 30, [true, false, false, true]),
            // The same a day later, when an hour apart is close enough.
            ([0, 1800, 3600, 90_000], 90_000, [true, false, true, true]),
            ([0], 5, [true]),
            ([], 5, []),
        ] as [([UInt32], UInt32, [Bool])]
    )
    func known(_ times: [UInt32], _ now: UInt32, _ kept: [Bool]) {
        #expect(Thinning(partsOfAge: 24, leastSeconds: 300).kept(times, now: now) == kept)
    }
}

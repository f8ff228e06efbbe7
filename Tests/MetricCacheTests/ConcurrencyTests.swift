import Dispatch
import Engagement
import MetricCache
import TestSupport
import Testing

@Suite struct ConcurrencyTests {
    /// Each round writes one count into all types of a Tweet, at one second. A reader that sees two counts in a row saw a
    /// record that was never stored; one that sees a lower count than before saw time go backwards.
    @Test(arguments: [16 << 10, 1 << 20])
    func `readers see whole records, and never older ones, while stores, evictions and commits go on`(
        memoryBytes: Int
    ) throws {
        let folder = try TemporaryFolder()
        let log = EventLog()
        let cache = try makeCache(folder, memoryBytes: memoryBytes, log: log)
        let tweets = (0..<300).map { tweet(secondsOld: 40 * 86_400, number: UInt64($0)) }
        let rounds = 40
        DispatchQueue.concurrentPerform(iterations: 4) { worker in
            if worker == 0 {
                for round in 1...rounds {
                    let now = noon.advanced(bySeconds: Int64(round))
                    var table = MetricTable(.totals(account: ada, tweets: tweets, types: .publicTotals))
                    for place in table.cells.indices { table.cells[place] = counted(Int64(round), at: now) }
                    cache.store(table, scope: .everyone, now: now)
                }
            } else {
                var generator = SeededGenerator(seed: runSeed &+ UInt64(worker))
                var newest: [TweetID: Int64] = [:]
                for _ in 0..<(rounds * 4) {
                    let some = Array(tweets.shuffled(using: &generator).prefix(50))
                    let need = MetricNeed.totals(account: ada, tweets: some, types: .publicTotals)
                    let table = cache.lookup(need, now: noon.advanced(bySeconds: 100))
                    for (row, tweet) in some.enumerated() {
                        let counts = Set(need.types.types.map { table[row, $0].count })
                        let count = table[row, .replies].count
                        if counts.count != 1 || count < newest[tweet] ?? 0 {
                            Issue.record("\(tweet): \(counts) after \(newest[tweet] ?? 0), seed \(runSeed)")
                            return
                        }
                        newest[tweet] = count
                    }
                }
            }
        }
        #expect(log.all.count == 1, "\(log.all)")
        let need = MetricNeed.totals(account: ada, tweets: tweets, types: .publicTotals)
        let end = noon.advanced(bySeconds: 100)
        #expect(cache.lookup(need, now: end).cells.allSatisfy { $0.count == Int64(rounds) })
        cache.close()
        let again = try makeCache(folder)
        #expect(again.lookup(need, now: end).cells.allSatisfy { $0.count == Int64(rounds) })
    }

    @Test func `lookups and stores go on while the cache is closed`() throws {
        let folder = try TemporaryFolder()
        let cache = try makeCache(folder)
        let need = MetricNeed.totals(account: ada, tweets: [tweet(secondsOld: 1000)], types: .publicTotals)
        DispatchQueue.concurrentPerform(iterations: 6) { worker in
            for step in 0..<50 {
                if worker == 0, step % 10 == 5 { cache.close() }
                cache.store(answer(need, at: noon), scope: .everyone, now: noon)
                #expect(cache.lookup(need, now: noon).isFresh)
            }
        }
        cache.close()
        #expect(cache.lookup(need, now: noon).isFresh)
    }
}

import Dispatch
import Engagement
import Foundation
import SQLite
import Synchronization
import TestSupport
import Testing

@testable import MetricCache

/// Purges while others read and write, and ends that nobody prepares for.
@Suite struct PurgeConcurrencyTests {
    private static let tweets = (0..<120).map { tweet(secondsOld: 40 * 86_400, number: UInt64($0)) }
    private static let need = MetricNeed.totals(account: ada, tweets: tweets, types: .publicTotals)

    /// All cells with one count.
    private static func table(_ count: Int64, at now: UnixTime = noon) -> MetricTable {
        var table = MetricTable(need)
        for place in table.cells.indices { table.cells[place] = counted(count, at: now) }
        return table
    }

    /// The clock stands still: only the order of events tells what is newer. Each round stores the number of the purges that
    /// were acknowledged before, so whoever sees a number that is lower than those acknowledged before he looked, saw a number
    /// that was purged. One thread brings in answers to calls that began long ago.
    @Test("nobody sees a number that was purged before he looked", arguments: [16 << 10, 4 << 20], PurgeKind.allCases)
    func readers(memoryBytes: Int, kind: PurgeKind) throws {
        let folder = try TemporaryFolder()
        let cache = try makeCache(folder, memoryBytes: memoryBytes)
        let purges = Atomic(0)
        let isOver = Atomic(false)
        let rounds = 12
        DispatchQueue.concurrentPerform(iterations: 5) { worker in
            switch worker {
            case 0:
                for round in 1...rounds {
                    let begun = cache.latestPurge
                    cache.store(
                        PurgeConcurrencyTests.table(Int64(round - 1)),
                        scope: .everyone,
                        now: noon,
                        since: begun
                    )
                    cache.purge(.everything, kind)
                    purges.store(round, ordering: .sequentiallyConsistent)
                }
                isOver.store(true, ordering: .sequentiallyConsistent)
            case 1:
                while !isOver.load(ordering: .sequentiallyConsistent) {
                    let count = purges.load(ordering: .sequentiallyConsistent)
                    let begun = cache.latestPurge
                    usleep(2000)
                    cache.store(PurgeConcurrencyTests.table(Int64(count)), scope: .everyone, now: noon, since: begun)
                }
            default:
                var generator = SeededGenerator(seed: runSeed &+ UInt64(worker))
                while !isOver.load(ordering: .sequentiallyConsistent) {
                    let least = purges.load(ordering: .sequentiallyConsistent)
                    let some = Array(PurgeConcurrencyTests.tweets.shuffled(using: &generator).prefix(60))
                    let need = MetricNeed.totals(account: ada, tweets: some, types: .publicTotals)
                    let seen = cache.lookup(need, now: noon).cells.filter { $0.freshness == .fresh }
                    guard let lowest = seen.map(\.count).min(), lowest < least else { continue }
                    Issue.record("\(lowest) after purge \(least), seed \(runSeed)")
                    return
                }
            }
        }
        cache.purge(.everything, kind)
        cache.flush()
        #expect(cache.lookup(PurgeConcurrencyTests.need, now: noon).cells.allSatisfy { $0.freshness != .fresh })
        #expect(cache.statistics().purgesUnderWay == 0)
    }

    @Test("a purge that was acknowledged holds after kill -9 at any moment", arguments: [0, 1, 3, 8, 20])
    func killed(milliseconds: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("cache.sqlite")
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, milliseconds = milliseconds as Int] in
            let cache = try MetricCache(MetricCacheConfiguration(path: path)) { _ in }
            // Enough rows for many steps.
            for batch in 0..<6 {
                let tweets = (0..<1000).map { tweet(secondsOld: 50 * 86_400, number: UInt64(batch * 1000 + $0)) }
                let need = MetricNeed.totals(account: ada, tweets: tweets, types: .publicTotals)
                cache.store(answer(need, at: noon), scope: .everyone, now: noon)
            }
            cache.store(PurgeConcurrencyTests.table(1), scope: .everyone, now: noon)
            cache.flush()
            guard cache.purge(.everything, .hard).isDurable else { return }
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) {
                kill(getpid(), SIGKILL)
            }
            // What comes after the purge is written among the rows that it goes over.
            for round in 2...1_000_000 as ClosedRange<Int64> {
                cache.store(PurgeConcurrencyTests.table(round), scope: .everyone, now: noon)
                usleep(1000)
            }
        }
        let log = EventLog()
        let cache = try makeCache(folder, log: log)
        let others = (0..<6000).map { tweet(secondsOld: 50 * 86_400, number: UInt64($0)) }
        let all = MetricNeed.totals(account: ada, tweets: others, types: .publicTotals)
        for _ in 0..<2 {
            let cells = cache.lookup(PurgeConcurrencyTests.need, now: noon).cells
            #expect(cells.allSatisfy { $0 == .missing || $0.count > 1 })
            #expect(cache.lookup(all, now: noon).cells.allSatisfy { $0 == .missing })
            cache.flush()
        }
        cache.close()
        let check = try Connection(path: path, mode: .queryOnly, busyMilliseconds: 0)
        #expect(try check.text("PRAGMA integrity_check") == "ok")
        #expect(try check.integer("SELECT count(*) FROM totals") == check.integer("SELECT totals FROM sizes"))
        #expect(try check.integer("SELECT count(*) FROM totals") <= 120)
    }

    @Test func `with a full disk a purge holds as long as the process runs, and goes into the file when there is room`()
        async throws
    {
        let folder = try TemporaryFolder()
        let path = folder.path("cache.sqlite")
        await #expect(processExitsWith: .success) { [path = path as String] in
            let log = EventLog()
            var configuration = MetricCacheConfiguration(path: path)
            configuration.memoryBytes = 16 << 10
            let cache = try MetricCache(configuration, report: log.note)
            cache.store(PurgeConcurrencyTests.table(1), scope: .everyone, now: noon)
            cache.close()
            let again = try MetricCache(configuration, report: log.note)
            // No file of this process may grow at all, which looks like a full disk.
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit()
            unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            var unlimited = limit
            limit.rlim_cur = 16
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            #expect(!again.purge(.everything, .hard).isDurable)
            #expect(log.contains { if case .purgeDelayed = $0 { true } else { false } })
            #expect(again.lookup(PurgeConcurrencyTests.need, now: noon).cells.allSatisfy { $0 == .missing })
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &unlimited)
            let later = noon.advanced(bySeconds: 31)
            let other = MetricNeed.totals(account: ada, tweets: [tweet(secondsOld: 7)], types: .publicTotals)
            again.store(answer(other, at: later), scope: .everyone, now: later)
            again.flush()
            #expect(again.statistics().totalsRows == 1)
            again.close()
            let third = try MetricCache(configuration, report: log.note)
            #expect(third.lookup(PurgeConcurrencyTests.need, now: noon).cells.allSatisfy { $0 == .missing })
            #expect(third.lookup(other, now: later).isFresh)
        }
    }
}

import Dispatch
import Engagement
import Foundation
import SQLite
import TestSupport
import Testing

@testable import MetricCache

/// Ends that nobody prepares for: the process is killed, the disk is full. Each test runs in a process of its own.
@Suite struct AbruptEndTests {
    private static let tweets = (0..<250).map { tweet(secondsOld: 40 * 86_400, number: UInt64($0)) }

    private static func table(_ round: Int64) -> MetricTable {
        let now = noon.advanced(bySeconds: round)
        var table = MetricTable(.totals(account: ada, tweets: tweets, types: .publicTotals))
        for place in table.cells.indices { table.cells[place] = counted(round, at: now) }
        return table
    }

    @Test(arguments: [3, 20, 45, 80, 150])
    func `after kill -9 at any moment the file is sound and every row is whole`(milliseconds: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("cache.sqlite")
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, milliseconds = milliseconds as Int] in
            let cache = try MetricCache(MetricCacheConfiguration(path: path)) { _ in }
            cache.store(AbruptEndTests.table(1), scope: .everyone, now: noon.advanced(bySeconds: 1))
            cache.flush()
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) {
                kill(getpid(), SIGKILL)
            }
            for round in 2...1_000_000 as ClosedRange<Int64> {
                let now = noon.advanced(bySeconds: round)
                cache.store(AbruptEndTests.table(round), scope: .everyone, now: now)
                cache.flush()
            }
        }
        let log = EventLog()
        let cache = try makeCache(folder, log: log)
        #expect(log.all == [.opened(path: path)])
        let need = MetricNeed.totals(account: ada, tweets: AbruptEndTests.tweets, types: .publicTotals)
        let found = cache.lookup(need, now: noon.advanced(bySeconds: 1000))
        // Every row is of one round. The background may take half a round as one batch, so two rounds may be there, no more.
        for row in AbruptEndTests.tweets.indices {
            #expect(Set(need.types.types.map { found[row, $0].count }).count == 1)
        }
        let rounds = Set(found.cells.map(\.count)).sorted()
        #expect(rounds[0] >= 1)
        #expect(rounds == [rounds[0]] || rounds == [rounds[0], rounds[0] + 1])
        cache.close()
        let check = try Connection(path: path, mode: .queryOnly, busyMilliseconds: 0)
        #expect(try check.text("PRAGMA integrity_check") == "ok")
    }

    @Test func `with a full disk the cache goes on in memory, and writes again when there is room`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("cache.sqlite")
        await #expect(processExitsWith: .success) { [path = path as String] in
            let log = EventLog()
            let cache = try MetricCache(MetricCacheConfiguration(path: path), report: log.note)
            cache.store(AbruptEndTests.table(1), scope: .everyone, now: noon.advanced(bySeconds: 1))
            cache.flush()
            // No file of this process may grow beyond this, which looks like a full disk.
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit()
            unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            let unlimited = limit
            limit.rlim_cur = rlim_t(cache.statistics().fileBytes)
            limit.rlim_cur = min(limit.rlim_cur, 60_000)
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            var round: Int64 = 2
            while round < 100, !log.contains({ if case .writeFailed = $0 { true } else { false } }) {
                cache.store(AbruptEndTests.table(round), scope: .everyone, now: noon.advanced(bySeconds: round))
                cache.flush()
                round += 1
            }
            #expect(round < 100)
            let need = MetricNeed.totals(account: ada, tweets: AbruptEndTests.tweets, types: .publicTotals)
            let now = noon.advanced(bySeconds: round)
            #expect(cache.lookup(need, now: now).cells.allSatisfy { $0.count == round - 1 })
            #expect(cache.statistics().pendingRecords == 0)

            var wide = unlimited
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &wide)
            let later = now.advanced(bySeconds: 31)
            cache.store(AbruptEndTests.table(round + 31), scope: .everyone, now: later)
            cache.close()
            #expect(log.all.last == .writingResumed)
            let again = try MetricCache(MetricCacheConfiguration(path: path), report: log.note)
            #expect(again.lookup(need, now: later).cells.allSatisfy { $0.count == round + 31 })
        }
    }
}

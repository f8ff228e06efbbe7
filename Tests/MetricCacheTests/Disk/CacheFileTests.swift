import Engagement
import Foundation
import SQLite
import TestSupport
import Testing

@testable import MetricCache

@Suite struct CacheFileTests {
    private let folder: TemporaryFolder
    private let log = EventLog()
    private var path: String { folder.path("cache.sqlite") }

    private let need = MetricNeed.totals(
        account: ada,
        tweets: (0..<500).map { tweet(secondsOld: 40 * 86_400, number: UInt64($0)) },
        types: .publicTotals
    )

    init() throws {
        folder = try TemporaryFolder()
    }

    private func fill(_ cache: MetricCache) {
        cache.store(answer(need, at: noon), scope: .everyone, now: noon)
    }

    private func isFull(_ cache: MetricCache) -> Bool {
        cache.lookup(need, now: noon).cells == answer(need, at: noon).cells
    }

    private var setAside: [MetricCacheEvent.SetAsideReason] {
        log.all.compactMap { if case .setAside(_, _, let reason) = $0 { reason } else { nil } }
    }

    // MARK: - Restart

    @Test func `a restart keeps everything`() throws {
        let cache = try makeCache(folder)
        let window = HourWindow(start: UTCHour(index: 474_000), end: UTCHour(index: 474_100))
        let series = MetricNeed.series(
            account: ada,
            tweets: Array(need.tweets.prefix(20)),
            types: .series,
            window: window,
            grain: .hour
        )
        fill(cache)
        cache.store(answer(series, at: noon), scope: .account(ada), now: noon)
        cache.close()
        cache.close()
        let again = try makeCache(folder, log: log)
        #expect(isFull(again))
        #expect(again.lookup(series, now: noon).cells == answer(series, at: noon).cells)
        #expect(log.all == [.opened(path: path)])
        let statistics = again.statistics()
        #expect(statistics.totalsRows == 500)
        #expect(statistics.seriesRows == 20 * 5)
        #expect(statistics.fileBytes > 0)
        #expect(statistics.pendingRecords == 0)
    }

    @Test func `the file is its owner's alone`() throws {
        let cache = try makeCache(folder)
        fill(cache)
        cache.flush()
        for name in ["cache.sqlite", "cache.sqlite-wal"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path(name))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
        cache.close()
    }

    @Test func `what the file does not have is asked for once`() throws {
        let cache = try makeCache(folder)
        _ = cache.lookup(need, now: noon)
        #expect(cache.statistics().recordsReadFromFile == 500)
        _ = cache.lookup(need, now: noon)
        #expect(cache.statistics().recordsReadFromFile == 500)
    }

    // MARK: - Files that are no cache

    @Test func `a file that is no database is set aside`() throws {
        try Data("this is no database, and it is long enough to be looked at ".utf8 + Array(repeating: 7, count: 4096))
            .write(to: URL(filePath: path))
        try expectNewStart { if case .damaged = $0 { true } else { false } }
        let kept = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter { $0.contains("aside") }
        #expect(kept.count == 1)
        #expect(try Data(contentsOf: folder.url.appending(path: kept[0])).starts(with: Data("this is no".utf8)))
    }

    @Test func `another application's database is set aside whole`() throws {
        do {
            let other = try Connection(path: path, mode: .create, busyMilliseconds: 0)
            try other.execute("CREATE TABLE precious (id INTEGER); INSERT INTO precious VALUES (42);")
        }
        try expectNewStart { $0 == .foreign }
        guard case .setAside(_, let target, _) = log.all.first else { return }
        let kept = try Connection(path: target, mode: .queryOnly, busyMilliseconds: 0)
        #expect(try kept.integer("SELECT id FROM precious") == 42)
    }

    @Test func `a cache of a newer version is set aside`() throws {
        try makeCache(folder).close()
        do {
            let newer = try Connection(path: path, mode: .create, busyMilliseconds: 0)
            try newer.execute("PRAGMA user_version = 99")
        }
        try expectNewStart { $0 == .otherVersion(99) }
    }

    @Test func `a cache of version 1 keeps its numbers, and can be purged from then on`() throws {
        let cache = try makeCache(folder)
        fill(cache)
        cache.close()
        do {
            let older = try Connection(path: path, mode: .create, busyMilliseconds: 0)
            try older.execute("DROP TABLE purges; DROP TABLE notes; PRAGMA user_version = 1")
        }
        let again = try makeCache(folder, log: log)
        #expect(isFull(again))
        #expect(again.purge(.everything, .hard).isDurable)
        again.close()
        let purged = try makeCache(folder, log: log)
        #expect(purged.lookup(need, now: noon).cells.allSatisfy { $0.state == .missing })
        #expect(setAside.isEmpty)
    }

    @Test(
        "a folder that is not there, or cannot be one: the cache says so and works in memory",
        arguments: [
            "missing/cache.sqlite", "cache.sqlite/cache.sqlite",
        ]
    )
    func noFolder(name: String) throws {
        try Data("a file".utf8).write(to: URL(filePath: path))
        let log = log
        var settings = MetricCacheConfiguration(path: folder.path(name))
        settings.timeToLive = TimeToLive()
        let cache = try MetricCache(settings) { log.note($0) }
        fill(cache)
        cache.flush()
        #expect(isFull(cache))
        #expect(!cache.statistics().isFileReadable)
        #expect(log.all.contains { if case .unavailable = $0 { true } else { false } })
        // It holds as long as the process does.
        #expect(!cache.purge(.everything, .hard).isDurable)
        #expect(!isFull(cache))
    }

    @Test func `a cache that lacks a table is set aside`() throws {
        try makeCache(folder).close()
        do {
            let broken = try Connection(path: path, mode: .create, busyMilliseconds: 0)
            try broken.execute("DROP TABLE series")
        }
        try expectNewStart { if case .damaged = $0 { true } else { false } }
    }

    @Test func `a file that was cut off is used as far as it goes or set aside, at any length`() throws {
        let cache = try makeCache(folder)
        fill(cache)
        cache.close()
        let whole = try Data(contentsOf: URL(filePath: path))
        for length in [1, 15, 16, 99, 100, 511, 512, 4095, 4096, 4097, 8192, 12_289, whole.count / 2, whole.count - 1] {
            let other = try TemporaryFolder()
            try whole.prefix(length).write(to: URL(filePath: other.path("cache.sqlite")))
            let cache = try makeCache(other)
            expectNothingWrong(cache, "\(length) bytes")
            fill(cache)
            cache.flush()
            #expect(isFull(cache), "\(length) bytes")
            cache.close()
            #expect(isFull(try makeCache(other)), "\(length) bytes")
        }
    }

    @Test func `bytes that changed in the file never become numbers`() throws {
        let cache = try makeCache(folder)
        fill(cache)
        cache.close()
        let whole = try Data(contentsOf: URL(filePath: path))
        var generator = SeededGenerator(seed: runSeed)
        for round in 0..<30 {
            var bytes = whole
            for _ in 0..<40 {
                bytes[Int.random(in: 100..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            let other = try TemporaryFolder()
            try bytes.write(to: URL(filePath: other.path("cache.sqlite")))
            let cache = try makeCache(other)
            expectNothingWrong(cache, "round \(round), seed \(runSeed)")
            fill(cache)
            cache.flush()
            #expect(isFull(cache), "round \(round), seed \(runSeed)")
        }
    }

    /// Every cell is right or missing.
    private func expectNothingWrong(_ cache: MetricCache, _ comment: String) {
        let expected = answer(need, at: noon).cells
        let found = cache.lookup(need, now: noon).cells
        let isRight = zip(found, expected).allSatisfy { $0 == $1 || $0 == .missing }
        #expect(isRight, "\(comment)")
    }

    private func expectNewStart(_ isExpected: @escaping (MetricCacheEvent.SetAsideReason) -> Bool) throws {
        let cache = try makeCache(folder, log: log)
        #expect(setAside.count == 1)
        #expect(setAside.allSatisfy(isExpected), "\(log.all)")
        #expect(log.all.last == .opened(path: path))
        #expect(cache.lookup(need, now: noon).cells.allSatisfy { $0 == .missing })
        fill(cache)
        cache.close()
        #expect(isFull(try makeCache(folder)))
    }

    // MARK: - Files that cannot be used

    @Test("without a usable file the cache runs in memory", arguments: ["", "no/such/folder", "file/below"])
    func runsInMemory(suffix: String) throws {
        try Data().write(to: URL(filePath: folder.path("file")))
        var configuration = MetricCacheConfiguration(path: folder.path(suffix))
        configuration.busyTimeoutMilliseconds = 0
        let cache = try MetricCache(configuration, report: log.note)
        #expect(log.contains { if case .unavailable = $0 { true } else { false } })
        fill(cache)
        #expect(isFull(cache))
        cache.flush()
        #expect(!cache.statistics().isFileReadable)
        #expect(cache.statistics().pendingRecords == 0)
        cache.close()
        #expect(isFull(cache))
    }

    @Test func `a file that another process holds is used when it is free`() throws {
        try makeCache(folder).close()
        var holder: Connection? = try Connection(path: path, mode: .create, busyMilliseconds: 0)
        try holder?.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; DELETE FROM totals;")
        let cache = try makeCache(folder, log: log)
        #expect(log.contains { if case .unavailable(_, let error) = $0 { error.isBusy } else { false } })
        fill(cache)
        #expect(isFull(cache))
        try holder?.execute("ROLLBACK")
        holder = nil
        let later = noon.advanced(bySeconds: 60)
        cache.store(answer(need, at: later), scope: .everyone, now: later)
        cache.flush()
        #expect(log.all.suffix(2) == [.opened(path: path), .writingResumed])
        #expect(cache.statistics().totalsRows == 500)
    }

    @Test func `a file that is damaged while it is open is replaced, and what is stored then is kept`() throws {
        let cache = try makeCache(folder, memoryBytes: 16 << 10, log: log)
        fill(cache)
        cache.close()
        let again = try makeCache(folder, memoryBytes: 16 << 10, log: log)
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        let size = try file.seekToEnd()
        try file.seek(toOffset: 4096)
        try file.write(contentsOf: Data(repeating: 0xEE, count: Int(size) - 4096))
        try file.close()
        #expect(again.lookup(need, now: noon).cells.allSatisfy { $0 == .missing })
        fill(again)
        again.close()
        #expect(setAside.count == 1)
        #expect(isFull(try makeCache(folder)))
    }

    // MARK: - Bound

    @Test func `the file stays within its bound, and the newest rows are in it`() throws {
        let bound = 1 << 20
        let cache = try makeCache(folder, memoryBytes: 64 << 10, maximumFileBytes: bound, log: log)
        for batch in 0..<80 {
            let now = noon.advanced(bySeconds: Int64(batch))
            let many = (0..<250).map { tweet(secondsOld: 40 * 86_400, number: UInt64(batch * 250 + $0)) }
            let need = MetricNeed.totals(account: ada, tweets: many, types: .publicTotals)
            cache.store(answer(need, at: now), scope: .everyone, now: now)
            cache.flush()
            #expect(cache.statistics().fileBytes <= bound)
        }
        #expect(log.contains { if case .evicted = $0 { true } else { false } })
        #expect(!log.contains { if case .writeFailed = $0 { true } else { false } })
        let rows = cache.statistics().totalsRows
        #expect(rows > 2500 && rows < 20_000)
        cache.close()
        let check = try Connection(path: path, mode: .queryOnly, busyMilliseconds: 0)
        #expect(try check.integer("SELECT count(*) FROM totals") == Int64(rows))
        #expect(try check.integer("SELECT count(*) FROM totals WHERE fetched = \(noon.seconds + 79)") == 250)
        #expect(try check.text("PRAGMA integrity_check") == "ok")
    }

    @Test func `days that can no longer be fetched are the last to make room`() throws {
        let cache = try makeCache(
            folder,
            memoryBytes: 64 << 10,
            maximumFileBytes: 1 << 20,
            history: HistoryDepth(days: 30),
            log: log
        )
        let many = (0..<300).map { TweetID(rawValue: UInt64($0) + 1) }
        func day(_ daysAgo: Int64) -> MetricNeed {
            let start = UTCHour(index: Int32((noon.seconds / 86_400 - daysAgo) * 24))
            let window = HourWindow(start: start, end: start.advanced(by: 24))
            let types = EngagementTypeSet(.impressions)
            return .series(account: ada, tweets: many, types: types, window: window, grain: .hour)
        }
        // Fetched before everything else, some of it from before the horizon.
        for need in [day(32), day(10)] {
            cache.store(answer(need, at: noon), scope: .account(ada), now: noon)
            cache.flush()
        }
        for batch in 0..<80 {
            let now = noon.advanced(bySeconds: Int64(batch + 1))
            let others = (0..<250).map { tweet(secondsOld: 40 * 86_400, number: UInt64(batch * 250 + $0)) }
            let need = MetricNeed.totals(account: ada, tweets: others, types: .publicTotals)
            cache.store(answer(need, at: now), scope: .everyone, now: now)
            cache.flush()
        }
        cache.close()
        let file = try Connection(path: folder.path("cache.sqlite"), mode: .queryOnly, busyMilliseconds: 0)
        func rows(_ daysAgo: Int64) throws -> Int64 {
            try file.integer("SELECT count(*) FROM series WHERE day = \(noon.seconds / 86_400 - daysAgo)")
        }
        #expect(try rows(32) == 300)
        #expect(try rows(10) < 300)
    }

    @Test func `a lowered bound is reached in steps`() throws {
        let cache = try makeCache(folder, maximumFileBytes: 8 << 20)
        let many = (0..<20_000).map { tweet(secondsOld: 40 * 86_400, number: UInt64($0)) }
        let big = MetricNeed.totals(account: ada, tweets: many, types: .publicTotals)
        cache.store(answer(big, at: noon), scope: .everyone, now: noon)
        cache.close()
        let smaller = try makeCache(folder, maximumFileBytes: 1 << 20)
        #expect(smaller.statistics().fileBytes > 1 << 20)
        for step in 0..<10 {
            let now = noon.advanced(bySeconds: Int64(step))
            smaller.store(answer(need, at: now), scope: .everyone, now: now)
            smaller.flush()
        }
        smaller.close()
        #expect(smaller.statistics().fileBytes <= 1 << 20)
    }
}

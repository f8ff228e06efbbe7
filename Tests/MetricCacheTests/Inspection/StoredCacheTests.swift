import Engagement
import Foundation
import MetricCache
import SQLite
import TestSupport
import Testing

@Suite struct StoredCacheTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path("cache.sqlite") }

    private let tweets = (0..<700).map { tweet(secondsOld: 40 * 86_400, number: UInt64($0)) }
    private var totals: MetricNeed { .totals(account: ada, tweets: tweets, types: .totals) }
    private var series: MetricNeed {
        .series(
            account: ada,
            tweets: Array(tweets.prefix(10)),
            types: EngagementTypeSet([.impressions]),
            window: HourWindow(start: UTCHour(index: 474_000), end: UTCHour(index: 474_048)),
            grain: .hour
        )
    }

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A cache with public and private totals of all Tweets, and two days of series of ten.
    private func filled() throws -> MetricCache {
        let cache = try makeCache(folder)
        cache.store(answer(totals, at: noon), scope: .everyone, now: noon)
        cache.store(
            answer(totals, at: noon.advanced(bySeconds: 5)),
            scope: .account(ada),
            now: noon.advanced(bySeconds: 5)
        )
        cache.store(answer(series, at: noon), scope: .account(ada), now: noon)
        cache.flush()
        return cache
    }

    private func numbers(_ stored: StoredCache, _ scope: CellScope, _ family: MetricFamily) throws -> [StoredNumber] {
        var all: [StoredNumber] = []
        guard var numbers = try stored.numbers(of: scope, family) else { return [] }
        while let part = try numbers.next() { all += part }
        return all
    }

    /// All files but the index of the log, in which SQLite keeps track of its readers.
    private var data: [String: Data] { folder.files.filter { !$0.key.hasSuffix("-shm") } }

    @Test("it counts what was stored, also while a cache has the file open", arguments: [true, false])
    func statistics(isOpen: Bool) throws {
        let cache = try filled()
        if !isOpen { cache.close() }
        let before = data
        let found = try StoredCache(path: path).statistics()
        #expect(data == before)
        #expect(found.purgesUnderWay == 0)
        #expect(found.fileBytes == before.values.reduce(0) { $0 + $1.count })
        let parts = found.parts
        #expect(parts.map(\.scope) == [.everyone, .account(ada), .account(ada)])
        #expect(parts.map(\.family) == [.totals, .totals, .series])
        #expect(parts.map(\.tweets) == [700, 700, 10])
        #expect(parts.map(\.rows) == [700, 700, 20])
        #expect(parts.map(\.oldest) == [noon, noon.advanced(bySeconds: 5), noon])
        #expect(parts.map(\.newest) == [noon, noon.advanced(bySeconds: 5), noon])
        #expect(parts.allSatisfy { $0.bytes >= $0.rows * 15 })
        if isOpen { cache.close() }
    }

    @Test func `it gives every number that was stored, once, under its scope`() throws {
        try filled().close()
        let stored = try StoredCache(path: path)
        #expect(try stored.accounts() == [ada])
        let publicNumbers = try numbers(stored, .everyone, .totals)
        #expect(publicNumbers.count == 700 * 5)
        for number in publicNumbers {
            let row = try #require(tweets.firstIndex(of: number.tweet))
            #expect(number.count == expectedCount(row, number.type, 0))
            #expect(number.time == .lifetime && number.state == .counted && number.fetchedAt == noon)
            #expect(EngagementTypeSet.publicTotals.contains(number.type))
        }
        #expect(Set(publicNumbers.map { [$0.tweet.rawValue, UInt64($0.type.rawValue)] }).count == 700 * 5)
        let hours = try numbers(stored, .account(ada), .series)
        #expect(hours.count == 10 * 48)
        for number in hours {
            guard case .hour(let hour) = number.time, let row = tweets.firstIndex(of: number.tweet) else {
                Issue.record("\(number)")
                continue
            }
            #expect(number.count == expectedCount(row, .impressions, Int(hour.index) - 474_000))
        }
        #expect(try numbers(stored, .everyone, .series).isEmpty)
        #expect(try stored.numbers(of: .account(bob), .totals) == nil)
    }

    @Test func `numbers that are being purged are left out, though their rows are still there`() throws {
        try filled().close()
        // A purge as a process leaves it that was killed as soon as it had written it down.
        do {
            let connection = try Connection(path: path, mode: .create, busyMilliseconds: 0)
            try connection.execute(
                """
                INSERT INTO purges (number, kind, account) VALUES (1, 'soft', 'ada');
                INSERT INTO purges (number, kind, family) VALUES (2, 'hard', 1);
                """
            )
        }
        let stored = try StoredCache(path: path)
        #expect(try stored.statistics().purgesUnderWay == 2)
        #expect(try numbers(stored, .everyone, .totals).allSatisfy { !$0.isOutdated })
        #expect(try numbers(stored, .account(ada), .totals).allSatisfy { $0.isOutdated })
        #expect(try numbers(stored, .account(ada), .series).isEmpty)
        let reader = try MetricCache(MetricCacheConfiguration(path: path, isReadOnly: true)) { _ in }
        #expect(reader.lookup(series, now: noon).cells.allSatisfy { $0 == .missing })
        // Whoever opens it for writing goes on with them.
        let cache = try makeCache(folder)
        #expect(cache.lookup(series, now: noon).cells.allSatisfy { $0 == .missing })
        cache.close()
        let again = try makeCache(folder)
        again.flush()
        #expect(again.statistics().purgesUnderWay == 0)
        #expect(again.statistics().seriesRows == 0)
    }

    // MARK: - Verifying

    @Test("a sound file is found sound, also while a cache writes it", arguments: [true, false])
    func sound(isOpen: Bool) throws {
        let cache = try filled()
        if !isOpen { cache.close() }
        let before = data
        let found = try StoredCache(path: path).verify()
        #expect(found.problems == [])
        #expect(found.rows == 1420)
        #expect(data == before)
        if isOpen { cache.close() }
    }

    @Test(
        "what is wrong with a file is found",
        arguments: [
            ("UPDATE totals SET cells = zeroblob(20) WHERE rowid_of = 3", "the checksum of 1 rows"),
            ("UPDATE totals SET tweet = 12 WHERE rowid_of = 3", "the checksum of 1 rows"),
            ("DELETE FROM totals WHERE rowid_of = 3", "totals should have 1400 rows and has 1399"),
            ("UPDATE sizes SET series = 7", "series should have 7 rows and has 20"),
            ("DELETE FROM accounts", "700 rows of totals belong to no account"),
        ]
    )
    func faults(_ change: String, _ words: String) throws {
        try filled().close()
        do {
            let connection = try Connection(path: path, mode: .create, busyMilliseconds: 0)
            let row = "scope = 0 AND tweet = \(tweets[3].rawValue)"
            try connection.execute(change.replacingOccurrences(of: "rowid_of = 3", with: row))
        }
        let found = try StoredCache(path: path).verify()
        #expect(found.problems.contains { $0.contains(words) }, "\(found.problems)")
    }

    @Test func `damaged pages are found, and the file stays as it was`() throws {
        try filled().close()
        var bytes = try #require(folder.files["cache.sqlite"])
        for place in stride(from: 8192, to: bytes.count, by: 7) { bytes[place] = 0xA5 }
        try bytes.write(to: URL(filePath: path))
        #expect(try !StoredCache(path: path).verify().isSound)
        #expect(folder.files["cache.sqlite"] == bytes)
        #expect(folder.files.count == 1)
    }

    // MARK: - Files that are none

    @Test func `a file that is not there, or no cache of this version, is told and left alone`() throws {
        #expect(throws: StoredCacheError.missing(path: path)) { try StoredCache(path: path) }
        #expect(throws: StoredCacheError.missing(path: path)) { try StoredCache.purge(path: path, .everything, .hard) }
        #expect(folder.files.isEmpty)
        try Data("no database at all, but long enough to be looked at".utf8).write(to: URL(filePath: path))
        expectUnusable("file is not a database")
        try FileManager.default.removeItem(atPath: path)
        do {
            let other = try Connection(path: path, mode: .create, busyMilliseconds: 0)
            try other.execute("CREATE TABLE precious (id INTEGER)")
        }
        expectUnusable("another application")
        try FileManager.default.removeItem(atPath: path)
        try filled().close()
        do {
            let newer = try Connection(path: path, mode: .create, busyMilliseconds: 0)
            try newer.execute("PRAGMA user_version = 99")
        }
        expectUnusable("schema version 99")
    }

    private func expectUnusable(_ words: String) {
        let before = data
        for open in [
            { _ = try StoredCache(path: path) }, { _ = try StoredCache.purge(path: path, .everything, .hard) },
        ] {
            let error = #expect(throws: StoredCacheError.self) { try open() }
            #expect(error?.description.contains(words) == true, "\(String(describing: error))")
        }
        #expect(data == before)
    }

    // MARK: - Purging

    @Test func `a file that nobody has open is purged`() throws {
        try filled().close()
        let some = Array(tweets[2..<6])
        #expect(try StoredCache.purge(path: path, PurgeSelection(tweets: some), .hard) == 4 * 2 + 4 * 2)
        #expect(try StoredCache.purge(path: path, PurgeSelection(account: AccountName("nobody")), .hard) == 0)
        #expect(try StoredCache.purge(path: path, PurgeSelection(family: .series), .soft) == 6 * 2)
        #expect(try StoredCache(path: path).verify().problems == [])
        let cache = try makeCache(folder)
        let found = cache.lookup(totals, now: noon)
        for (row, tweet) in tweets.enumerated() {
            #expect((found[row, .favorites] == .missing) == some.contains(tweet))
        }
        #expect(cache.lookup(series, now: noon).cells.allSatisfy { $0 == .missing || $0.freshness == .expired })
        // What comes after them is not taken for what they purged.
        cache.store(answer(totals, at: noon), scope: .everyone, now: noon)
        cache.close()
        #expect(try makeCache(folder).lookup(totals, now: noon)[3, .favorites].freshness == .fresh)
    }

    @Test func `everything that is purged makes the file small`() throws {
        try filled().close()
        let before = try StoredCache(path: path).fileBytes
        #expect(try StoredCache.purge(path: path, .everything, .hard) == 1420)
        #expect(try StoredCache(path: path).fileBytes < before / 2)
        #expect(try StoredCache(path: path).statistics().parts.isEmpty)
    }

    @Test func `a file that a cache has open is not purged behind its back`() throws {
        let cache = try filled()
        #expect(throws: StoredCacheError.inUse(path: path)) {
            try StoredCache.purge(path: path, .everything, .hard, busyMilliseconds: 20)
        }
        #expect(cache.lookup(totals, now: noon)[3, .favorites].freshness == .fresh)
        #expect(try StoredCache(path: path).statistics().purgesUnderWay == 0)
        cache.close()
        #expect(try StoredCache.purge(path: path, .everything, .hard) == 1420)
    }
}

import Engagement
import Foundation
import SQLite
import TestSupport
import Testing

@testable import MetricCache

@Suite struct PurgeTests {
    private static let tweets = (0..<14).map { tweet(secondsOld: 40 * 86_400, number: UInt64($0)) }
    private static let window = HourWindow(start: UTCHour(index: 474_000), end: UTCHour(index: 474_030))

    /// What a cache is filled with: the same Tweets, under two accounts and in both families.
    private static let needs: [MetricNeed] = [ada, bob].flatMap { account in
        [
            MetricNeed.totals(account: account, tweets: tweets, types: .totals),
            .series(
                account: account,
                tweets: tweets,
                types: EngagementTypeSet([.impressions, .urlClicks]),
                window: window,
                grain: .hour
            ),
        ]
    }

    private func fill(_ cache: MetricCache, at time: UnixTime = noon, since purge: PurgeNumber? = nil) {
        for need in PurgeTests.needs {
            cache.store(answer(need, at: time), scope: .everyone, now: time, since: purge)
            cache.store(answer(need, at: time), scope: .account(need.account), now: time, since: purge)
        }
    }

    /// What is known of each need: "account family" and the Tweets that have all of its cells.
    private func known(
        _ cache: MetricCache,
        at time: UnixTime = noon,
        _ freshness: Cell.Freshness = .fresh
    ) -> [Set<TweetID>] {
        PurgeTests.needs.map { need in
            let table = cache.lookup(need, now: time)
            return Set(
                need.tweets.enumerated().filter { row, _ in
                    table.cells[row * table.tweetStride..<(row + 1) * table.tweetStride]
                        .allSatisfy { $0.freshness == freshness }
                }.map(\.element)
            )
        }
    }

    private static let all = Set(tweets)
    private static let some = Array(tweets[3..<6])
    private static let rest = all.subtracting(some)

    /// Of ada's totals, ada's series, bob's totals and bob's series: what is still known in full.
    private static let selections: [(PurgeSelection, [Set<TweetID>])] = [
        (.everything, [[], [], [], []]),
        (PurgeSelection(tweets: some), [rest, rest, rest, rest]),
        // Public numbers are nobody's, and a row of totals that lacks the private ones is not complete.
        (PurgeSelection(account: ada), [[], [], all, all]),
        (PurgeSelection(family: .totals), [[], all, [], all]),
        (PurgeSelection(family: .series), [all, [], all, []]),
        (PurgeSelection(tweets: some, account: bob), [all, all, rest, rest]),
        (PurgeSelection(tweets: some, account: bob, family: .series), [all, all, all, rest]),
        (PurgeSelection(tweets: []), [all, all, all, all]),
        (PurgeSelection(account: AccountName("nobody")), [all, all, all, all]),
    ]

    enum Place: CaseIterable {
        case memoryOnly
        case memoryAndFile
        /// So little memory that most rows are only in the file.
        case file
        /// The rows wait to be written.
        case waiting
    }

    @Test(
        "a purge is about what it selects and nothing else, at once, behind it and after a restart",
        arguments: Place.allCases
    )
    func selections(_ place: Place) throws {
        for (selection, expected) in PurgeTests.selections {
            let folder = try TemporaryFolder()
            let memoryBytes = place == .file ? 16 << 10 : 4 << 20
            let cache = try makeCache(place == .memoryOnly ? nil : folder, memoryBytes: memoryBytes)
            fill(cache)
            if place != .waiting { cache.flush() }
            #expect(known(cache) == Array(repeating: PurgeTests.all, count: 4))
            #expect(cache.purge(selection, .hard).isDurable)
            #expect(known(cache) == expected, "\(selection)")
            cache.flush()
            #expect(known(cache) == expected, "\(selection), when it is over")
            cache.close()
            if place != .file { #expect(known(cache) == expected, "\(selection), closed") }
            guard place != .memoryOnly else { continue }
            let again = try makeCache(folder)
            #expect(known(again) == expected, "\(selection), opened again")
            #expect(again.statistics().purgesUnderWay == 0)
        }
    }

    @Test("a soft purge makes numbers expired, also those that would never be fetched again", arguments: Place.allCases)
    func soft(_ place: Place) throws {
        for (selection, fresh) in PurgeTests.selections {
            let folder = try TemporaryFolder()
            let cache = try makeCache(
                place == .memoryOnly ? nil : folder,
                memoryBytes: place == .file ? 16 << 10 : 4 << 20
            )
            fill(cache)
            if place != .waiting { cache.flush() }
            cache.purge(selection, .soft)
            for step in ["at once", "when it is over"] {
                #expect(known(cache) == fresh, "\(selection) \(step)")
                for (need, fresh) in zip(PurgeTests.needs, fresh) {
                    let table = cache.lookup(need, now: noon)
                    #expect(table.cells.allSatisfy { $0.freshness == .fresh || $0.freshness == .expired })
                    #expect(table.cells.map(\.count) == answer(need, at: noon).cells.map(\.count))
                    #expect(table.cells.allSatisfy { $0.fetchedAt == UInt32(noon.seconds) })
                    if fresh.isEmpty { #expect(cache.lookup(need, now: noon, notBefore: noon).cells == table.cells) }
                }
                cache.flush()
            }
            // What is fetched then is as good as ever, in the same second too.
            fill(cache)
            #expect(known(cache) == Array(repeating: PurgeTests.all, count: 4))
        }
    }

    @Test func `a soft purge does not bring back a number that upstream took back`() throws {
        let folder = try TemporaryFolder()
        let cache = try makeCache(folder)
        let need = MetricNeed.totals(account: ada, tweets: PurgeTests.some, types: .publicTotals)
        cache.store(answer(need, at: noon), scope: .everyone, now: noon)
        cache.close()
        // The older number is in the file alone, and that there is none in memory alone.
        let again = try makeCache(folder)
        for state in [Cell.State.unavailable, .forbidden, .tooOld] {
            let later = noon.advanced(bySeconds: Int64(state.rawValue))
            var table = MetricTable(need)
            for place in table.cells.indices { table.cells[place] = absent(state, at: later) }
            again.store(table, scope: .everyone, now: later)
            again.purge(.everything, .soft)
            for _ in 0..<2 {
                let found = again.lookup(need, now: later)
                #expect(found.cells.allSatisfy { $0.state == state && $0.freshness == .expired })
                again.flush()
            }
        }
    }

    @Test func `a number that a soft purge has been over lives no longer than it would have`() throws {
        let cache = try makeCache()
        let need = MetricNeed.totals(account: ada, tweets: PurgeTests.some, types: .publicTotals)
        cache.store(answer(need, at: noon), scope: .everyone, now: noon)
        cache.purge(.everything, .soft)
        #expect(
            cache.lookup(need, now: noon.advanced(bySeconds: 2 * 86_400 - 1)).cells.allSatisfy {
                $0.freshness == .expired
            }
        )
        #expect(cache.lookup(need, now: noon.advanced(bySeconds: 2 * 86_400)).cells.allSatisfy { $0 == .missing })
    }

    // MARK: - Order

    @Test func `what was asked for before a purge and comes after it is not stored, whatever the clock says`() throws {
        let cache = try makeCache()
        let need = MetricNeed.totals(account: ada, tweets: PurgeTests.tweets, types: .publicTotals)
        let begun = cache.latestPurge
        cache.purge(PurgeSelection(tweets: PurgeTests.some), .hard)
        cache.flush()
        let later = noon.advanced(bySeconds: 5)
        #expect(cache.store(answer(need, at: later), scope: .everyone, now: later, since: begun) == PurgeTests.some)
        let found = cache.lookup(need, now: later)
        for (row, tweet) in PurgeTests.tweets.enumerated() {
            #expect((found[row, .favorites] == .missing) == PurgeTests.some.contains(tweet))
        }
        #expect(cache.store(answer(need, at: later), scope: .everyone, now: later, since: cache.latestPurge) == [])
        #expect(cache.lookup(need, now: later).isFresh)
        // Of another family's or account's purge it is not the business.
        let last = cache.latestPurge
        cache.purge(PurgeSelection(account: ada), .hard)
        cache.purge(PurgeSelection(family: .series), .hard)
        #expect(cache.store(answer(need, at: later), scope: .everyone, now: later, since: last) == [])
    }

    @Test func `a call that is older than all purges that are remembered counts as overtaken`() throws {
        let cache = try makeCache()
        let need = MetricNeed.totals(account: ada, tweets: PurgeTests.some, types: .publicTotals)
        let begun = cache.latestPurge
        for _ in 0..<100 { cache.purge(PurgeSelection(family: .series), .hard) }
        #expect(cache.store(answer(need, at: noon), scope: .everyone, now: noon, since: begun) == PurgeTests.some)
        #expect(cache.store(answer(need, at: noon), scope: .everyone, now: noon) == [])
    }

    @Test func `numbers of the future, as a clock that was set back leaves behind, are purged too`() throws {
        let folder = try TemporaryFolder()
        let cache = try makeCache(folder)
        fill(cache, at: noon.advanced(bySeconds: 50))
        cache.close()
        let again = try makeCache(folder)
        again.purge(.everything, .hard)
        #expect(known(again, at: noon.advanced(bySeconds: 60)) == [[], [], [], []])
    }

    @Test func `many purges in a row are bounded, and each holds`() throws {
        let folder = try TemporaryFolder()
        let cache = try makeCache(folder)
        fill(cache)
        for tweet in PurgeTests.tweets {
            for _ in 0..<5 { cache.purge(PurgeSelection(tweets: [tweet]), .hard) }
            #expect(cache.statistics().purgesUnderWay <= 65)
            #expect(known(cache).allSatisfy { !$0.contains(tweet) })
        }
        cache.flush()
        #expect(cache.statistics().purgesUnderWay == 0)
        #expect(cache.statistics().totalsRows == 0)
        #expect(cache.statistics().seriesRows == 0)
    }

    // MARK: - Files

    @Test func `rows are gone from the file when it is over, and the counts of rows agree`() throws {
        let folder = try TemporaryFolder()
        let log = EventLog()
        let cache = try makeCache(folder, log: log)
        fill(cache)
        cache.flush()
        cache.purge(PurgeSelection(tweets: PurgeTests.some), .hard)
        cache.flush()
        #expect(log.all.contains(.purged(PurgeSelection(tweets: PurgeTests.some), .hard, rows: 3 * 3 + 3 * 2 * 2)))
        cache.purge(PurgeSelection(account: bob), .soft)
        cache.flush()
        #expect(log.all.last == .purged(PurgeSelection(account: bob), .soft, rows: 11 + 11 * 2))
        cache.close()
        let check = try Connection(path: folder.path("cache.sqlite"), mode: .queryOnly, busyMilliseconds: 0)
        #expect(try check.integer("SELECT count(*) FROM totals") == 11 * 3)
        #expect(try check.integer("SELECT count(*) FROM series") == 11 * 2 * 2)
        #expect(try check.integer("SELECT totals FROM sizes") == 11 * 3)
        #expect(try check.integer("SELECT series FROM sizes") == 11 * 2 * 2)
        #expect(try check.integer("SELECT count(*) FROM purges") == 0)
        #expect(try check.text("PRAGMA integrity_check") == "ok")
    }

    @Test func `without its file a purge holds in memory, and goes into the file when it can be had`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("cache.sqlite")
        let first = try makeCache(folder)
        fill(first)
        // The file has had purges before: numbers of its rows and those of a process without it are not to be mixed up.
        for _ in 0..<3 { first.purge(PurgeSelection(tweets: [PurgeTests.some[0]]), .soft) }
        fill(first)
        first.close()
        var holder: Connection? = try Connection(path: path, mode: .create, busyMilliseconds: 0)
        try holder?.execute(
            "PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; DELETE FROM totals; ROLLBACK; BEGIN IMMEDIATE; DELETE FROM totals;"
        )

        let cache = try makeCache(folder)
        #expect(!cache.purge(PurgeSelection(tweets: PurgeTests.some), .hard).isDurable)
        try holder?.execute("ROLLBACK")
        holder = nil
        let later = noon.advanced(bySeconds: 60)
        let other = MetricNeed.totals(account: ada, tweets: [tweet(secondsOld: 5000)], types: .publicTotals)
        cache.store(answer(other, at: later), scope: .everyone, now: later)
        cache.flush()
        #expect(cache.statistics().isFileReadable)
        #expect(known(cache) == Array(repeating: PurgeTests.rest, count: 4))
        cache.close()
        #expect(known(try makeCache(folder)) == Array(repeating: PurgeTests.rest, count: 4))
    }

    @Test func `more purges than can be told apart without a file become one of everything`() throws {
        let cache = try MetricCache(MetricCacheConfiguration(path: "/nowhere/cache.sqlite")) { _ in }
        fill(cache)
        for number in 0..<400 {
            #expect(
                !cache.purge(PurgeSelection(tweets: [tweet(secondsOld: 9, number: UInt64(number))]), .hard).isDurable
            )
        }
        #expect(cache.statistics().purgesUnderWay <= 256)
        #expect(known(cache) == [[], [], [], []])
        fill(cache)
        #expect(known(cache) == Array(repeating: PurgeTests.all, count: 4))
    }
}

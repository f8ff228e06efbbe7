import Engagement
import TestSupport
import Testing

@testable import MetricCache

@Suite("Records of other nodes")
struct RecordCopyTests {
    static let now = UnixTime(iso8601: "2026-11-20T12:30:00Z") ?? UnixTime(seconds: 0)
    let tweet = TweetID(rawValue: 42)
    let ada = AccountName("ada")

    private func cache() throws -> MetricCache {
        try MetricCache(MetricCacheConfiguration(path: nil)) { Issue.record("the cache reports \($0)") }
    }

    private var seconds: UInt32 { UInt32(RecordCopyTests.now.seconds) }

    /// Totals, each a type, a count and how many seconds ago it was fetched.
    private func totals(_ cells: (EngagementType, Int64, Int)..., scope: CellScope = .everyone) -> RecordCopy {
        var record = TotalsRow()
        for (type, count, age) in cells {
            record[type] = StoredCell(count: count, fetchedAt: UInt32(Int(seconds) - age), state: .counted)
        }
        var bytes: [UInt8] = []
        record.encode(into: &bytes, purge: 0)
        return RecordCopy(name: RecordName(scope: scope, tweet: tweet, day: nil), bytes: bytes)
    }

    private func table(_ cache: MetricCache, _ types: EngagementTypeSet) -> MetricTable {
        cache.lookup(.totals(account: ada, tweets: [tweet], types: types), now: RecordCopyTests.now)
    }

    @Test("What one cache has, another takes over")
    func passedOn() throws {
        let (one, other) = (try cache(), try cache())
        let now = RecordCopyTests.now
        let day = now.flooredHour.day
        let window = HourWindow(start: day.firstHour, end: day.firstHour.advanced(by: 12))
        let needs = [
            MetricNeed.totals(account: ada, tweets: [tweet], types: .init(.favorites)),
            .totals(account: ada, tweets: [tweet], types: .init(.impressions)),
            .series(account: ada, tweets: [tweet], types: .init(.replies), window: window, grain: .hour),
        ]
        var names: [RecordName] = []
        for (place, need) in needs.enumerated() {
            var answer = MetricTable(need)
            for cell in answer.cells.indices {
                answer.cells[cell] = Cell(
                    count: Int64(cell + place),
                    fetchedAt: seconds,
                    state: .counted,
                    freshness: .fresh
                )
            }
            let scope = place == 0 ? CellScope.everyone : .account(ada)
            one.store(answer, scope: scope, now: now)
            names.append(RecordName(scope: scope, tweet: tweet, day: place == 2 ? day : nil))
        }
        #expect(other.takeIn(one.copies(of: names), now: now) == 3)
        for need in needs {
            #expect(other.lookup(need, now: now).isFresh)
            #expect(other.lookup(need, now: now).cells == one.lookup(need, now: now).cells)
        }
        #expect(one.copies(of: [RecordName(scope: .account(AccountName("bob")), tweet: tweet, day: nil)]).isEmpty)
    }

    @Test("Private numbers are not taken in as everyone's")
    func scopes() throws {
        let cache = try cache()
        let copy = totals((.favorites, 5, 0), (.impressions, 6, 0))
        #expect(cache.takeIn([copy], now: RecordCopyTests.now) == 1)
        #expect(table(cache, .init(.favorites)).isFresh)
        let record = try #require(cache.copies(of: [copy.name]).first)
        #expect(record.bytes == totals((.favorites, 5, 0)).bytes, "nothing of the impressions is kept")
        var day = SeriesDay()
        day[.replies, 3] = StoredCell(count: 1, fetchedAt: seconds, state: .counted)
        var bytes: [UInt8] = []
        day.encode(into: &bytes, purge: 0)
        let series = RecordCopy(
            name: RecordName(scope: .everyone, tweet: tweet, day: UTCDay(index: 20_000)),
            bytes: bytes
        )
        #expect(cache.takeIn([series], now: RecordCopyTests.now) == 0)
        #expect(cache.takeIn([totals((.impressions, 6, 0))], now: RecordCopyTests.now) == 0)
    }

    @Test("What makes no sense is left out", arguments: [-1, 61, 86_400 * 365])
    func nonsense(secondsAhead: Int) throws {
        let cache = try cache()
        let bad = secondsAhead < 0 ? totals((.favorites, -5, 0)) : totals((.favorites, 5, -secondsAhead))
        #expect(cache.takeIn([bad], now: RecordCopyTests.now) == 0)
        #expect(table(cache, .init(.favorites))[0, .favorites].state == .missing)
    }

    @Test("A clock that is ahead by a moment does no harm")
    func clocks() throws {
        let cache = try cache()
        #expect(cache.takeIn([totals((.favorites, 5, -60))], now: RecordCopyTests.now) == 1)
        let cell = table(cache, .init(.favorites))[0, .favorites]
        #expect(cell.count == 5)
        #expect(cell.fetchedAt == seconds, "it counts as fetched now")
    }

    @Test("Of two counts the one fetched later stays, whichever way they meet")
    func merging() throws {
        let cache = try cache()
        _ = cache.takeIn([totals((.favorites, 5, 10), (.replies, 7, 30))], now: RecordCopyTests.now)
        _ = cache.takeIn([totals((.favorites, 4, 20), (.replies, 8, 5))], now: RecordCopyTests.now)
        let table = table(cache, [.init(.favorites), .init(.replies)])
        #expect([table[0, .favorites].count, table[0, .replies].count] == [5, 8])
        let (one, two) = (totals((.favorites, 5, 10)), totals((.favorites, 4, 20), (.replies, 8, 5)))
        let expected = totals((.favorites, 5, 10), (.replies, 8, 5)).bytes
        #expect(one.merged(with: two.bytes, now: RecordCopyTests.now)?.bytes == expected)
        #expect(two.merged(with: one.bytes, now: RecordCopyTests.now)?.bytes == expected)
        let junk = RecordCopy(name: one.name, bytes: [9, 9])
        #expect(one.merged(with: [9, 9], now: RecordCopyTests.now)?.bytes == one.bytes)
        #expect(junk.merged(with: one.bytes, now: RecordCopyTests.now)?.bytes == one.bytes)
        #expect(junk.merged(with: nil, now: RecordCopyTests.now) == nil)
    }

    @Test("A record is of use until its longest cell could no longer be served, and with a sealed hour for good")
    func usefulness() {
        var life = TimeToLive()
        life.totalsLater = 100
        life.staleIfError = 1000
        let now = RecordCopyTests.now
        #expect(totals((.favorites, 5, 40), (.replies, 5, 70)).usefulSeconds(life, now: now) == 1060)
        #expect(totals((.favorites, 5, 2000)).usefulSeconds(life, now: now) == 0)
        #expect(RecordCopy(name: totals().name, bytes: [7]).usefulSeconds(life, now: now) == 0)
        for (age, expected) in [(49, nil), (47, life.seriesSettlingHour + 1000)] as [(Int, Int?)] {
            let hour = now.flooredHour.advanced(by: -age - 1)
            var record = SeriesDay()
            record[.replies, hour.hourOfDay] = StoredCell(count: 1, fetchedAt: seconds, state: .counted)
            var bytes: [UInt8] = []
            record.encode(into: &bytes, purge: 0)
            let name = RecordName(scope: .account(ada), tweet: tweet, day: hour.day)
            #expect(RecordCopy(name: name, bytes: bytes).usefulSeconds(life, now: now) == expected, "\(age) hours")
        }
    }

    @Test("Any bytes at all: they are taken in or not, and nothing breaks")
    func anything() throws {
        var generator = SeededGenerator(seed: runSeed)
        let cache = try cache()
        let good = totals((.favorites, 5, 10), (.retweets, 300, 20)).bytes
        for round in 0..<20_000 {
            var bytes = good
            for _ in 0...Int.random(in: 0...3, using: &generator) {
                bytes[Int.random(in: bytes.indices, using: &generator)] = .random(in: 0 ... .max, using: &generator)
            }
            bytes = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
            let day = round % 2 == 0 ? nil : UTCDay(index: .random(in: .min ... .max, using: &generator))
            let name = RecordName(scope: round % 3 == 0 ? .everyone : .account(ada), tweet: tweet, day: day)
            let copy = RecordCopy(name: name, bytes: bytes)
            _ = copy.merged(with: good, now: RecordCopyTests.now)
            _ = cache.takeIn([copy], now: RecordCopyTests.now)
        }
        for cell in table(cache, .publicTotals).cells where cell.state != .missing {
            #expect(cell.count >= 0 && cell.fetchedAt <= seconds, "seed \(runSeed)")
        }
    }
}

import Engagement
import MetricCache
import TestSupport
import Testing

@Suite struct MetricCacheTests {
    private let tweets = [tweet(secondsOld: 40 * 86_400), tweet(secondsOld: 50 * 86_400), tweet(secondsOld: 60)]

    // MARK: - Totals

    @Test("what is stored is found, cell by cell", arguments: [true, false])
    func storedIsFound(inFile: Bool) throws {
        let folder = try TemporaryFolder()
        let cache = try makeCache(inFile ? folder : nil)
        let need = MetricNeed.totals(account: ada, tweets: tweets, types: .publicTotals)
        cache.store(answer(need, at: noon), scope: .everyone, now: noon)
        #expect(cache.lookup(need, now: noon).cells == answer(need, at: noon).cells)
        // Other types, order and Tweets than were stored.
        let stranger = tweet(secondsOld: 99)
        let other = MetricNeed.totals(
            account: bob,
            tweets: [stranger, tweets[2], tweets[0]],
            types: [.init(.replies), .init(.impressions)]
        )
        let table = cache.lookup(other, now: noon)
        #expect(table[0, .replies] == .missing)
        #expect(table[1, .replies] == counted(expectedCount(2, .replies, 0), at: noon))
        #expect(table[2, .replies] == counted(expectedCount(0, .replies, 0), at: noon))
        #expect((0..<3).allSatisfy { table[$0, .impressions] == .missing })
    }

    @Test func `a later answer replaces what it has, an earlier one does not, and the rest stays`() throws {
        let cache = try makeCache()
        let all = MetricNeed.totals(account: ada, tweets: [tweets[0]], types: .publicTotals)
        cache.store(answer(all, at: noon), scope: .everyone, now: noon)
        let later = noon.advanced(bySeconds: 60)
        let some = MetricNeed.totals(account: ada, tweets: [tweets[0]], types: [.init(.replies), .init(.retweets)])
        var partial = answer(some, at: later, plus: 5)
        partial[0, .retweets] = .missing
        cache.store(partial, scope: .everyone, now: later)
        cache.store(answer(some, at: noon.advanced(bySeconds: 30), plus: 99), scope: .everyone, now: later)
        let table = cache.lookup(all, now: later)
        #expect(table[0, .replies] == counted(expectedCount(0, .replies, 0) + 5, at: later))
        #expect(table[0, .retweets].count == expectedCount(0, .retweets, 0) + 99)
        #expect(table[0, .favorites] == counted(expectedCount(0, .favorites, 0), at: noon))
    }

    @Test func `a cell goes stale, expires, then is gone; what was fetched since a given moment is fresh`() throws {
        let cache = try makeCache()
        let need = MetricNeed.totals(account: ada, tweets: [tweets[2]], types: [.init(.replies)])
        cache.store(answer(need, at: noon), scope: .everyone, now: noon)
        func freshness(_ seconds: Int64, notBefore: UnixTime? = nil) -> Cell.Freshness {
            cache.lookup(need, now: noon.advanced(bySeconds: seconds), notBefore: notBefore)[0, .replies].freshness
        }
        #expect(freshness(29) == .fresh)
        #expect(freshness(30) == .stale)
        #expect(freshness(30, notBefore: UnixTime(milliseconds: noon.milliseconds + 999)) == .fresh)
        #expect(freshness(30, notBefore: noon.advanced(bySeconds: 1)) == .stale)
        #expect(freshness(60) == .expired)
        #expect(freshness(30 + 86_399) == .expired)
        #expect(cache.lookup(need, now: noon.advanced(bySeconds: 30 + 86_400))[0, .replies] == .missing)
    }

    @Test func `an absence is a cell with its reason`() throws {
        let cache = try makeCache()
        let need = MetricNeed.totals(account: ada, tweets: tweets, types: .totals)
        var table = MetricTable(need)
        for (row, state) in [Cell.State.unavailable, .forbidden, .tooOld].enumerated() {
            table[row, .impressions] = absent(state, at: noon)
        }
        cache.store(table, scope: .account(ada), now: noon)
        let found = cache.lookup(need, now: noon)
        #expect(found.cells == table.cells)
        #expect(cache.lookup(need, now: noon.advanced(bySeconds: 3600))[1, .impressions].freshness == .stale)
    }

    @Test func `a cell without a time, or from the future, counts as fetched now`() throws {
        let cache = try makeCache()
        let need = MetricNeed.totals(account: ada, tweets: [tweets[0]], types: [.init(.replies), .init(.retweets)])
        var table = MetricTable(need)
        table[0, .replies] = Cell(count: 3, fetchedAt: 0, state: .counted, freshness: .gone)
        table[0, .retweets] = counted(4, at: noon.advanced(bySeconds: 1_000_000))
        cache.store(table, scope: .everyone, now: noon)
        let found = cache.lookup(need, now: noon)
        #expect(found[0, .replies] == counted(3, at: noon))
        #expect(found[0, .retweets] == counted(4, at: noon))
    }

    // MARK: - Series

    private let day = UTCDay(index: 19_700)

    private func series(_ first: Int, _ end: Int, _ grain: MetricNeed.Grain, _ types: EngagementTypeSet) -> MetricNeed {
        let start = day.firstHour
        let window = HourWindow(start: start.advanced(by: first), end: start.advanced(by: end))
        return .series(account: ada, tweets: [tweets[0]], types: types, window: window, grain: grain)
    }

    @Test func `hours are found in any other window, across days`() throws {
        let cache = try makeCache()
        cache.store(answer(series(5, 60, .hour, .series), at: noon), scope: .account(ada), now: noon)
        let table = cache.lookup(series(0, 72, .hour, [.init(.urlClicks), .init(.impressions)]), now: noon)
        for hour in 0..<72 {
            let isKnown = (5..<60).contains(hour)
            let expected = isKnown ? counted(expectedCount(0, .urlClicks, hour - 5), at: noon) : .missing
            #expect(table[0, .urlClicks, hour] == expected)
        }
    }

    @Test func `24 hours answer for their day, as old as the oldest; a day does not answer for its hours`() throws {
        let cache = try makeCache()
        let types = EngagementTypeSet(.impressions)
        cache.store(answer(series(0, 23, .hour, types), at: noon), scope: .account(ada), now: noon)
        #expect(cache.lookup(series(0, 24, .day, types), now: noon)[0, .impressions] == .missing)
        let later = noon.advanced(bySeconds: 100)
        cache.store(answer(series(23, 24, .hour, types), at: later, plus: 1000), scope: .account(ada), now: later)
        let sum = (0..<23).reduce(0, +) + 1000
        #expect(cache.lookup(series(0, 24, .day, types), now: later)[0, .impressions] == counted(Int64(sum), at: noon))

        cache.store(answer(series(24, 48, .day, types), at: noon), scope: .account(ada), now: noon)
        let hours = cache.lookup(series(24, 48, .hour, types), now: noon)
        #expect(hours.cells.allSatisfy { $0 == .missing })
    }

    @Test func `a day from hours is fresh only if every hour is`() throws {
        let cache = try makeCache()
        let types = EngagementTypeSet(.impressions)
        let need = series(0, 24, .day, types)
        func day(_ now: UnixTime) -> Cell { cache.lookup(need, now: now)[0, .impressions] }
        // All hours are fetched while the last one is open.
        let open = self.day.firstHour.advanced(by: 23).start.advanced(bySeconds: 1800)
        cache.store(answer(series(0, 24, .hour, types), at: open), scope: .account(ada), now: open)
        #expect(day(open.advanced(bySeconds: 299)).freshness == .fresh)
        #expect(day(open.advanced(bySeconds: 300)).freshness == .stale)
        #expect(day(open.advanced(bySeconds: 300 + 86_400)) == .missing)
        // Some hours are fetched again when they are settled: the others are gone, and so is the day.
        let settled = self.day.start.advanced(bySeconds: 100 * 3600)
        cache.store(answer(series(0, 12, .hour, types), at: settled), scope: .account(ada), now: settled)
        #expect(day(settled) == .missing)
        // A day's cell of its own takes the place.
        cache.store(answer(need, at: settled, plus: 7), scope: .account(ada), now: settled)
        #expect(day(settled) == counted(7, at: settled))
        // When the rest follows, all hours are sealed, and the day is as old as the first half.
        let later = settled.advanced(bySeconds: 3600)
        cache.store(answer(series(12, 24, .hour, types), at: later, plus: 12), scope: .account(ada), now: later)
        #expect(day(later) == counted(7, at: settled))
        cache.store(answer(series(0, 12, .hour, types), at: later), scope: .account(ada), now: later)
        let sum = (0..<24).reduce(0, +)
        #expect(day(later.advanced(bySeconds: 1_000_000_000)) == counted(Int64(sum), at: later))
    }

    @Test func `hours with different outcomes do not add up to a day, equal absences do`() throws {
        let cache = try makeCache()
        let need = series(0, 24, .hour, [.init(.impressions), .init(.replies)])
        var table = answer(need, at: noon)
        table[0, .impressions, 7] = absent(.unavailable, at: noon)
        for hour in 0..<24 { table[0, .replies, hour] = absent(.forbidden, at: noon) }
        cache.store(table, scope: .account(ada), now: noon)
        let found = cache.lookup(series(0, 24, .day, need.types), now: noon)
        #expect(found[0, .impressions] == .missing)
        #expect(found[0, .replies] == absent(.forbidden, at: noon))
    }

    // MARK: - Configuration

    @Test func `a configuration that makes no sense is refused with its key`() {
        func key(_ change: (inout MetricCacheConfiguration) -> Void) -> String? {
            var configuration = MetricCacheConfiguration(path: nil)
            change(&configuration)
            do throws(MetricCacheError) {
                _ = try MetricCache(configuration) { _ in }
                return nil
            } catch {
                guard case .invalidConfiguration(let key, _) = error else { return nil }
                return key
            }
        }
        #expect(key { _ in } == nil)
        #expect(key { $0.path = "" } == "path")
        #expect(key { $0.path = ":memory:" } == "path")
        #expect(key { $0.memoryBytes = 1000 } == "memoryBytes")
        #expect(key { $0.maximumFileBytes = 1000 } == "maximumFileBytes")
        #expect(key { $0.timeToLive.staleIfError = -1 } == "staleIfError")
        #expect(key { $0.timeToLive.tooOld = .max } == "tooOld")
    }

    @Test func `memory stays within its bound`() throws {
        let cache = try makeCache(memoryBytes: 64 << 10)
        for batch in 0..<40 {
            let many = (0..<250).map { tweet(secondsOld: 86_400, number: UInt64(batch * 250 + $0)) }
            let need = MetricNeed.totals(account: ada, tweets: many, types: .publicTotals)
            cache.store(answer(need, at: noon), scope: .everyone, now: noon)
            #expect(cache.statistics().memoryBytes <= 64 << 10)
        }
        #expect(cache.statistics().memoryRecords > 400)
    }
}

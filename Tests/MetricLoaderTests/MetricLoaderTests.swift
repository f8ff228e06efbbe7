import Engagement
import EngagementAPI
import MetricCache
import MetricLoader
import TestSupport
import Testing

@Suite("A loader: cache first, then the fewest calls")
struct MetricLoaderTests {
    @Test("What has been fetched is not fetched again")
    func secondQuery() async throws {
        let fixture = try LoaderFixture()
        let need = totals(tweets(1...300), .totals)
        fixture.expectRight(await fixture.load(need))
        #expect(
            Set(fixture.upstream.descriptions) == [
                "POST /insights/engagement/totals: 250 Tweets, favorites,retweets,quote_tweets,replies,video_views by total as app",
                "POST /insights/engagement/totals: 50 Tweets, favorites,retweets,quote_tweets,replies,video_views by total as app",
                "POST /insights/engagement/totals: 250 Tweets, impressions,engagements by total as account ada",
                "POST /insights/engagement/totals: 50 Tweets, impressions,engagements by total as account ada",
            ]
        )
        #expect(fixture.upstream.takeMade().count == 4)
        let again = await fixture.load(need)
        fixture.expectRight(again)
        #expect(again.isFresh)
        #expect(again.counts == CellCounts(fresh: 2100))
        #expect(fixture.upstream.made.isEmpty)
    }

    @Test("Of a query that overlaps with an earlier one exactly the difference is fetched")
    func difference() async throws {
        let fixture = try LoaderFixture()
        fixture.expectRight(await fixture.load(totals(tweets(1, 2, 3), types(.favorites))))
        _ = fixture.upstream.takeMade()
        fixture.expectRight(await fixture.load(totals(tweets(4, 3, 2), types(.favorites, .replies))))
        let made = fixture.upstream.takeMade()
        #expect(made.map(\.call.tweets) == [tweets(4, 3, 2)])
        fixture.expectRight(await fixture.load(totals(tweets(5, 3, 1), types(.favorites))))
        #expect(fixture.upstream.takeMade().map(\.call.tweets) == [tweets(5)])
    }

    @Test("A longer window fetches the hours before and after, in a call each if they are months apart")
    func longerWindow() async throws {
        let fixture = try LoaderFixture()
        fixture.expectRight(await fixture.load(series(tweets(1), types(.replies), "2025-06-10", "2025-09-10")))
        #expect(fixture.upstream.takeMade().count == 4)
        fixture.expectRight(await fixture.load(series(tweets(1), types(.replies), "2025-06-01", "2025-09-20")))
        #expect(
            Set(fixture.upstream.takeMade().compactMap(\.call.window?.description)) == [
                "2025-06-01T00:00:00Z..<2025-06-10T00:00:00Z", "2025-09-10T00:00:00Z..<2025-09-20T00:00:00Z",
            ]
        )
    }

    @Test("Hours answer for days, days not for hours")
    func grains() async throws {
        let fixture = try LoaderFixture()
        fixture.expectRight(await fixture.load(series(tweets(1), types(.replies), "2026-03-01", "2026-03-08")))
        _ = fixture.upstream.takeMade()
        fixture.expectRight(await fixture.load(series(tweets(1), types(.replies), "2026-03-02", "2026-03-05", .day)))
        #expect(fixture.upstream.takeMade().isEmpty)
        fixture.expectRight(await fixture.load(series(tweets(2), types(.replies), "2026-03-02", "2026-03-05", .day)))
        fixture.expectRight(await fixture.load(series(tweets(2), types(.replies), "2026-03-02", "2026-03-05")))
        #expect(fixture.upstream.takeMade().map(\.call.grain) == [.day, .hour])
    }

    @Test("The last 28 hours come from 28hr, up to the hour that is open")
    func last28Hours() async throws {
        let fixture = try LoaderFixture()
        let need = series(tweets(1, 2), types(.replies), "2026-03-30T06:00:00Z", "2026-03-31T11:00:00Z")
        fixture.expectRight(await fixture.load(need))
        #expect(
            fixture.upstream.descriptions == [
                "POST /insights/engagement/28hr: 2 Tweets, replies by hour as account ada"
            ]
        )
    }

    @Test("Numbers are asked for again when their time has passed, and only those")
    func timeToLive() async throws {
        // Tweets without a time in their id count as old: their totals live for a day.
        let fixture = try LoaderFixture()
        let need = totals(tweets(1), types(.favorites))
        fixture.expectRight(await fixture.load(need))
        fixture.clock.advance(seconds: 3600)
        fixture.expectRight(await fixture.load(totals(tweets(2), types(.favorites))))
        fixture.clock.advance(seconds: 86_400 - 3601)
        _ = fixture.upstream.takeMade()
        fixture.expectRight(await fixture.load(totals(tweets(1, 2), types(.favorites))))
        #expect(fixture.upstream.takeMade().isEmpty)
        fixture.clock.advance(seconds: 1)
        let loaded = await fixture.load(totals(tweets(1, 2), types(.favorites)))
        fixture.expectRight(loaded)
        #expect(loaded.counts == CellCounts(fresh: 1, stale: 1))
        #expect(fixture.upstream.takeMade().map(\.call.tweets) == [tweets(1)])
    }

    @Test("Hours that are long over are never asked for again; those that are not are")
    func sealedHours() async throws {
        let fixture = try LoaderFixture()
        let need = series(tweets(1), types(.replies), "2026-03-20", "2026-03-31T10:00:00Z")
        fixture.expectRight(await fixture.load(need))
        _ = fixture.upstream.takeMade()
        fixture.clock.advance(seconds: 3600)
        fixture.expectRight(await fixture.load(need))
        // At 10:30 on the 31st, what had ended 48 hours before is settled.
        #expect(fixture.upstream.takeMade().map(\.call.window?.start) == [time("2026-03-29T10:00:00Z")])
        fixture.clock.advance(seconds: 90 * 86_400)
        fixture.expectRight(
            await fixture.load(series(tweets(1), types(.replies), "2026-03-20", "2026-03-29T10:00:00Z"))
        )
        #expect(fixture.upstream.takeMade().isEmpty)
    }

    @Test("Numbers whose life is no time at all are still answered")
    func shortLives() async throws {
        let fixture = try LoaderFixture { $0.timeToLive.totalsLater = 0 }
        let loaded = await fixture.load(totals(tweets(1), types(.favorites)))
        fixture.expectRight(loaded)
        #expect(loaded.tables[0].isFresh)
    }

    @Test("Private numbers are fetched with the account's own token, and never shown to another")
    func accounts() async throws {
        let fixture = try LoaderFixture()
        fixture.expectRight(await fixture.load(totals(tweets(1), types(.impressions, .favorites))))
        _ = fixture.upstream.takeMade()
        let bobs = await fixture.load(totals(tweets(1, 2), types(.impressions, .favorites), of: bob))
        // The favorites of the first are everybody's and known; its impressions are ada's, which is known too.
        #expect(
            fixture.upstream.descriptions.sorted() == [
                "POST /insights/engagement/totals: 1 Tweet, favorites by total as app",
                "POST /insights/engagement/totals: 1 Tweet, impressions by total as account bob",
            ]
        )
        #expect(fixture.upstream.made.allSatisfy { $0.call.tweets == tweets(2) })
        #expect(bobs.tables[0].states(0, .impressions) == [.forbidden])
        #expect(bobs.tables[0][0, .favorites].count == FakeUpstream.total(tweets(1)[0], .favorites))
        #expect(bobs.tables[0].states(1, .impressions) == [.counted])
    }

    @Test("Several needs of one operation share calls")
    func severalNeeds() async throws {
        let fixture = try LoaderFixture()
        let loaded = await fixture.load(
            totals(tweets(1, 2), types(.favorites)),
            totals(tweets(2, 3), types(.replies)),
            series(tweets(1), types(.replies), "2026-03-01", "2026-03-03"),
            series(tweets(2), types(.appOpens), "2026-03-02", "2026-03-04")
        )
        fixture.expectRight(loaded)
        #expect(
            Set(fixture.upstream.descriptions) == [
                "POST /insights/engagement/totals: 3 Tweets, favorites,replies by total as app",
                """
                POST /insights/engagement/historical: 2 Tweets, replies,app_opens by hour in \
                2026-03-01T00:00:00Z..<2026-03-04T00:00:00Z as account ada
                """,
            ]
        )
    }

    @Test("Any sequence of questions is answered rightly, and nothing that is fresh is asked for", arguments: 0..<6)
    func model(_ part: Int) async throws {
        var generator = SeededGenerator(seed: runSeed &+ UInt64(part))
        let fixture = try LoaderFixture()
        for round in 0..<40 {
            fixture.clock.advance(seconds: .random(in: 0...4000, using: &generator))
            let need = randomNeed(&generator, now: fixture.now)
            let known = fixture.loader.lookup([need], now: fixture.now).tables[0]
            let missing = Set(CellGap.gaps(in: known).map(\.tweet))
            let loaded = await fixture.load(need)
            let wrong = loaded.tables[0].firstWrongCell
            #expect(wrong == nil && loaded.failures.isEmpty, "ENGAGEQL_SEED=\(runSeed), round \(round): \(need)")
            let asked = Set(fixture.upstream.takeMade().flatMap(\.call.tweets))
            #expect(asked == missing, "ENGAGEQL_SEED=\(runSeed), round \(round): \(need)")
        }
    }

    private func randomNeed(_ generator: inout SeededGenerator, now: UnixTime) -> MetricNeed {
        let named = tweets(1...40).shuffled(using: &generator).prefix(.random(in: 1...30, using: &generator))
        let isTotals = Bool.random(using: &generator)
        let offered = (isTotals ? EngagementTypeSet.totals : .series).types
        let types = EngagementTypeSet(offered.shuffled(using: &generator).prefix(.random(in: 1...3, using: &generator)))
        if isTotals { return totals(Array(named), types) }
        let start = now.flooredHour.advanced(by: -Int.random(in: 1...900, using: &generator))
        let hours = Int.random(in: 1...Int(now.raisedHour.index - start.index), using: &generator)
        if Bool.random(using: &generator), start.day.firstHour.advanced(by: 24) <= now.flooredHour {
            let whole = HourWindow(start: start.day.firstHour, end: start.day.firstHour.advanced(by: 24))
            return .series(account: ada, tweets: Array(named), types: types, window: whole, grain: .day)
        }
        let window = HourWindow(start: start, end: start.advanced(by: hours))
        return .series(account: ada, tweets: Array(named), types: types, window: window, grain: .hour)
    }
}

import Engagement
import EngagementAPI
import MetricCache
import MetricLoader
import TestSupport
import Testing

@Suite("What an operation would cost")
struct ForecastTests {
    /// Needs of one operation, which gaps of all kinds become of.
    static let operations: [[MetricNeed]] = [
        [totals(tweets(1...600), types(.favorites))],
        [totals(tweets(1...3), types(.favorites, .impressions)), totals(tweets(2...5), types(.replies, .engagements))],
        [series(tweets(1...30), types(.replies), "2026-03-30T12:00:00Z", "2026-03-31T10:00:00Z")],
        [series(tweets(1...30), types(.replies), "2025-06-10", "2025-08-20", .day)],
        // Two gaps of one Tweet that gather before they are planned: the tile of four weeks ends between them.
        [
            series(tweets(1), types(.replies), "2026-01-01", "2026-01-28T20:00:00Z"),
            series(tweets(1), types(.favorites), "2026-01-29T08:00:00Z", "2026-01-30"),
        ],
        [
            totals(tweets(1...2), types(.impressions)), totals(tweets(3...4), types(.impressions), of: bob),
            series(tweets(3...5), types(.impressions), "2026-03-01", "2026-03-03", .day, of: bob),
        ],
        [],
    ]

    private func load(_ fixture: LoaderFixture, _ needs: [MetricNeed]) async -> LoadedMetrics {
        let loaded = fixture.loader.lookup(needs, now: fixture.now)
        if loaded.isFresh { return loaded }
        let deadline = fixture.now.advanced(bySeconds: 30)
        return await fixture.loader.fetch(loaded, for: needs, now: fixture.now, deadline: deadline)
    }

    private func lines(_ calls: [FakeUpstream.Made]) -> [String] {
        calls.map { "\($0) \($0.call.tweets)" }.sorted()
    }

    private func lines(_ forecast: LoadForecast) -> [String] {
        lines(forecast.calls.map { FakeUpstream.Made(call: $0.call, access: $0.access) })
    }

    @Test("It is told without a call, then exactly these calls are made and told, and then none", arguments: operations)
    func calls(_ needs: [MetricNeed]) async throws {
        let fixture = try LoaderFixture()
        let before = fixture.loader.forecast(needs, now: fixture.now)
        #expect(before.waits == !needs.isEmpty)
        #expect(before.counts == CellCounts(missing: needs.reduce(0) { $0 + $1.cellCount }))
        #expect(fixture.upstream.made.isEmpty)
        #expect(fixture.loader.waiting == 0)

        let loaded = await load(fixture, needs)
        fixture.expectRight(loaded)
        #expect(lines(before) == lines(fixture.upstream.made))
        let made = loaded.cost.calls.map { FakeUpstream.Made(call: $0.call, access: $0.access) }
        #expect(lines(made) == lines(fixture.upstream.made))
        #expect(loaded.cost.joined == 0)

        let after = fixture.loader.forecast(needs, now: fixture.now)
        #expect(after.calls.isEmpty)
        #expect(!after.waits)
        #expect(after.callsWithoutCache == before.calls.count)
        #expect(await load(fixture, needs).cost.calls.isEmpty)
    }

    @Test("Of a window of which the middle is known, the ends are told and then fetched")
    func gaps() async throws {
        let fixture = try LoaderFixture()
        _ = await fixture.load(series(tweets(1), types(.replies), "2026-03-10", "2026-03-14"))
        _ = fixture.upstream.takeMade()
        let needs = [series(tweets(1), types(.replies), "2026-03-06", "2026-03-20")]
        let forecast = fixture.loader.forecast(needs, now: fixture.now)
        #expect(forecast.counts == CellCounts(fresh: 96, missing: 240))
        fixture.expectRight(await load(fixture, needs))
        #expect(lines(forecast) == lines(fixture.upstream.made))
    }

    // MARK: - How long

    @Test(
        "Whether the answer waits goes by the worst number, and by whether anybody would answer",
        arguments: [
            // seconds since the fetch, whether calls are refused, counts, waits
            (0, false, CellCounts(fresh: 1), false), (0, true, CellCounts(fresh: 1), false),
            (86_400, false, CellCounts(stale: 1), false), (86_400, true, CellCounts(stale: 1), false),
            (90_000, false, CellCounts(expired: 1), true), (90_000, true, CellCounts(expired: 1), false),
            (400_000, false, CellCounts(missing: 1), true), (400_000, true, CellCounts(missing: 1), true),
        ] as [(Int64, Bool, CellCounts, Bool)]
    )
    func waits(_ seconds: Int64, _ isRefused: Bool, _ counts: CellCounts, _ waits: Bool) async throws {
        let fixture = try LoaderFixture()
        let need = totals(tweets(1), types(.favorites))
        fixture.expectRight(await fixture.load(need))
        fixture.clock.advance(seconds: seconds)
        let refusal = CallRefusal(
            until: fixture.now.advanced(bySeconds: 20),
            error: EngagementAPIError(.rateLimited(resetAt: nil), "no calls now")
        )
        if isRefused { fixture.upstream.refuse(refusal) }
        let forecast = fixture.loader.forecast([need], now: fixture.now)
        #expect(forecast.counts == counts)
        #expect(forecast.waits == waits)
        #expect(forecast.calls.count == counts.all - counts.fresh)
        #expect(forecast.refusals == (isRefused && counts.fresh == 0 ? [.application: refusal] : [:]))
        // It is what the operation itself would find.
        let loaded = fixture.loader.lookup([need], now: fixture.now)
        #expect((fixture.loader.answerable(loaded, for: [need], now: fixture.now) == nil) == waits)
    }

    // MARK: - What there is not

    @Test("Tweets without numbers are told by the reason, and cost no call until that is forgotten")
    func absences() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.spoil { call, reply throws(EngagementAPIError) in
            if call.tweets.contains(TweetID(rawValue: 3)), call.types.contains(.impressions) {
                throw EngagementAPIError(.forbiddenTweets(tweets(3)), "Forbidden to access tweets: 3")
            }
            reply.unavailable = tweets(2)
            reply.unsupportedForImpressionsAndEngagements = tweets(4)
        }
        let need = totals(tweets(1...4), types(.favorites, .impressions))
        _ = await fixture.load(need)
        let known = fixture.loader.forecast([need], now: fixture.now)
        #expect(
            known.needs.map(\.absences) == [[.unavailable: tweets(2), .forbidden: tweets(3), .tooOld: tweets(4)]]
        )
        #expect(known.calls.isEmpty)
        // That the third is another's is no matter of the cache.
        #expect(known.callsWithoutCache == 2)
        let elsewhere = fixture.loader.forecast([totals(tweets(3), types(.impressions))], now: fixture.now)
        #expect(elsewhere.callsWithoutCache == 0)

        fixture.clock.advance(seconds: 3600)
        let stale = fixture.loader.forecast([need], now: fixture.now)
        #expect(stale.needs.first?.absences[.unavailable] == nil)
        #expect(stale.tweetCount == 1)
    }

    // MARK: - In company

    @Test("Two operations that share a call both tell of it, and the second one that it was under way")
    func company() async throws {
        let fixture = try LoaderFixture()
        let need = totals(tweets(1...10), types(.favorites))
        fixture.upstream.hold()
        let first = fixture.start(need)
        await fixture.upstream.waitForHeld(1)
        let second = fixture.start(need)
        await waitUntil("the second operation has joined") { fixture.log.joined == 1 }
        // A call under way is not there yet.
        #expect(
            fixture.loader.forecast([need], now: fixture.now).calls.map(\.call) == fixture.upstream.made.map(\.call)
        )
        fixture.upstream.release()
        let costs = [await first.value.cost, await second.value.cost]
        #expect(
            costs.map { $0.calls.map(\.call) } == [
                fixture.upstream.made.map(\.call), fixture.upstream.made.map(\.call),
            ]
        )
        #expect(costs.map(\.tweetCount) == [10, 10])
        #expect(costs.map(\.joined) == [0, 1])
    }

    @Test("A call that was never sent is in no report")
    func unsent() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.spoil { _, _ throws(EngagementAPIError) in
            throw EngagementAPIError(.unauthenticated, "account ada has no user token")
        }
        let unsent = await fixture.load(totals(tweets(1), types(.impressions)))
        #expect(unsent.failures.count == 1)
        #expect(unsent.cost.calls.isEmpty)

        fixture.upstream.spoil { _, _ throws(EngagementAPIError) in
            var error = EngagementAPIError(.overloaded, "busy", status: 503)
            error.attempts = 4
            throw error
        }
        let failed = await fixture.load(totals(tweets(1), types(.impressions)))
        #expect(failed.cost.calls.map(\.attempts) == [4])
        #expect(failed.cost.calls.map(\.error?.code) == [.overloaded])
    }
}

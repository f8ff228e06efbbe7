import Engagement
import EngagementAPI
import MetricLoader
import TestSupport
import Testing

@Suite("Loading without quota")
struct QuotaTests {
    private let patient = Pacing(
        quietMilliseconds: 0,
        lookMilliseconds: 1,
        sleep: LoaderFixture.sleep,
        uptime: { 0 }
    )
    private let need = totals(tweets(1), types(.favorites))

    private func refusal(
        _ fixture: LoaderFixture,
        seconds: Int64,
        _ code: EngagementAPIError.Code? = nil
    ) -> CallRefusal {
        let until = fixture.now.advanced(bySeconds: seconds)
        return CallRefusal(
            until: until,
            error: EngagementAPIError(code ?? .rateLimited(resetAt: until), "no calls now")
        )
    }

    /// A fixture whose cache knows the need's number, fetched so many seconds ago.
    private func known(secondsAgo: Int64) async throws -> LoaderFixture {
        let fixture = try LoaderFixture(pacing: patient)
        fixture.expectRight(await fixture.load(need))
        _ = fixture.upstream.takeMade()
        fixture.clock.advance(seconds: secondsAgo)
        return fixture
    }

    @Test("Stale numbers are served at once, and refreshed by one call however many ask")
    func stale() async throws {
        let fixture = try await known(secondsAgo: 86_400)
        fixture.upstream.hold()
        for _ in 0..<1000 {
            let loaded = fixture.loader.lookup([need], now: fixture.now)
            let answer = try #require(fixture.loader.answerable(loaded, for: [need], now: fixture.now))
            #expect(answer.failures.isEmpty)
            #expect(answer.tables[0].firstWrongCell == nil)
        }
        await fixture.upstream.waitForHeld(1)
        fixture.upstream.release()
        await waitUntil("the number is fresh") { fixture.loader.lookup([need], now: fixture.now).isFresh }
        #expect(fixture.upstream.made.count == 1)
    }

    @Test("Expired numbers are waited for as long as there is quota")
    func expired() async throws {
        let fixture = try await known(secondsAgo: 86_400 + 3600)
        let loaded = fixture.loader.lookup([need], now: fixture.now)
        #expect(loaded.counts == CellCounts(expired: 1))
        #expect(fixture.loader.answerable(loaded, for: [need], now: fixture.now) == nil)
    }

    @Test("Without quota expired numbers are served at once with the reason, and refreshed when there is some again")
    func refused() async throws {
        let fixture = try await known(secondsAgo: 86_400 + 3600)
        fixture.upstream.refuse(refusal(fixture, seconds: 300))
        let loaded = fixture.loader.lookup([need], now: fixture.now)
        let answer = try #require(fixture.loader.answerable(loaded, for: [need], now: fixture.now))
        #expect(answer.failures.map(\.tweets) == [tweets(1)])
        #expect(answer.tables[0].firstWrongCell == nil)
        #expect(fixture.upstream.made.isEmpty)
        fixture.clock.advance(seconds: 300)
        await waitUntil("the number is fresh") { fixture.loader.lookup([need], now: fixture.now).isFresh }
        #expect(fixture.upstream.made.count == 1)
    }

    @Test("A number that nobody knows is waited for, if the quota comes back before the deadline")
    func waits() async throws {
        let fixture = try LoaderFixture(pacing: patient)
        fixture.upstream.refuse(refusal(fixture, seconds: 10))
        let operation = fixture.start(need)
        await waitUntil("it waits") { fixture.loader.waiting == 1 }
        #expect(fixture.upstream.made.isEmpty)
        fixture.clock.advance(seconds: 10)
        fixture.expectRight(await operation.value)
        #expect(fixture.upstream.made.count == 1)
    }

    @Test("… else its absence is reported at once, and it is fetched for those who come later")
    func inVain() async throws {
        let fixture = try LoaderFixture(pacing: patient)
        let refusal = refusal(fixture, seconds: 31)
        fixture.upstream.refuse(refusal)
        let loaded = await fixture.load(need)
        #expect(loaded.failures.map(\.error.code) == [refusal.error.code])
        #expect(loaded.tables[0].states(0, .favorites) == [.missing])
        #expect(fixture.upstream.made.isEmpty)
        fixture.clock.advance(seconds: 31)
        await waitUntil("the number is fresh") { fixture.loader.lookup([need], now: fixture.now).isFresh }
    }

    @Test("What was wanted by whoever has given up is forgotten like any refresh, if the quota does not come back")
    func abandoned() async throws {
        let deadlines = EndedDeadlines()
        let fixture = try LoaderFixture(pacing: deadlines.pacing)
        fixture.upstream.refuse(refusal(fixture, seconds: 10))
        let operation = fixture.start(need)
        await waitUntil("it waits") { fixture.loader.waiting == 1 }
        deadlines.end()
        #expect(await operation.value.failures.count == 1)
        fixture.upstream.refuse(refusal(fixture, seconds: 100_000))
        fixture.clock.advance(seconds: deadlines.pacing.refreshSeconds + 31)
        await waitUntil("it is forgotten") { fixture.loader.waiting == 0 }
        #expect(fixture.upstream.made.isEmpty)
    }

    @Test("A server that is down is not waited for")
    func circuitOpen() async throws {
        let fixture = try LoaderFixture()
        let until = fixture.now.advanced(bySeconds: 5)
        fixture.upstream.refuse(refusal(fixture, seconds: 5, .circuitOpen(until: until)))
        #expect(await fixture.load(need).failures.map(\.error.code) == [.circuitOpen(until: until)])
        #expect(fixture.upstream.made.isEmpty)
    }

    @Test("A call that is under way is waited for, though no other can be made")
    func lastCall() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.hold()
        let first = fixture.start(need)
        await fixture.upstream.waitForHeld(1)
        let until = fixture.now.advanced(bySeconds: 5)
        fixture.upstream.refuse(refusal(fixture, seconds: 5, .circuitOpen(until: until)))
        let second = fixture.start(need)
        await waitUntil("it waits for the same call") { fixture.log.joined == 1 }
        fixture.upstream.release()
        fixture.expectRight(await first.value)
        fixture.expectRight(await second.value)
        #expect(fixture.upstream.made.count == 1)
        #expect(
            await fixture.load(totals(tweets(2), types(.favorites))).failures.map(\.error.code) == [
                .circuitOpen(until: until)
            ]
        )
    }

    @Test("For credentials that were refused nothing is queued: whoever asks next tries them")
    func refusedCredentials() async throws {
        let fixture = try await known(secondsAgo: 86_400 + 3600)
        let unknown = totals(tweets(2), types(.favorites))
        fixture.upstream.refuse(refusal(fixture, seconds: 10))
        let operation = fixture.start(unknown)
        await waitUntil("it waits for the quota") { fixture.loader.waiting == 1 }
        fixture.upstream.refuse(refusal(fixture, seconds: 30, .unauthenticated))
        #expect(await operation.value.failures.map(\.error.code) == [.unauthenticated])
        #expect(fixture.loader.waiting == 0)

        #expect(await fixture.load(unknown).failures.map(\.error.code) == [.unauthenticated])
        let loaded = fixture.loader.lookup([need], now: fixture.now)
        let answer = try #require(fixture.loader.answerable(loaded, for: [need], now: fixture.now))
        #expect(answer.failures.map(\.error.code) == [.unauthenticated])
        #expect(answer.tables[0].firstWrongCell == nil)
        #expect(fixture.loader.waiting == 0)
        #expect(fixture.upstream.made.isEmpty)
    }

    @Test(
        "A call that is refused on arrival is tried again when there is quota, with the API's own words if that is too late"
    )
    func refusedOnArrival() async throws {
        let fixture = try LoaderFixture(pacing: patient)
        let refusal = refusal(fixture, seconds: 20)
        let upstream = fixture.upstream
        upstream.spoil { _, _ throws(EngagementAPIError) in
            upstream.refuse(refusal)
            upstream.spoil(nil)
            throw EngagementAPIError(refusal.error.code, "too many requests")
        }
        let operation = fixture.start(need)
        await waitUntil("it waits again") { upstream.made.count == 1 && fixture.loader.waiting == 1 }
        fixture.clock.advance(seconds: 20)
        fixture.expectRight(await operation.value)
        #expect(upstream.made.count == 2)

        let other = totals(tweets(2), types(.favorites))
        let late = self.refusal(fixture, seconds: 60)
        upstream.spoil { _, _ throws(EngagementAPIError) in
            upstream.refuse(late)
            throw EngagementAPIError(late.error.code, "too many requests")
        }
        #expect(await fixture.load(other).failures.map(\.error.reason) == ["too many requests"])
    }

    @Test("Whoever has old numbers is let go when the call that he waits for turns out to be refused")
    func releasedOnArrival() async throws {
        let fixture = try await known(secondsAgo: 86_400 + 3600)
        let refusal = refusal(fixture, seconds: 20)
        let upstream = fixture.upstream
        upstream.spoil { _, _ throws(EngagementAPIError) in
            upstream.refuse(refusal)
            throw EngagementAPIError(refusal.error.code, "too many requests")
        }
        let loaded = await fixture.load(need)
        #expect(loaded.failures.map(\.error.reason) == ["too many requests"])
        #expect(loaded.tables[0].firstWrongCell == nil)
    }

    @Test("Each operation has its own deadline, also for a call that somebody else has under way")
    func deadlines() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.hold()
        let patient = fixture.start(need)
        await fixture.upstream.waitForHeld(1)
        let loaded = fixture.loader.lookup([need], now: fixture.now)
        let late = await fixture.loader.fetch(loaded, for: [need], now: fixture.now, deadline: fixture.now)
        #expect(late.failures.map(\.error.code) == [.timedOut])
        fixture.upstream.release()
        fixture.expectRight(await patient.value)
        #expect(fixture.upstream.made.count == 1)
    }
}

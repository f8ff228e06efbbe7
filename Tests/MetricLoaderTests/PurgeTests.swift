import Engagement
import EngagementAPI
import MetricCache
import MetricLoader
import TestSupport
import Testing

@Suite("Purges while calls are under way")
struct PurgeTests {
    @Test("Tweets that are purged while they are asked for are asked for again, and who waits gets the new answer")
    func overtaken() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.hold()
        let need = totals(tweets(1...10), types(.favorites))
        let first = fixture.start(need)
        await fixture.upstream.waitForHeld(1)
        _ = await fixture.loader.purge(PurgeSelection(tweets: tweets(3, 4)), .hard)
        let second = fixture.start(need)
        await waitUntil("the second operation has joined") { fixture.log.joined == 1 }
        fixture.upstream.release()
        fixture.expectRight(await first.value)
        fixture.expectRight(await second.value)
        #expect(fixture.upstream.made.map(\.call.tweets) == [tweets(1...10), tweets(3, 4)])
    }

    @Test("Who is out of time does not look for what is still under way again because something was purged")
    func late() async throws {
        let deadlines = EndedDeadlines()
        let fixture = try LoaderFixture(pacing: deadlines.pacing)
        fixture.upstream.hold()
        let operation = fixture.start(totals(tweets(1), types(.favorites)))
        await fixture.upstream.waitForHeld(1)
        _ = await fixture.loader.purge(PurgeSelection(tweets: tweets(999)), .hard)
        deadlines.end()
        #expect(await operation.value.failures.map(\.error.code) == [.timedOut])
        fixture.upstream.release()
    }

    @Test("A purge of something else costs nothing")
    func unconcerned() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.hold()
        let first = fixture.start(totals(tweets(1...3), types(.favorites)))
        await fixture.upstream.waitForHeld(1)
        for selection in [
            PurgeSelection(tweets: tweets(9)), PurgeSelection(account: ada), PurgeSelection(family: .series),
        ] {
            _ = await fixture.loader.purge(selection, .soft)
        }
        fixture.upstream.release()
        fixture.expectRight(await first.value)
        #expect(fixture.upstream.made.count == 1)
    }

    @Test("What landed before a purge is asked for again by who still waits for the rest")
    func landed() async throws {
        let fixture = try LoaderFixture()
        let need = totals(tweets(1...3), types(.favorites))
        fixture.expectRight(await fixture.load(need))
        fixture.upstream.hold()
        let both = fixture.start(need, totals(tweets(1...3), types(.impressions)))
        await fixture.upstream.waitForHeld(1)
        _ = await fixture.loader.purge(PurgeSelection(tweets: tweets(2)), .hard)
        fixture.upstream.release()
        fixture.expectRight(await both.value)
        #expect(fixture.upstream.made.map(\.call.tweets).contains(tweets(2)))
    }

    @Test("Who joins calls of which one has landed, and was purged since, gets the new answer")
    func partlyLanded() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.hold()
        fixture.upstream.spoil { call, _ throws(EngagementAPIError) in
            if call.tweets.count > 2 { throw EngagementAPIError(.tweetsUnavailable, "one of them is gone") }
        }
        let first = fixture.start(totals(tweets(1...4), types(.favorites)))
        await fixture.upstream.waitForHeld(1)
        fixture.upstream.step()
        await fixture.upstream.waitForHeld(1)
        fixture.upstream.step()
        await fixture.upstream.waitForHeld(1)
        #expect(fixture.upstream.made.map(\.call.tweets) == [tweets(1...4), tweets(1, 2), tweets(3, 4)])
        _ = await fixture.loader.purge(PurgeSelection(tweets: tweets(1)), .hard)
        let second = fixture.start(totals(tweets(1), types(.favorites)))
        await waitUntil("the second operation has joined") { fixture.log.joined == 1 }
        fixture.upstream.release()
        fixture.expectRight(await second.value)
        #expect(fixture.upstream.made.last?.call.tweets == tweets(1))
        _ = await first.value
    }

    @Test(
        "After a soft purge the old number is served if upstream fails, and after a hard one it is not",
        arguments: PurgeKind.allCases
    )
    func fallback(kind: PurgeKind) async throws {
        let fixture = try LoaderFixture()
        let need = totals(tweets(1), types(.favorites))
        fixture.expectRight(await fixture.load(need))
        _ = await fixture.loader.purge(.everything, kind)
        fixture.upstream.refuse(
            CallRefusal(
                until: fixture.now.advanced(bySeconds: 60),
                error: EngagementAPIError(.rateLimited(resetAt: nil), "none left")
            )
        )
        let loaded = await fixture.load(need)
        #expect(!loaded.failures.isEmpty)
        #expect(loaded.tables[0][0, .favorites].state == (kind == .soft ? .counted : .missing))
    }
}

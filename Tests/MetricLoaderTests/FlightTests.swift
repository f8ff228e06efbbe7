import Engagement
import EngagementAPI
import MetricCache
import MetricLoader
import TestSupport
import Testing

@Suite("Calls that are under way")
struct FlightTests {
    @Test("Two operations that lack the same make one call")
    func joined() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.hold()
        let need = totals(tweets(1...10), types(.favorites))
        let first = fixture.start(need)
        await fixture.upstream.waitForHeld(1)
        let second = fixture.start(need)
        await waitUntil("the second operation has joined") { fixture.log.joined == 1 }
        fixture.upstream.release()
        fixture.expectRight(await first.value)
        fixture.expectRight(await second.value)
        #expect(fixture.upstream.made.count == 1)
    }

    @Test("An operation that lacks more than is under way asks for the rest only")
    func partlyJoined() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.hold()
        let first = fixture.start(totals(tweets(1, 2, 3), types(.favorites)))
        await fixture.upstream.waitForHeld(1)
        let second = fixture.start(totals(tweets(2, 3, 4), types(.favorites)))
        await fixture.upstream.waitForHeld(2)
        fixture.upstream.release()
        fixture.expectRight(await first.value)
        fixture.expectRight(await second.value)
        #expect(fixture.upstream.made.map(\.call.tweets) == [tweets(1, 2, 3), tweets(4)])
        #expect(fixture.log.joined == 1)
    }

    @Test("A window over months joins all the calls that are under way for it, and asks for what sticks out")
    func joinedTiles() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.hold()
        let first = fixture.start(series(tweets(1), types(.replies), "2025-06-10", "2025-08-20"))
        await fixture.upstream.waitForHeld(3)
        let second = fixture.start(series(tweets(1), types(.replies), "2025-06-12", "2025-08-25"))
        await fixture.upstream.waitForHeld(4)
        fixture.upstream.release()
        fixture.expectRight(await first.value)
        fixture.expectRight(await second.value)
        #expect(fixture.log.joined == 3)
        #expect(fixture.upstream.made.last?.call.window?.description == "2025-08-20T00:00:00Z..<2025-08-25T00:00:00Z")
    }

    @Test("Hours that are under way will do for days, but not for a day of which they are a part")
    func joinedGrains() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.hold()
        let first = fixture.start(series(tweets(1), types(.replies), "2026-03-01T12:00:00Z", "2026-03-04T12:00:00Z"))
        await fixture.upstream.waitForHeld(1)
        let covered = fixture.start(series(tweets(1), types(.replies), "2026-03-02", "2026-03-04", .day))
        await waitUntil("the days have joined") { fixture.log.joined == 1 }
        let part = fixture.start(series(tweets(1), types(.replies), "2026-03-04", "2026-03-05", .day))
        await fixture.upstream.waitForHeld(2)
        fixture.upstream.release()
        for operation in [first, covered, part] { fixture.expectRight(await operation.value) }
        #expect(fixture.log.joined == 1)
    }

    @Test("Days that are under way do not do for hours, nor other types, nor another's eyes")
    func notJoined() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.hold()
        let needs = [
            series(tweets(1), types(.replies), "2026-03-02", "2026-03-04", .day),
            series(tweets(1), types(.replies), "2026-03-02", "2026-03-04"),
            series(tweets(1), types(.appOpens), "2026-03-02", "2026-03-04"),
            series(tweets(1), types(.replies), "2026-03-02", "2026-03-04", of: bob),
            totals(tweets(1), types(.replies)),
        ]
        var operations: [Task<LoadedMetrics, Never>] = []
        for need in needs {
            operations.append(fixture.start(need))
            await fixture.upstream.waitForHeld(operations.count)
        }
        fixture.upstream.release()
        for operation in operations { fixture.expectRight(await operation.value) }
    }

    @Test("An operation that is cancelled takes nothing away from the one that joined it")
    func cancelledLeader() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.hold()
        let need = totals(tweets(1), types(.favorites))
        let first = fixture.start(need)
        await fixture.upstream.waitForHeld(1)
        let second = fixture.start(need)
        await waitUntil("the second operation has joined") { fixture.log.joined == 1 }
        first.cancel()
        fixture.upstream.release()
        fixture.expectRight(await second.value)
        _ = await first.value
        #expect(fixture.upstream.made.count == 1)
        #expect(fixture.loader.lookup([need], now: fixture.now).isFresh)
    }

    @Test("Everyone who waits for a call that fails is told, and the next one asks again")
    func failedFlight() async throws {
        let fixture = try LoaderFixture()
        fixture.upstream.hold()
        fixture.upstream.spoil { _, _ throws(EngagementAPIError) in throw EngagementAPIError(.overloaded, "busy") }
        let need = totals(tweets(1), types(.favorites))
        let first = fixture.start(need)
        await fixture.upstream.waitForHeld(1)
        let second = fixture.start(need)
        await waitUntil("the second operation has joined") { fixture.log.joined == 1 }
        fixture.upstream.release()
        #expect(await first.value.failures.map(\.error.code) == [.overloaded])
        #expect(await second.value.failures.map(\.error.code) == [.overloaded])
        fixture.upstream.spoil(nil)
        fixture.expectRight(await fixture.load(need))
        #expect(fixture.upstream.made.count == 2)
    }

    @Test("Whoever joins a call gets its numbers even if they are older than they may be")
    func joinedAndShortLived() async throws {
        let fixture = try LoaderFixture { $0.timeToLive.totalsLater = 0 }
        fixture.upstream.hold()
        let need = totals(tweets(1), types(.favorites))
        let first = fixture.start(need)
        await fixture.upstream.waitForHeld(1)
        fixture.clock.advance(seconds: 5)
        let second = fixture.start(need)
        await waitUntil("the second operation has joined") { fixture.log.joined == 1 }
        fixture.upstream.release()
        fixture.expectRight(await first.value)
        let late = await second.value
        fixture.expectRight(late)
        #expect(late.tables[0].isFresh)
        #expect(fixture.upstream.made.count == 1)
    }

    @Test("Whoever looked before a call landed and asks after it finds its numbers, and makes no call")
    func lateComer() async throws {
        let fixture = try LoaderFixture()
        let need = totals(tweets(1), types(.favorites))
        let early = fixture.loader.lookup([need], now: fixture.now)
        fixture.expectRight(await fixture.load(need))
        let late = await fixture.loader.fetch(
            early,
            for: [need],
            now: fixture.now,
            deadline: fixture.now.advanced(bySeconds: 30)
        )
        fixture.expectRight(late)
        #expect(fixture.upstream.made.count == 1)
    }

    @Test("Many operations at once, each with its own choice of Tweets, ask for each number once")
    func crowd() async throws {
        let fixture = try LoaderFixture()
        await withTaskGroup(of: LoadedMetrics.self) { group in
            for index in 0..<200 {
                group.addTask {
                    let start = UInt64(index % 20)
                    return await fixture.load(totals(tweets(start + 1...start + 10), types(.favorites)))
                }
            }
            for await loaded in group { fixture.expectRight(loaded) }
        }
        let asked = fixture.upstream.made.flatMap(\.call.tweets)
        #expect(asked.count == Set(asked).count)
        #expect(Set(asked) == Set(tweets(1...29)))
    }
}

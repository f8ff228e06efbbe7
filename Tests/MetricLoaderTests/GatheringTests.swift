import Engagement
import EngagementAPI
import MetricLoader
import TestSupport
import Testing

@Suite("Calls that wait for company")
struct GatheringTests {
    private let sleep = TurnedSleep()

    private func fixture() throws -> LoaderFixture {
        try LoaderFixture(
            pacing: Pacing(quietMilliseconds: 8, longestMilliseconds: 64, sleep: sleep.sleep, uptime: { 0 })
        )
    }

    @Test("Who waits for what somebody more urgent wants as well is served with him")
    func moreUrgent() async throws {
        let fixture = try fixture()
        let need = totals(tweets(1), types(.favorites))
        let file = fixture.start(need, urgency: .export)
        await waitUntil("it has gathered") { fixture.loader.waiting == 1 }
        let page = fixture.start(need)
        await waitUntil("the page has looked") { fixture.log.lookups == 2 }
        for _ in 0..<100 { await Task.yield() }
        await waitUntil("both are served") {
            sleep.turn()
            return fixture.loader.lookup([need], now: fixture.now).isFresh
        }
        fixture.expectRight(await page.value)
        fixture.expectRight(await file.value)
        #expect(fixture.upstream.made.count == 1)
    }

    @Test("Operations that come in the same moment share calls, and Tweets that they have in common are named once")
    func shared() async throws {
        let fixture = try fixture()
        let operations = [1...20, 11...30, 101...300].map { fixture.start(totals(tweets($0), types(.favorites))) }
        await waitUntil("all have gathered") { fixture.loader.waiting == 230 }
        await waitUntil("a call is made") {
            sleep.turn()
            return !fixture.upstream.made.isEmpty
        }
        for operation in operations { fixture.expectRight(await operation.value) }
        #expect(fixture.upstream.made.map(\.call.tweets.count) == [230])
    }

    @Test("Whoever keeps coming does not keep the others waiting for longer than the longest wait")
    func longestWait() async throws {
        let fixture = try fixture()
        var operations = [fixture.start(totals(tweets(1), types(.favorites)))]
        for newcomer in 2...9 {
            await waitUntil("somebody is asleep") { sleep.count == 1 }
            #expect(fixture.upstream.made.isEmpty)
            operations.append(fixture.start(totals(tweets(UInt64(newcomer)), types(.favorites))))
            await waitUntil("they have gathered") { fixture.loader.waiting == newcomer }
            sleep.turn()
        }
        for operation in operations { fixture.expectRight(await operation.value) }
        #expect(fixture.upstream.made.map(\.call.tweets) == [tweets(1...9)])
    }

    @Test(
        "Metrics of the same Tweets are asked for together, and those that only the owner may see by a call of its own"
    )
    func ownersMetrics() async throws {
        let fixture = try fixture()
        let operations = [
            fixture.start(totals(tweets(1, 2), EngagementTypeSet([.favorites]))),
            fixture.start(totals(tweets(2, 3), EngagementTypeSet([.replies, .impressions]))),
            fixture.start(totals(tweets(2, 3), EngagementTypeSet([.impressions]), of: bob)),
        ]
        await waitUntil("all have gathered") { fixture.loader.waiting == 3 + 2 + 2 }
        await waitUntil("three are asleep") { sleep.count == 3 }
        sleep.turn()
        await waitUntil("calls are made") {
            sleep.turn()
            return fixture.upstream.made.count == 3
        }
        for operation in operations { fixture.expectRight(await operation.value) }
        let calls = fixture.upstream.made.sorted { "\($0.access)" < "\($1.access)" }
        #expect(calls.map(\.access) == [.account(ada), .account(bob), .application])
        #expect(calls.map { Set($0.call.tweets) } == [Set(tweets(2, 3)), Set(tweets(2, 3)), Set(tweets(1, 2, 3))])
        #expect(calls[2].call.types == EngagementTypeSet([.favorites, .replies]))
    }

    @Test("Pages that are loaded at once, with Tweets that many of them show, need the fewest calls that can be")
    func pages() async throws {
        let fixture = try fixture()
        var generator = SeededGenerator(seed: 4)
        let ranks = (0..<60).map { _ in Set((0..<20).map { _ in UInt64(zipf(2000, &generator)) }) }
        let pages = ranks.map {
            fixture.start(totals($0.map(TweetID.init(rawValue:)), EngagementTypeSet([.favorites])))
        }
        let distinct = ranks.reduce(Set<UInt64>()) { $0.union($1) }.count
        await waitUntil("all have gathered") { fixture.loader.waiting == distinct }
        await waitUntil("calls are made") {
            sleep.turn()
            return fixture.upstream.made.count >= (distinct + 249) / 250
        }
        for page in pages { fixture.expectRight(await page.value) }
        #expect(distinct > 250)
        #expect(fixture.upstream.made.count == (distinct + 249) / 250)
        #expect(fixture.upstream.made.reduce(0) { $0 + $1.call.tweets.count } == distinct)
    }

    /// A rank from 1 to `count`, the k-th with a probability proportional to 1/k.
    private func zipf(_ count: Int, _ generator: inout SeededGenerator) -> Int {
        let sum = (1...count).reduce(0) { $0 + 1 / Double($1) }
        var rest = Double.random(in: 0..<sum, using: &generator)
        for rank in 1...count {
            rest -= 1 / Double(rank)
            if rest < 0 { return rank }
        }
        return count
    }
}

import Engagement
import MetricCache
import MetricLoader
import Synchronization
import TestSupport
import Testing

@testable import SharedTier

@Suite(
    "Purges reach all nodes",
    .serialized,
    .enabled(if: RedisServer.isInstalled, Comment(rawValue: RedisServer.absence))
)
struct SharedPurgeTests {
    /// Two nodes that both have the favorites of ten Tweets, which cost one call.
    private static func nodes(
        _ redis: RedisServer,
        _ upstream: CountedUpstream,
        path: String? = nil
    ) async throws -> (Node, Node) {
        let one = try Node(redis.url, upstream) { $0.purgePollMilliseconds = 20 }
        let two = try Node(redis.url, upstream, path: path) { $0.purgePollMilliseconds = 20 }
        await one.join()
        await two.join()
        #expect(await one.load(warm).firstWrong == nil)
        await waitUntil("all is published") { one.tier.statistics.published == 10 }
        #expect(await two.load(warm).firstWrong == nil)
        #expect(upstream.calls == 1)
        return (one, two)
    }

    private static let warm = totals(1...10, .favorites)
    private static let three = PurgeSelection(tweets: [2, 3, 5].map(TweetID.init(rawValue:)))

    @Test("What is purged on one node is asked for once, by whoever wants it first", arguments: PurgeKind.allCases)
    func purge(kind: PurgeKind) async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let (one, two) = try await SharedPurgeTests.nodes(redis, upstream)
        let before = two.loader.revision
        upstream.clock.advance(seconds: 1)
        let purged = await one.loader.purge(SharedPurgeTests.three, kind)
        #expect(purged.isPublished == true)
        // From the tier none comes back, though it still has the old records.
        #expect(await one.load(SharedPurgeTests.warm).tables[0].fetchedNow(one) == [2, 3, 5])
        #expect(upstream.calls == 2)
        await waitUntil("the other node has gone along") { two.loader.revision != before }
        await waitUntil("it is published") { one.tier.statistics.published == 13 }
        #expect(await two.load(SharedPurgeTests.warm).tables[0].fetchedNow(two) == [2, 3, 5])
        #expect(upstream.calls == 2, "the second node finds what the first one fetched")
    }

    @Test("What is purged while its call waits for another node is fetched anew for who wants it then")
    func whileWaiting() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let (one, two) = (try Node(redis.url, upstream), try Node(redis.url, upstream))
        for node in [one, two] { await node.join() }
        #expect(await one.load(totals(2...2, .favorites)).firstWrong == nil)
        await waitUntil("it is published") { one.tier.statistics.published == 1 }
        upstream.hold()
        async let first = one.load(totals(1...1, .favorites))
        await upstream.waitForHeld(1)
        // Planned as both Tweets: one of them is in the tier, and the other node is asked for the other.
        async let second = two.load(totals(1...2, .favorites))
        let (now, loader) = (two.now, two.loader)
        await waitUntil("it has the one") { loader.lookup([totals(2...2, .favorites)], now: now).isFresh }
        upstream.clock.advance(seconds: 1)
        _ = await loader.purge(PurgeSelection(tweets: [TweetID(rawValue: 2)]), .hard)
        async let third = two.load(totals(2...2, .favorites))
        await waitUntil("it waits for the same, or calls") { two.joins == 1 || upstream.calls == 3 }
        upstream.release()
        for loaded in [await first, await second, await third] {
            #expect(loaded.firstWrong == nil && loaded.failures.isEmpty)
        }
    }

    @Test("A node that makes a trip hears of a purge by it")
    func trip() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let one = try Node(redis.url, upstream) { $0.purgePollMilliseconds = 60_000 }
        let two = try Node(redis.url, upstream) { $0.purgePollMilliseconds = 60_000 }
        await one.join()
        await two.join()
        #expect(await one.load(SharedPurgeTests.warm).firstWrong == nil)
        #expect(await two.load(SharedPurgeTests.warm).firstWrong == nil)
        upstream.clock.advance(seconds: 1)
        _ = await one.loader.purge(.everything, .hard)
        #expect(await two.load(totals(11...11, .favorites)).firstWrong == nil)
        let calls = upstream.calls
        #expect(await two.load(SharedPurgeTests.warm).tables[0].fetchedNow(two).count == 10)
        #expect(upstream.calls == calls + 1)
    }

    @Test("Many trips that hear of a purge at the same time go along with it once")
    func tripsAtOnce() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let nodes = try (0..<2).map { _ in try Node(redis.url, upstream) { $0.purgePollMilliseconds = 60_000 } }
        for node in nodes {
            await node.join()
            #expect(await node.load(SharedPurgeTests.warm).firstWrong == nil)
        }
        _ = await nodes[0].loader.purge(SharedPurgeTests.three, .hard)
        let before = try await redis.calls(of: "hsetnx")
        await withTaskGroup(of: Void.self) { group in
            let (tier, now) = (nodes[1].tier, nodes[1].now)
            for tweet: UInt64 in 100..<200 {
                let name = RecordName(scope: .everyone, tweet: TweetID(rawValue: tweet), day: nil)
                group.addTask { _ = await tier.fetch([name], now: now) }
            }
        }
        #expect(nodes[1].loader.lookup([SharedPurgeTests.warm], now: nodes[1].now).counts.missing == 3)
        // Besides the trip that went along, one may have looked at the start.
        #expect(try await redis.calls(of: "hsetnx") - before <= 2)
    }

    @Test("A purge while the tier is down is told when it is back")
    func outage() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let (one, two) = try await SharedPurgeTests.nodes(redis, upstream)
        redis.kill()
        await waitUntil("the tier is down") { !one.tier.statistics.isUp && !two.tier.statistics.isUp }
        let before = two.loader.revision
        let purged = await one.loader.purge(SharedPurgeTests.three, .hard)
        #expect(purged.isPublished == false && purged.isDurable)
        #expect(one.loader.lookup([SharedPurgeTests.warm], now: one.now).counts.missing == 3)
        #expect(two.loader.lookup([SharedPurgeTests.warm], now: two.now).counts.missing == 0)
        try redis.start()
        await waitUntil("the other node has gone along") { two.loader.revision != before }
        #expect(two.loader.lookup([SharedPurgeTests.warm], now: two.now).counts.missing == 3)
    }

    @Test("What was purged while the tier was away does not come back from it before the others have been told")
    func untold() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let one = try Node(redis.url, upstream) {
            $0.purgePollMilliseconds = 60_000
            $0.timeoutMilliseconds = 500
        }
        await one.join()
        #expect(await one.load(SharedPurgeTests.warm).firstWrong == nil)
        await waitUntil("all is published") { one.tier.statistics.published == 10 }
        redis.halt()
        #expect(await one.load(totals(11...11, .favorites)).firstWrong == nil)
        await waitUntil("the tier is down") { !one.tier.statistics.isUp }
        upstream.clock.advance(seconds: 1)
        #expect(await one.loader.purge(SharedPurgeTests.three, .hard).isPublished == false)
        redis.resume()
        await one.join()
        let loaded = await one.load(SharedPurgeTests.warm)
        #expect(loaded.firstWrong == nil && loaded.tables[0].fetchedNow(one) == [2, 3, 5])
    }

    @Test("What was purged while the tier was away is told by the node that opens the cache file after this one")
    func untoldBeforeRestart() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("cache.sqlite")
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let (one, two) = try await SharedPurgeTests.nodes(redis, upstream, path: path)
        redis.halt()
        // What both of them look for, again and again, fails.
        await waitUntil("the tier is down") { !one.tier.statistics.isUp && !two.tier.statistics.isUp }
        upstream.clock.advance(seconds: 1)
        let purged = await two.loader.purge(SharedPurgeTests.three, .hard)
        #expect(purged.isDurable && purged.isPublished == false)
        two.tier.close()
        two.cache.close()
        let before = one.loader.revision
        let again = try Node(redis.url, upstream, path: path) { $0.purgePollMilliseconds = 60_000 }
        redis.resume()
        await again.join()
        let loaded = await again.load(SharedPurgeTests.warm)
        #expect(loaded.firstWrong == nil && loaded.tables[0].fetchedNow(again) == [2, 3, 5])
        await waitUntil("the other node has gone along") { one.loader.revision != before }
        #expect(one.loader.lookup([SharedPurgeTests.warm], now: one.now).counts.missing == 3)
        again.tier.close()
        again.cache.close()
        // What was told is not told again.
        let purges = one.tier.statistics.purges
        let third = try Node(redis.url, upstream, path: path) { $0.purgePollMilliseconds = 60_000 }
        await third.join()
        #expect(await third.tier.publishPurges())
        #expect(await one.load(totals(12...12, .favorites)).firstWrong == nil)
        #expect(one.tier.statistics.purges == purges)
    }

    @Test("Purges that become one of everything, while one of them is being told, are all told")
    func collapsed() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let nodes = try (0..<2).map { _ in try Node(redis.url, upstream) { $0.purgePollMilliseconds = 60_000 } }
        for node in nodes {
            await node.join()
            #expect(await node.load(SharedPurgeTests.warm).firstWrong == nil)
        }
        let (one, two) = (nodes[0], nodes[1])
        await waitUntil("nothing is under way") {
            one.tier.statistics.published == 10 && one.tier.client.bytesUnderWay == 0
        }
        redis.halt()
        async let purged = one.loader.purge(PurgeSelection(tweets: [TweetID(rawValue: 2)]), .hard)
        await waitUntil("it is being told") { one.tier.client.bytesUnderWay > 0 }
        for tweet: UInt64 in 3...67 { one.tier.announce(PurgeSelection(tweets: [TweetID(rawValue: tweet)]), .hard) }
        redis.resume()
        _ = await purged
        await waitUntil("all is told") { one.tier.purging.withLock(\.unsent.isEmpty) }
        #expect(await two.load(totals(11...11, .favorites)).firstWrong == nil)
        #expect(two.loader.lookup([totals(2...10, .favorites)], now: two.now).counts.missing == 9)
    }

    @Test("A server that lost its memory is told again of what nodes that were away have not heard")
    func lostJournal() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let one = try Node(redis.url, upstream) { $0.purgePollMilliseconds = 20 }
        await one.join()
        let two = try Node(redis.url, upstream) { $0.purgePollMilliseconds = 60_000 }
        await two.join()
        #expect(await two.load(SharedPurgeTests.warm).firstWrong == nil)
        _ = await one.loader.purge(SharedPurgeTests.three, .hard)
        // The second node has not looked since.
        #expect(two.loader.lookup([SharedPurgeTests.warm], now: two.now).counts.missing == 0)
        let purges = one.tier.statistics.purges
        redis.kill()
        await waitUntil("the first node finds that the tier is down") { !one.tier.statistics.isUp }
        #expect(await two.load(totals(12...12, .favorites)).firstWrong == nil)
        await waitUntil("so does the second") { !two.tier.statistics.isUp }
        try redis.start()
        await two.join()
        await waitUntil("the purge is told again") { one.tier.statistics.purges > purges }
        #expect(await two.load(totals(11...11, .favorites)).firstWrong == nil)
        #expect(two.loader.lookup([SharedPurgeTests.warm], now: two.now).counts.missing == 3)
    }

    @Test(
        "A server that fails over to a replica which had not heard of a purge is told again, however many came since",
        arguments: [1, 2]
    )
    func failover(count: Int) async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let nodes = try (0..<2).map { _ in try Node(redis.url, upstream) { $0.purgePollMilliseconds = 60_000 } }
        for node in nodes {
            await node.join()
            #expect(await node.load(SharedPurgeTests.warm).firstWrong == nil)
        }
        let (one, two) = (nodes[0], nodes[1])
        _ = await one.loader.purge(PurgeSelection(tweets: [TweetID(rawValue: 50)]), .hard)
        #expect(await two.tier.publishPurges())
        let journal = "engageql:1:https%3A%2F%2Fapi.example:purges"
        try await redis.tamper([["COPY", journal, "replica"]])
        _ = await one.loader.purge(PurgeSelection(tweets: [TweetID(rawValue: 2)]), .hard)
        try await redis.tamper([["COPY", "replica", journal, "REPLACE"]])
        for tweet in 3..<3 + count {
            _ = await two.loader.purge(PurgeSelection(tweets: [TweetID(rawValue: UInt64(tweet))]), .hard)
        }
        // The first trip finds it out and tells again, the second and the third hear of what the other node tells again.
        for (node, tweet) in zip([one, two, one], 11...13 as ClosedRange<UInt64>) {
            #expect(await node.load(totals(tweet...tweet, .favorites)).firstWrong == nil)
        }
        for node in nodes {
            #expect(node.loader.lookup([SharedPurgeTests.warm], now: node.now).counts.missing == 1 + count)
        }
    }

    @Test("A node that is started again goes along with what it missed, and with nothing twice")
    func restart() async throws {
        let folder = try TemporaryFolder()
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let path = folder.path("cache.sqlite")
        let (one, two) = try await SharedPurgeTests.nodes(redis, upstream, path: path)
        let before = two.loader.revision
        _ = await one.loader.purge(PurgeSelection(tweets: [TweetID(rawValue: 9)]), .hard)
        await waitUntil("the other node has gone along") { two.loader.revision != before }
        #expect(await two.load(SharedPurgeTests.warm).firstWrong == nil)
        two.tier.close()
        two.cache.close()
        _ = await one.loader.purge(SharedPurgeTests.three, .hard)
        let again = try Node(redis.url, upstream, path: path) { $0.purgePollMilliseconds = 20 }
        await waitUntil("it has gone along with the one") { again.tier.statistics.purges > 0 }
        await waitUntil("it has done so") {
            again.loader.lookup([SharedPurgeTests.warm], now: again.now).counts.missing > 0
        }
        #expect(again.tier.statistics.purges == 1)
        #expect(again.loader.lookup([SharedPurgeTests.warm], now: again.now).counts.missing == 3)
    }

    @Test("A node that is started again finds what others have, also if nothing was purged meanwhile")
    func restartWithoutNews() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("cache.sqlite")
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let (one, two) = try await SharedPurgeTests.nodes(redis, upstream, path: path)
        #expect(await two.tier.publishPurges())
        two.tier.close()
        two.cache.close()
        #expect(await one.load(totals(21...22, .favorites)).firstWrong == nil)
        await waitUntil("it is published") { one.tier.statistics.published == 12 }
        let again = try Node(redis.url, upstream, path: path) { $0.purgePollMilliseconds = 60_000 }
        await again.join()
        #expect(await again.load(totals(21...22, .favorites)).firstWrong == nil)
        #expect(again.tier.statistics.hits == 2 && upstream.askedAgain == [:])
    }

    @Test("Purges on two nodes at once, while pages are loaded: no number from before a purge is served after it")
    func load() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let nodes = try (0..<2).map { _ in
            try Node(redis.url, upstream) {
                $0.purgePollMilliseconds = 5
                $0.timeoutMilliseconds = 30_000
            }
        }
        for node in nodes { await node.join() }
        for round in 0..<30 {
            await withTaskGroup(of: Void.self) { group in
                for reader in 0..<6 {
                    group.addTask {
                        let first = UInt64(reader * 3 + 1)
                        let wrong = await nodes[reader % 2].load(totals(first...first + 8, .favorites)).firstWrong
                        #expect(wrong == nil)
                    }
                }
                let purging = nodes[round % 2]
                group.addTask {
                    upstream.clock.advance(seconds: 1)
                    let moment = purging.now
                    let purged = await purging.loader.purge(PurgeSelection(tweets: [TweetID(rawValue: 7)]), .hard)
                    #expect(purged.isPublished == true)
                    let loaded = await purging.load(totals(7...7, .favorites))
                    #expect(Int64(loaded.tables[0].cells[0].fetchedAt) >= moment.seconds)
                }
            }
        }
        for node in nodes { #expect(node.tier.statistics.malformed == 0 && node.reported == [.joined]) }
    }
}

extension MetricTable {
    /// The Tweets whose first cell was fetched at this moment of the clock.
    fileprivate func fetchedNow(_ node: Node) -> [UInt64] {
        need.tweets.indices.filter { Int64(self[$0, .favorites].fetchedAt) == node.now.seconds }.map {
            need.tweets[$0].rawValue
        }
    }
}

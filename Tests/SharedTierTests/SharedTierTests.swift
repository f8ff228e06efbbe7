import Engagement
import EngagementAPI
import MetricCache
import MetricLoader
import SharedTier
import TestSupport
import Testing

/// Everything here needs a real server. One after the other: each has servers and nodes of its own, and machines are small.
@Suite(
    "Nodes that share a tier",
    .serialized,
    .enabled(if: RedisServer.isInstalled, Comment(rawValue: RedisServer.absence))
)
struct SharedTierTests {
    @Test("What one node has fetched, another one finds", arguments: [true, false])
    func cells(isTotals: Bool) async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let (one, two) = (try Node(redis.url, upstream), try Node(redis.url, upstream))
        await one.join()
        await two.join()
        let need =
            isTotals
            ? totals(1...300, .favorites, .impressions) : series(1...30, "2026-02-01", "2026-03-20")
        #expect(await one.load(need).firstWrong == nil)
        let calls = upstream.calls
        #expect(calls > 0)
        await waitUntil("all is published") { one.tier.statistics.published == one.cache.statistics().memoryRecords }
        #expect(await two.load(need).firstWrong == nil)
        #expect(upstream.calls == calls, "the second node asks nothing upstream")
        #expect(two.tier.statistics.hits > 0)
        #expect(two.tier.statistics.malformed == 0)
        #expect(one.tier.statistics.errors == 0 && two.tier.statistics.errors == 0)
    }

    @Test("Only what nobody has is asked upstream, in full calls")
    func gaps() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let (one, two) = (try Node(redis.url, upstream), try Node(redis.url, upstream))
        await one.join()
        await two.join()
        #expect(await one.load(totals(1...490, .favorites)).firstWrong == nil)
        await waitUntil("all is published") { one.tier.statistics.published == 490 }
        #expect(upstream.calls == 2)
        #expect(await two.load(totals(1...500, .favorites)).firstWrong == nil)
        #expect(upstream.calls == 3, "ten Tweets are one call, not one of each half")
        #expect(upstream.askedAgain == [:])
    }

    @Test("Who wants younger numbers than other nodes have gets them, and who is content with theirs gets those")
    func demands() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let (one, two) = (try Node(redis.url, upstream), try Node(redis.url, upstream))
        await one.join()
        await two.join()
        var need = totals(1...5, .favorites)
        #expect(await one.load(need).firstWrong == nil)
        await waitUntil("all is published") { one.tier.statistics.published == 5 }
        upstream.clock.advance(seconds: 20)
        need.freshness.maxAge = 30
        #expect(await two.load(need).firstWrong == nil)
        #expect(upstream.calls == 1)
        need.freshness.maxAge = 10
        for (node, calls) in [(two, 2), (one, 2)] {
            let loaded = await node.load(need)
            #expect(loaded.firstWrong == nil)
            #expect(loaded.tables[0].cells.allSatisfy { Int64($0.fetchedAt) == node.now.seconds })
            #expect(upstream.calls == calls)
            await waitUntil("all is published") { two.tier.statistics.published == 5 }
        }
    }

    @Test("Two nodes that lack the same at the same time make one call")
    func leases() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let (one, two) = (try Node(redis.url, upstream), try Node(redis.url, upstream))
        await one.join()
        await two.join()
        upstream.hold()
        async let first = one.load(totals(1...10, .favorites))
        await upstream.waitForHeld(1)
        // Of these, six are under way on the other node.
        async let second = two.load(totals(5...15, .favorites))
        await upstream.waitForHeld(2)
        await waitUntil("the second node found leases of the first") { two.tier.statistics.leasesHeldElsewhere >= 6 }
        upstream.release()
        #expect(await first.firstWrong == nil)
        #expect(await second.firstWrong == nil)
        #expect(upstream.calls == 2)
        #expect(upstream.askedAgain == [:])
    }

    @Test("Many nodes, many overlapping pages at once: each cell is fetched once", arguments: [3])
    func crowd(nodeCount: Int) async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let nodes = try (0..<nodeCount).map { _ in try Node(redis.url, upstream) }
        for node in nodes { await node.join() }
        await withTaskGroup(of: String?.self) { group in
            for page in 0..<40 {
                let node = nodes[page % nodeCount]
                let first = UInt64(page * 7 % 100 + 1)
                group.addTask {
                    page % 2 == 0
                        ? await node.load(totals(first...first + 20, .favorites)).firstWrong
                        : await node.load(series(first...first + 5, "2026-03-01", "2026-03-08")).firstWrong
                }
            }
            for await wrong in group { #expect(wrong == nil) }
        }
        #expect(upstream.askedAgain == [:])
        #expect(nodes.allSatisfy { $0.tier.statistics.errors == 0 })
    }

    @Test("The lease of a node that died runs out, and another node calls")
    func death() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let two = try Node(redis.url, upstream)
        await two.join()
        // On a slow machine the lease may be over before it is asked for: then another try, with a longer one.
        for attempt in 0..<6 {
            let one = try Node(redis.url, upstream) { $0.leaseMilliseconds = 300 << attempt }
            await one.join()
            let tweets = UInt64(attempt * 3 + 1)...UInt64(attempt * 3 + 3)
            let names = tweets.map { RecordName(scope: .everyone, tweet: TweetID(rawValue: $0), day: nil) }
            let lease = try #require(await one.tier.lease(names, now: one.now))
            #expect(lease.records == Set(names))
            one.tier.close()
            #expect(await two.load(totals(tweets, .favorites)).firstWrong == nil)
            #expect(upstream.calls == attempt + 1)
            if two.tier.statistics.leasesHeldElsewhere > 0 { return }
        }
        Issue.record("no lease lasted until it was asked for")
    }

    @Test("A lease that ran out is not given back for the node that has it now")
    func lateRelease() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let (one, two) = (
            try Node(redis.url, upstream) { $0.leaseMilliseconds = 1 }, try Node(redis.url, upstream)
        )
        await one.join()
        await two.join()
        let names = [RecordName(scope: .everyone, tweet: TweetID(rawValue: 1), day: nil)]
        let old = try #require(await one.tier.lease(names, now: one.now))
        var new = try #require(await two.tier.lease(names, now: two.now))
        try await until {
            if new.records.isEmpty { new = try #require(await two.tier.lease(names, now: two.now)) }
            return !new.records.isEmpty
        }
        one.tier.publish([], releasing: old, now: one.now)
        // The release goes by another connection: the write that follows it there comes after it.
        let other = try Node(redis.url, upstream)
        await other.join()
        one.tier.publish(
            [],
            releasing: RecordLease(records: Set(names), token: "nobody's", milliseconds: 1),
            now: one.now
        )
        for _ in 0..<20 { #expect(try #require(await other.tier.lease(names, now: other.now)).records.isEmpty) }
        two.tier.publish([], releasing: new, now: two.now)
        try await until { try #require(await other.tier.lease(names, now: other.now)).records.isEmpty == false }
    }

    @Test("What nodes publish of one record at the same moment is all kept")
    func merging() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let types = Array(EngagementTypeSet.publicTotals.types.prefix(3))
        let nodes = try types.map { _ in try Node(redis.url, upstream) }
        for node in nodes { await node.join() }
        let need = totals(1...200, types[0], types[1], types[2])
        let names = need.tweets.map { RecordName(scope: .everyone, tweet: $0, day: nil) }
        for (node, type) in zip(nodes, types) {
            var part = need
            part.types = EngagementTypeSet(type)
            var answer = MetricTable(part)
            for (row, tweet) in part.tweets.enumerated() {
                let count = CountedUpstream.total(tweet, type)
                answer.cells[row] = Cell(
                    count: count,
                    fetchedAt: UInt32(node.now.seconds),
                    state: .counted,
                    freshness: .fresh
                )
            }
            node.cache.store(answer, scope: .everyone, now: node.now)
        }
        for node in nodes { node.tier.publish(names, releasing: nil, now: node.now) }
        await waitUntil("all is published") { nodes.allSatisfy { $0.tier.statistics.published == 200 } }
        let other = try Node(redis.url, upstream)
        await other.join()
        #expect(await other.load(need).firstWrong == nil)
        #expect(upstream.calls == 0)
    }

    @Test("A call that fails lets the next node try")
    func failures() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let (one, two) = (try Node(redis.url, upstream), try Node(redis.url, upstream))
        await one.join()
        await two.join()
        upstream.fail(EngagementAPIError(.serverError, "out of order"))
        #expect(await one.load(totals(1...3, .favorites)).failures.count == 1)
        upstream.fail(nil)
        #expect(await two.load(totals(1...3, .favorites)).firstWrong == nil)
        #expect(upstream.calls == 2)
    }

    @Test("Private numbers of an account are for the nodes of that account alone")
    func privacy() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let one = try Node(redis.url, upstream, accounts: [ada])
        let two = try Node(redis.url, upstream, accounts: [bob])
        await one.join()
        await two.join()
        #expect(await one.load(totals(1...5, .favorites, .impressions)).firstWrong == nil)
        await waitUntil("all is published") { one.tier.statistics.published == 10 }
        #expect(await two.load(totals(1...5, .favorites, .impressions, of: bob)).firstWrong == nil)
        #expect(upstream.calls == 3, "the public numbers are shared, the private ones are not")
        #expect(two.tier.statistics.hits == 5)
        // Whoever asks it to.
        let names = (1...5).map { RecordName(scope: .account(ada), tweet: TweetID(rawValue: $0), day: nil) }
        #expect(await two.tier.fetch(names, now: two.now) == 0)
        #expect(two.cache.copies(of: names).isEmpty)
        let allowed = try Node(redis.url, upstream, accounts: [ada, bob])
        await allowed.join()
        #expect(await allowed.tier.fetch(names, now: two.now) == 5)
    }

    @Test(
        "Who joins a call that becomes smaller, since another node has a part of it, gets all the same what it joined it for"
    )
    func smaller() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let (one, two) = (try Node(redis.url, upstream), try Node(redis.url, upstream))
        for node in [one, two] { await node.join() }
        upstream.hold()
        async let first = one.load(totals(1...1, .favorites, .retweets))
        await upstream.waitForHeld(1)
        // Planned as both types of both Tweets, and made as the favorites of Tweet 2: the other node has Tweet 1.
        let needs = [totals(1...1, .favorites, .retweets), totals(2...2, .favorites)]
        let (now, loader) = (two.now, two.loader)
        async let second = loader.fetch(
            loader.lookup(needs, now: now),
            for: needs,
            now: now,
            deadline: now.advanced(bySeconds: 300)
        )
        await upstream.waitForHeld(2)
        async let third = two.load(totals(2...2, .retweets))
        await waitUntil("it has joined") { two.joins == 1 }
        upstream.release()
        for loaded in [await first, await second, await third] {
            #expect(loaded.firstWrong == nil && loaded.failures.isEmpty)
        }
        #expect(upstream.askedAgain.isEmpty)
    }

    @Test("A node that the API has told no limit yet goes by what it told another one")
    func newcomer() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let known = try Node(redis.url, upstream, limit: .told(3))
        let new = try Node(redis.url, upstream, limit: .assumed(1))
        for node in [known, new] { await node.join() }
        #expect(await known.load(totals(1...1, .favorites)).failures.isEmpty)
        // Not as long as it takes until the next minute, so that a refusal is told at once.
        for tweet in 2...3 as ClosedRange<UInt64> {
            #expect(await new.load(totals(tweet...tweet, .favorites), seconds: 30).failures.isEmpty)
        }
        #expect(await new.load(totals(4...4, .favorites), seconds: 30).failures.count == 1)
        #expect(upstream.calls == 3)
    }

    @Test("Nodes together begin no more calls in a minute than there are")
    func quota() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let nodes = try (0..<2).map { _ in try Node(redis.url, upstream, limit: .told(10)) }
        for node in nodes { await node.join() }
        await withTaskGroup(of: Void.self) { group in
            for page in 0..<30 {
                // So far apart that no two of them go in one call.
                let start = time("2025-12-01").flooredHour.advanced(by: -24 * 40 * page)
                let need = MetricNeed.series(
                    account: ada,
                    tweets: [TweetID(rawValue: 1)],
                    types: EngagementTypeSet(.replies),
                    window: HourWindow(start: start, end: start.advanced(by: 24)),
                    grain: .hour
                )
                group.addTask { _ = await nodes[page % 2].load(need, seconds: 0) }
            }
        }
        for minute in 1...3 {
            await waitUntil("what is left waits") {
                nodes.reduce(0) { $0 + $1.loader.waiting } == 30 - minute * 10
                    && nodes.allSatisfy { $0.loader.underWay == 0 }
            }
            #expect(upstream.calls == minute * 10)
            upstream.clock.advance(seconds: 60)
        }
        #expect(nodes.reduce(0) { $0 + $1.tier.statistics.callsPutOff } > 0)
        #expect(upstream.askedAgain == [:])
    }
}

import Engagement
import EngagementAPI
import MetricCache
import MetricLoader
import SharedTier
import Synchronization
import TestSupport
import Testing

@Suite(
    "A tier that goes and comes back",
    .serialized,
    .enabled(if: RedisServer.isInstalled, Comment(rawValue: RedisServer.absence))
)
struct OutageTests {
    @Test("Without a server a node goes on alone, and joins when there is one")
    func absent() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        redis.kill()
        let node = try Node(redis.url, upstream)
        await waitUntil("it is told that the tier is down") { node.reported.count == 1 }
        #expect(node.reported.first?.isDown == true)
        #expect(await node.load(totals(1...5, .favorites)).firstWrong == nil)
        #expect(node.tier.statistics.errors == 0, "what is known to be down is not asked")
        try redis.start()
        await node.join()
        #expect(node.reported.count == 2 && node.reported.last == .joined)
    }

    @Test("A server that halts holds nobody up for longer than the timeout, and is used again when it goes on")
    func halted() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let node = try Node(redis.url, upstream) { $0.timeoutMilliseconds = 50 }
        await node.join()
        #expect(await node.load(totals(1...5, .favorites)).firstWrong == nil)
        redis.halt()
        for page in 1...20 {
            let first = UInt64(page * 10)
            #expect(await node.load(totals(first...first + 5, .favorites)).firstWrong == nil)
        }
        #expect(!node.tier.statistics.isUp)
        let failures = node.tier.statistics.errors
        #expect((1...3).contains(failures), "asked once, not twenty times: \(failures)")
        redis.resume()
        await node.join()
    }

    @Test("Killed and started again under load: no wrong number, no error, and the nodes share again")
    func load() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let nodes = try (0..<2).map { _ in try Node(redis.url, upstream) { $0.timeoutMilliseconds = 500 } }
        for node in nodes { await node.join() }
        let warm = totals(1...100, .favorites)
        for node in nodes { #expect(await node.load(warm).firstWrong == nil) }
        let progress = Progress()
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Whoever asks has to stop as well if something throws here: the group waits for all of them.
            defer { progress.isOver.store(true, ordering: .relaxed) }
            for reader in 0..<8 {
                let node = nodes[reader % 2]
                group.addTask {
                    // Every page has Tweets that nobody has, and some that both nodes want at about the same time.
                    var page: UInt64 = 0
                    while !Task.isCancelled, !progress.isOver.load(ordering: .relaxed) {
                        let first = 1000 + page * 10
                        #expect(await node.load(totals(first...first + 14, .favorites)).firstWrong == nil)
                        #expect(await node.load(warm).firstWrong == nil)
                        page += 1
                        progress.pages.add(1, ordering: .relaxed)
                    }
                }
            }
            for _ in 0..<3 {
                let before = progress.count
                await waitUntil("pages are loaded with the tier") { progress.count > before + 50 }
                redis.kill()
                await waitUntil("pages are loaded without") { progress.count > before + 150 }
                try redis.start()
                for node in nodes { await node.join() }
                redis.halt()
                await waitUntil("pages are loaded beside a halted server") {
                    progress.count > before + 250
                }
                redis.resume()
                for node in nodes { await node.join() }
            }
            progress.isOver.store(true, ordering: .relaxed)
            try await group.waitForAll()
        }
        // While it was down each node called for itself: never more often than there are nodes.
        #expect(upstream.askedAgain.values.allSatisfy { $0 <= nodes.count })
        for node in nodes { await node.join() }
        let again = upstream.askedAgain.count
        #expect(await nodes[0].load(totals(500...600, .favorites)).firstWrong == nil)
        await waitUntil("it is published") {
            nodes[0].tier.statistics.published > 0
        }
        #expect(await nodes[1].load(totals(500...600, .favorites)).firstWrong == nil)
        #expect(upstream.askedAgain.count == again, "what is fetched after the outage is fetched once")
    }

    @Test(
        "What is fetched under a lease is published after a hiccup, and who waits for it finds it",
        arguments: [true, false]
    )
    func hiccup(isNoticed: Bool) async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let one = try Node(redis.url, upstream) {
            $0.timeoutMilliseconds = 200
            $0.leaseMilliseconds = 120_000
            $0.purgePollMilliseconds = 60_000
        }
        await one.join()
        upstream.hold()
        async let first = one.load(totals(1...3, .favorites))
        await upstream.waitForHeld(1)
        redis.halt()
        if isNoticed {
            _ = await one.tier.fetch(
                [RecordName(scope: .everyone, tweet: TweetID(rawValue: 9), day: nil)],
                now: one.now
            )
            #expect(!one.tier.statistics.isUp)
        }
        upstream.release()
        #expect(await first.firstWrong == nil)
        await waitUntil("it finds that the tier is down") { !one.tier.statistics.isUp }
        redis.resume()
        let two = try Node(redis.url, upstream)
        await two.join()
        #expect(await two.load(totals(1...3, .favorites)).firstWrong == nil)
        #expect(
            upstream.askedAgain == [:],
            "the lease is given back long before it runs out, and after the records came"
        )
    }

    @Test("A lease whose answer was lost counts as granted, and is given back after the call")
    func lostLease() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let one = try Node(redis.url, upstream) {
            $0.timeoutMilliseconds = 200
            $0.leaseMilliseconds = 120_000
        }
        await one.join()
        redis.halt()
        let names = (1...3).map { RecordName(scope: .everyone, tweet: TweetID(rawValue: $0), day: nil) }
        let lease = try #require(await one.tier.lease(names, now: one.now))
        #expect(lease.records == Set(names) && !one.tier.statistics.isUp)
        redis.resume()
        let two = try Node(redis.url, upstream)
        await two.join()
        #expect(try #require(await two.tier.lease(names, now: two.now)).records.isEmpty)
        one.tier.publish([], releasing: lease, now: one.now)
        try await until { try #require(await two.tier.lease(names, now: two.now)).records == Set(names) }
    }

    @Test("Leases that this node was too slow to ask for are asked for again before it goes on alone")
    func busy() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        // Every question comes too late to be sent.
        let node = try Node(redis.url, upstream) { $0.timeoutMilliseconds = 0 }
        await node.join()
        #expect(await node.load(totals(1...3, .favorites)).firstWrong == nil)
        #expect(node.tier.statistics.errors == 4, "one for the records, three for the leases")
        #expect(node.tier.statistics.isUp)
    }

    @Test("Values that are damaged, of others, or nonsense are not believed, and give way")
    func damaged() async throws {
        let (redis, upstream) = (try RedisServer(), CountedUpstream())
        let (one, two) = (try Node(redis.url, upstream), try Node(redis.url, upstream))
        await one.join()
        await two.join()
        #expect(await one.load(totals(1...4, .favorites)).firstWrong == nil)
        await waitUntil("all is published") { one.tier.statistics.published == 4 }
        try await redis.tamper([
            // The number of one Tweet under another.
            ["COPY", key(1), key(2), "REPLACE"], ["SETRANGE", key(3), "20", "xxxxxxxx"], ["DEL", key(4)],
            ["LPUSH", key(4), "x"],
        ])
        #expect(await two.load(totals(1...4, .favorites)).firstWrong == nil)
        #expect(two.tier.statistics.hits == 1)
        #expect(upstream.calls == 2)
        await waitUntil("what can be repaired is") { two.tier.statistics.published == 2 }
        let three = try Node(redis.url, upstream)
        await three.join()
        #expect(await three.load(totals(1...3, .favorites)).firstWrong == nil)
        #expect(upstream.calls == 2)
    }

    @Test("A server that wants a password gets it, and who has none is told without it")
    func passwords() async throws {
        let (redis, upstream) = (try RedisServer(["--requirepass", "hush"]), CountedUpstream())
        let knowing = try Node("unix://:hush@\(redis.socketPath)?database=3", upstream)
        await knowing.join()
        #expect(await knowing.load(totals(1...3, .favorites)).firstWrong == nil)
        for url in [redis.url, "unix://:hush2@\(redis.socketPath)"] {
            let node = try Node(url, upstream)
            await waitUntil("it is told") { node.reported.count == 1 }
            #expect(node.reported.first?.isDown == true)
            #expect(!"\(node.reported)".contains("hush"))
        }
    }

    @Test("A server that refuses to write is told of once, and its records are read")
    func readOnly() async throws {
        let (redis, upstream) = (try RedisServer(["--maxmemory", "1"]), CountedUpstream())
        let node = try Node(redis.url, upstream)
        await node.join()
        for page: UInt64 in 0..<5 {
            #expect(await node.load(totals(1 + page * 10...5 + page * 10, .favorites)).firstWrong == nil)
        }
        #expect(node.reported.count == 2)
        #expect(node.tier.statistics.errors > 0)
        #expect(node.tier.statistics.isUp)
    }

    private func key(_ tweet: Int) -> String { "engageql:1:https%3A%2F%2Fapi.example:cells:everyone:\(tweet)" }
}

/// How far readers have come.
private final class Progress: Sendable {
    let isOver = Atomic(false)
    let pages = Atomic(0)

    var count: Int { pages.load(ordering: .relaxed) }
}

extension SharedTierEvent {
    fileprivate var isDown: Bool {
        if case .down = self { true } else { false }
    }
}

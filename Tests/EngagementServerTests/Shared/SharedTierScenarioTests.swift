import Engagement
import EngagementSandbox
import EngagementServer
import JSON
import SharedTier
import Synchronization
import TestSupport
import Testing

/// Two whole servers over one sandbox and a real Redis server, asked over HTTP.
@Suite(.serialized, .enabled(if: RedisServer.isInstalled, Comment(rawValue: RedisServer.absence)))
struct SharedTierScenarioTests {
    private static func bed(_ redis: RedisServer, lists: [NamedList] = []) throws -> TestBed {
        let url = try RedisURL(redis.url)
        return try TestBed { server, sandbox in
            server.lists = lists
            // Long enough for a busy machine.
            server.shared = SharedTierConfiguration(url: url, timeoutMilliseconds: 2000, leaseMilliseconds: 20_000)
            // Nobody looks at the tier for whole responses that are remembered.
            server.responseBytes = 0
            sandbox.quotaPerMinute = 100_000
        }
    }

    @Test("What one server has fetched, the other one answers without a call, and /metrics says so")
    func shared() async throws {
        let redis = try RedisServer()
        let bed = try Self.bed(redis)
        let folder = try TemporaryFolder()
        let other = try bed.node(in: folder)
        for server in [bed.server, other] { try await Self.join(server) }
        let tweets = Self.tweets(0..<40)
        #expect(try await Self.wrong(bed.sandbox.metrics, bed.server.port, tweets) == nil)
        #expect(bed.sandbox.calls.count == 1)
        try await Self.wait(bed.server, "engageql_shared_published_total 40")
        #expect(try await Self.wrong(bed.sandbox.metrics, other.port, tweets) == nil)
        #expect(bed.sandbox.calls.count == 1)
        try await Self.wait(other, "engageql_shared_records_total{result=\"hit\"} 40")
        try await Self.wait(other, "engageql_shared_errors_total 0")
        await other.drain()
    }

    @Test("Redis is killed and started again under load: all numbers are right, and no caller gets an error")
    func outage() async throws {
        let redis = try RedisServer()
        let bed = try Self.bed(redis)
        let folder = try TemporaryFolder()
        let other = try bed.node(in: folder)
        let ports = [bed.server.port, other.port]
        let metrics = bed.sandbox.metrics
        for server in [bed.server, other] { try await Self.join(server) }
        let warm = Self.tweets(0..<40)
        for port in ports { #expect(try await Self.wrong(metrics, port, warm) == nil) }
        let progress = Progress()
        try await withThrowingTaskGroup(of: [String]?.self) { group in
            // Whoever asks has to stop as well if something throws here: the group waits for all of them.
            defer { progress.isOver.store(true, ordering: .relaxed) }
            for caller in 0..<4 {
                group.addTask {
                    var page = 0
                    while !Task.isCancelled, !progress.isOver.load(ordering: .relaxed) {
                        // Both servers are asked for the same new Tweets at about the same time.
                        let fresh = Self.tweets(100 + page * 20..<130 + page * 20)
                        for tweets in [fresh, warm] {
                            if let wrong = try await Self.wrong(metrics, ports[caller % 2], tweets) { return wrong }
                        }
                        page += 1
                        progress.pages.add(1, ordering: .relaxed)
                    }
                    return nil
                }
            }
            for _ in 0..<2 {
                await progress.pass(20)
                redis.kill()
                await progress.pass(20)
                try redis.start()
                for server in [bed.server, other] { try await Self.join(server) }
            }
            await progress.pass(20)
            progress.isOver.store(true, ordering: .relaxed)
            for try await wrong in group { #expect(wrong == nil) }
        }
        // While it was down each server fetched for itself: nothing more often than there are servers.
        var fetched: [String: Int] = [:]
        for call in bed.sandbox.calls { for tweet in call.tweets { fetched["\(tweet)", default: 0] += 1 } }
        #expect(fetched.values.allSatisfy { $0 <= ports.count })
        #expect(bed.log.text.contains("shared tier is down"))
        await other.drain()
    }

    @Test("What is purged on one server is fetched anew by the other")
    func purge() async throws {
        let redis = try RedisServer()
        let bed = try Self.bed(redis)
        let folder = try TemporaryFolder()
        let other = try bed.node(in: folder)
        for server in [bed.server, other] { try await Self.join(server) }
        let tweets = Self.tweets(0..<5)
        for server in [bed.server, other] {
            #expect(try await Self.wrong(bed.sandbox.metrics, server.port, tweets) == nil)
        }
        #expect(bed.sandbox.calls.count == 1)
        let mutation = TestBed.body("mutation { purge(everything: true) { isPublished } }", .object([]))
        let response = try await TestBed.send(port: bed.server.port, body: mutation)
        #expect(response.text == #"{"data":{"purge":{"isPublished":true}}}"#)
        try await Self.wait(other, "engageql_shared_purges_total 1")
        #expect(try await Self.wrong(bed.sandbox.metrics, other.port, tweets) == nil)
        #expect(bed.sandbox.calls.count == 2)
        await other.drain()
    }

    @Test("A list is warm again on one server after a purge on another one, before anybody asks")
    func warmAfterPurge() async throws {
        let redis = try RedisServer()
        let tweets = Self.tweets(0..<5)
        let name = try #require(ListName("autumn"))
        let list = NamedList(name, tweets, refresh: ListRefresh(), isConfigured: true)
        let bed = try Self.bed(redis, lists: [list])
        let folder = try TemporaryFolder()
        let other = try bed.node(in: folder)
        for server in [bed.server, other] {
            try await Self.join(server)
            try await Self.waitUntilStored(server, tweets)
        }
        bed.sandbox.forgetCalls()
        let mutation = TestBed.body("mutation { purge(everything: true) { isPublished } }", .object([]))
        let response = try await TestBed.send(port: bed.server.port, body: mutation)
        #expect(response.text == #"{"data":{"purge":{"isPublished":true}}}"#)
        try await Self.wait(other, "engageql_shared_purges_total 1")
        // The clock stands still: no other round is due.
        try await Self.waitUntilStored(other, tweets)
        #expect(!bed.sandbox.calls.isEmpty)
        await other.drain()
    }

    // MARK: - Helpers

    private final class Progress: Sendable {
        let isOver = Atomic(false)
        let pages = Atomic(0)

        /// Returns when so many more pages have been asked for.
        func pass(_ count: Int) async {
            let before = pages.load(ordering: .relaxed)
            for _ in 0..<150_000 {
                if pages.load(ordering: .relaxed) >= before + count { return }
                try? await Task.sleep(for: .milliseconds(2))
            }
            Issue.record("nobody gets any further")
        }
    }

    private static func tweets(_ sequence: Range<Int>) -> [TweetID] {
        let postedAt = UnixTime(iso8601: "2026-11-09T12:00:00Z") ?? TestBed.start
        return sequence.map { SandboxWorld.tweetID(postedAt: postedAt, sequence: UInt64($0)) }
    }

    /// What is wrong with a page of these Tweets; nil if every number is that of the sandbox.
    private static func wrong(
        _ metrics: SyntheticMetrics,
        _ port: UInt16,
        _ tweets: [TweetID]
    ) async throws -> [String]? {
        let query = "query($ids: [ID!]!) { rows: totals(tweetIds: $ids) { tweetId favorites } }"
        let ids = JSONValue.array(tweets.map { .string($0.description) })
        let rows = tweets.map { tweet -> JSONValue in
            let count = metrics.total(tweet: tweet, type: .favorites, asOf: TestBed.start)
            return .object([.init("tweetId", .string(tweet.description)), .init("favorites", .integer(count))])
        }
        let body = TestBed.body(query, .object([.init("ids", ids)]))
        let response = try await TestBed.send(port: port, body: body)
        let expected = JSONValue.object([.init("data", .object([.init("rows", .array(rows))]))])
        let differences = JSONExpectation.differences(try JSONValue(parsing: response.body), expected)
        return differences.isEmpty ? nil : differences
    }

    /// Returns when a server has the numbers of these Tweets itself. Nothing is fetched for that.
    private static func waitUntilStored(_ server: Server, _ tweets: [TweetID]) async throws {
        let ids = JSONValue.array(tweets.map { .string($0.description) })
        let body = TestBed.body(
            "query($ids: [ID!]!) { totals(tweetIds: $ids) { favorites } }",
            .object([.init("ids", ids)])
        )
        let headers = TestBed.json + [(name: "Cache-Control", value: "only-if-cached")]
        for _ in 0..<30_000 {
            let response = try await TestBed.send(port: server.port, headers: headers, body: body)
            if try JSONValue(parsing: response.body)["errors"] == nil { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("the numbers never come")
    }

    private static func join(_ server: Server) async throws { try await wait(server, "engageql_shared_up 1") }

    /// Returns when `/metrics` has this line.
    private static func wait(_ server: Server, _ line: String) async throws {
        for _ in 0..<30_000 {
            let text = try await TestBed.send("GET", "/metrics", port: server.port).text
            if text.split(separator: "\n").contains(Substring(line)) { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("/metrics never says \(line)")
    }
}

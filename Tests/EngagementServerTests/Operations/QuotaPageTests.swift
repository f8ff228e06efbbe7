import Engagement
import EngagementSandbox
import EngagementServer
import JSON
import MetricCache
import MetricLoader
import MicroHTTP
import TestSupport
import Testing

/// What pages notice of the quota: nothing, once they have been seen.
@Suite(.serialized)
struct QuotaPageTests {
    @Test("While the API answers 429 for five minutes, pages that were seen before show no error and do not wait")
    func fiveMinutes() async throws {
        let bed = try TestBed { server, _ in
            // As it comes: stale numbers are served while they are refreshed.
            server.cache.timeToLive.staleWhileRevalidate = TimeToLive().staleWhileRevalidate
        }
        let posted = bed.sandbox.now.advanced(bySeconds: -1800)
        let pages = (0..<10).map { page in
            (0..<20).map { SandboxWorld.tweetID(postedAt: posted, sequence: UInt64(page * 20 + $0)) }
        }
        for page in pages { _ = try await favorites(of: page, bed) }
        try await bed.put("faults", .object([.init("faults", .array([.object([.init("fault", .string("429"))])]))]))
        bed.sandbox.forgetCalls()
        for _ in 0..<30 {
            bed.clock.advance(seconds: 10)
            for page in pages {
                let answer = try await favorites(of: page, bed)
                #expect(answer["errors"] == nil)
                for row in answer["data"]?["totals"]?.array ?? [] { #expect(row["favorites"]?.integer != nil) }
            }
        }
        // A try in each pause of ten seconds, and none for each page: after the first one the rest knows.
        #expect(bed.sandbox.calls.count <= 31)
        #expect(bed.sandbox.calls.allSatisfy { $0.status == 429 })

        // The last refusal has come: one that came when the clock had gone on would be the beginning of another pause.
        try await until {
            let lines = try await bed.metrics().split(separator: "\n")
            return lines.contains("engageql_upstream_under_way 0")
                && lines.contains { $0.hasPrefix("engageql_upstream_paused{") && $0.hasSuffix(" 1") }
        }
        try await bed.put("faults", .object([.init("faults", .array([]))]))
        bed.sandbox.forgetCalls()
        bed.clock.advance(seconds: 10)
        for page in pages { _ = try await favorites(of: page, bed) }
        let now = bed.sandbox.now
        let asOf = JSONValue.string(now.iso8601)
        try await until { try await ask(pages[9], bed, "asOf").allSatisfy { $0["asOf"] == asOf } }
        for page in pages {
            let rows = try await favorites(of: page, bed)["data"]?["totals"]?.array ?? []
            for (tweet, row) in zip(page, rows) {
                #expect(
                    row["favorites"]?.integer == bed.sandbox.metrics.total(tweet: tweet, type: .favorites, asOf: now)
                )
            }
        }
        // All 200 Tweets that wait are refreshed by one call.
        #expect(bed.sandbox.calls.map(\.tweets.count) == [200])
    }

    @Test("60 pages of 20 Tweets that are loaded at once need the fewest calls that can be")
    func pagesAtOnce() async throws {
        let sleep = TurnedSleep()
        let bed = try TestBed { server, _ in
            server.http.workers = 2
            server.pacing.sleep = sleep.sleep
        }
        let posted = bed.sandbox.now.advanced(bySeconds: -86_400)
        var generator = SeededGenerator(seed: 11)
        let pages = (0..<60).map { _ in
            Set((0..<20).map { _ in zipf(2000, &generator) }).map {
                SandboxWorld.tweetID(postedAt: posted, sequence: UInt64($0))
            }
        }
        let distinct = pages.reduce(Set<TweetID>()) { $0.union($1) }.count
        let port = bed.server.port
        try await withThrowingTaskGroup(of: (Int, JSONValue).self) { group in
            for (index, page) in pages.enumerated() {
                let body = favoritesRequest(page)
                group.addTask { (index, try JSONValue(parsing: await TestBed.send(port: port, body: body).body)) }
            }
            // Nothing goes out before all are there, however slow the machine is.
            try await until { try await waiting(bed) >= distinct }
            try await until {
                sleep.turn()
                return bed.sandbox.calls.count >= (distinct + 249) / 250
            }
            for try await (index, answer) in group {
                for (tweet, row) in zip(pages[index], answer["data"]?["totals"]?.array ?? []) {
                    let expected = bed.sandbox.metrics.total(tweet: tweet, type: .favorites, asOf: bed.sandbox.now)
                    #expect(row["favorites"]?.integer == expected)
                }
            }
        }
        #expect(distinct > 250)
        #expect(bed.sandbox.calls.count == (distinct + 249) / 250)
        #expect(bed.sandbox.calls.reduce(0) { $0 + $1.tweets.count } == distinct)
    }

    // MARK: - Helpers

    /// A rank from 0, the k-th with a probability proportional to 1/(k + 1).
    private func zipf(_ count: Int, _ generator: inout SeededGenerator) -> Int {
        let sum = (1...count).reduce(0) { $0 + 1 / Double($1) }
        var rest = Double.random(in: 0..<sum, using: &generator)
        return (0..<count).first { rank in
            rest -= 1 / Double(rank + 1)
            return rest < 0
        } ?? 0
    }

    private func favoritesRequest(_ tweets: [TweetID], _ fields: String = "") -> [UInt8] {
        let ids = JSONValue.array(tweets.map { .string($0.description) })
        return TestBed.body(
            "query($ids: [ID!]!) { totals(tweetIds: $ids) { favorites \(fields) } }",
            .object([.init("ids", ids)])
        )
    }

    private func ask(_ tweets: [TweetID], _ bed: TestBed, _ fields: String) async throws -> [JSONValue] {
        let response = try await bed.send(body: favoritesRequest(tweets, fields))
        return try JSONValue(parsing: response.body)["data"]?["totals"]?.array ?? []
    }

    private func favorites(of tweets: [TweetID], _ bed: TestBed) async throws -> JSONValue {
        try JSONValue(parsing: await bed.send(body: favoritesRequest(tweets)).body)
    }

    /// How many Tweets wait for a call, as `/metrics` tells.
    private func waiting(_ bed: TestBed) async throws -> Int {
        let text = try await bed.send("GET", "/metrics", headers: []).text
        let line = text.split(separator: "\n").first { $0.hasPrefix("engageql_upstream_waiting ") }
        return line.flatMap { Int($0.split(separator: " ")[1]) } ?? 0
    }
}

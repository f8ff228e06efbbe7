import Digests
import Engagement
import EngagementSandbox
import EngagementServer
import JSON
import MetricLoader
import Synchronization
import TestSupport
import Testing

/// Every way to ask for a private number that the server has, with the key of its account and with others.
@Suite("Nobody sees a private number of another account")
struct IsolationTests {
    private static let tweet = KeyedBed.tweetOfAcme
    private static let ids = ["850006245121695744", "1260294888811347969"]
    private static let window = #"start: "2026-11-10", end: "2026-11-18""#

    /// A way to ask for impressions of acme's Tweet.
    struct Way: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let probe: Probe

        init(_ title: String, _ probe: Probe) {
            testDescription = title
            self.probe = probe
        }

        init(_ title: String, query: String, extensions: JSONValue? = nil, accept: String? = nil) {
            let text = query.replacing("TWEET_ID", with: "\"\(tweet)\"")
            self.init(title, .post(TestBed.body(text, nil, extensions: extensions), accept: accept))
        }

        init(_ title: String, get path: String, accept: String? = nil) {
            let headers = accept.map { [(name: "Accept", value: $0)] } ?? []
            self.init(title, Probe(method: "GET", path: path.replacing("TWEET_ID", with: tweet), headers: headers))
        }
    }

    private static let ways: [Way] = [
        Way("totals", query: "{ totals(tweetIds: [TWEET_ID]) { tweetId impressions } }"),
        Way("totals of a list", query: #"{ totals(list: "autumn") { tweetId impressions } }"#),
        Way("totals of a list of nobody's", query: #"{ totals(list: "common") { tweetId impressions } }"#),
        Way("the sum", query: "{ totals(tweetIds: [TWEET_ID], groupBy: []) { impressions } }"),
        Way(
            "the sum beside another",
            query: "{ totals(tweetIds: [\"\(KeyedBed.tweetOfGlobex)\", TWEET_ID]) { impressions } }"
        ),
        Way(
            "the long form",
            query: "{ totals(tweetIds: [TWEET_ID], groupBy: [ENGAGEMENT_TYPE]) { count impressions } }"
        ),
        Way(
            "the best of many",
            query: "{ totals(tweetIds: [TWEET_ID], orderBy: [{field: IMPRESSIONS}], first: 1) { impressions } }"
        ),
        Way("a page card", query: "{ tweet(id: TWEET_ID) { totals { impressions favorites } } }"),
        Way("page cards", query: "{ tweets(ids: [TWEET_ID]) { totals { impressions } } }"),
        Way("a series", query: "{ historical(tweetIds: [TWEET_ID], \(window)) { impressions } }"),
        Way(
            "a series by day",
            query: "{ historical(tweetIds: [TWEET_ID], \(window), groupBy: [DAY]) { impressions } }"
        ),
        Way(
            "a series by hour",
            query: "{ historical(tweetIds: [TWEET_ID], \(window), groupBy: [TWEET, HOUR]) { impressions } }"
        ),
        Way("the last 28 hours", query: "{ last28Hours(tweetIds: [TWEET_ID]) { impressions } }"),
        Way("the past", query: "{ totals(tweetIds: [TWEET_ID], asOf: \"2026-11-20T12:31:00Z\") { impressions } }"),
        Way(
            "growth",
            query:
                "{ growth(tweetIds: [TWEET_ID], start: \"2026-11-20T12:00:00Z\", groupBy: [TWEET, HOUR]) { impressions } }"
        ),
        Way(
            "a comparison",
            query: "{ compare(groups: [{name: \"a\", tweetIds: [TWEET_ID]}]) { total(of: IMPRESSIONS) } }"
        ),
        Way(
            "a comparison by age",
            query:
                #"{ compare(groups: [{name: "a", tweetIds: [TWEET_ID]}], by: DAY, ages: 60) { total(of: IMPRESSIONS) } }"#
        ),
        Way("a rate", query: "{ totals(tweetIds: [TWEET_ID]) { engagementRate impressions } }"),
        Way(
            "with what the cache has",
            query: "{ totals(tweetIds: [TWEET_ID]) { impressions } }",
            extensions: .object([.init("cache", .boolean(true)), .init("cost", .boolean(true))])
        ),
        Way("however old", query: "query @fresh(maxAge: 86400) { totals(tweetIds: [TWEET_ID]) { impressions } }"),
        Way("rows", query: "{ totals(tweetIds: [TWEET_ID]) { tweetId impressions } }", accept: "text/csv"),
        Way("a batch", .post("[{\"query\": \"{ totals(tweetIds: [\\\"\(tweet)\\\"]) { impressions } }\"}]")),
        Way("a URL", get: "/graphql?query=%7Btotals(tweetIds:%5B%22TWEET_ID%22%5D)%7Bimpressions%7D%7D"),
        Way("a saved query", get: "/q/daily-impressions?ids=TWEET_ID&start=2026-11-10&end=2026-11-18"),
        Way("a saved query as CSV", get: "/q/daily-impressions.csv?ids=TWEET_ID&start=2026-11-10&end=2026-11-18"),
        Way(
            "a saved query by pages",
            get: "/q/daily-impressions.ndjson?ids=TWEET_ID&start=2026-11-10&end=2026-11-18&limit=3"
        ),
        Way("the feed", get: "/odata/autumn_Totals?$select=tweetId,impressions"),
        Way("the feed of a list of nobody's", get: "/odata/common_Totals?$select=tweetId,impressions"),
        Way("the feed by day", get: "/odata/common_Daily?$select=date,impressions"),
        Way("the feed, sorted", get: "/odata/common_Totals?$select=impressions&$orderby=impressions%20desc"),
        Way("one entity", get: "/odata/common_Totals(tweetId='TWEET_ID')"),
        Way("all of the feed", get: "/odata/Totals?$filter=tweetId%20eq%20'TWEET_ID'"),
        Way(
            "the API's own endpoint",
            Probe(
                path: "/insights/engagement/totals",
                headers: [(name: "Content-Type", value: "application/json"), (name: "Accept-Encoding", value: "gzip")],
                body: Array(
                    #"{"tweet_ids":["\#(tweet)"],"engagement_types":["impressions"],"groupings":{"g":{"group_by":["tweet.id"]}}}"#
                        .utf8
                )
            )
        ),
    ]

    /// Keys that may not see what acme's may.
    private static let others = [TestKey.globex, TestKey.open, TestKey.metrics, TestKey.administrator]

    @Test("by no way, though the numbers are there", arguments: ways)
    func isHidden(_ way: Way) async throws {
        let bed = try KeyedBed.make { $0.maximumBatch = 2 }
        try await remember(bed)
        // As often as it takes to be remembered as a whole.
        for _ in 0..<3 {
            let own = try await answer(bed, way.probe, TestKey.acme)
            #expect(!own.impressions.isEmpty, "its own: \(own.text.prefix(500))")
        }
        for key in Self.others {
            for _ in 0..<2 {
                let foreign = try await answer(bed, way.probe, key)
                #expect(foreign.impressions.isEmpty, "\(foreign.text.prefix(500))")
            }
        }
        // Nor by having been asked in vain.
        let own = try await answer(bed, way.probe, TestKey.acme)
        #expect(!own.impressions.isEmpty, "its own, at last: \(own.text.prefix(500))")
        // Whoever reads both does.
        let both = try await answer(bed, way.probe, TestKey.both)
        #expect(!both.impressions.isEmpty, "both: \(both.text.prefix(500))")
    }

    @Test(
        "nor learns by a tag that an answer of another is the same",
        arguments: ways.filter { $0.probe.method == "GET" }
    )
    func tag(_ way: Way) async throws {
        let bed = try KeyedBed.make()
        try await remember(bed)
        let own = try await answer(bed, way.probe, TestKey.acme).response
        guard let tag = own.header("ETag") else { return }
        for key in Self.others {
            let foreign = try await answer(bed, way.probe, key, [(name: "If-None-Match", value: tag)]).response
            #expect(foreign.status != 304)
        }
        #expect(
            try await answer(bed, way.probe, TestKey.acme, [(name: "If-None-Match", value: tag)]).response.status == 304
        )
    }

    @Test("nor by a subscription to what another one watches")
    func subscription() async throws {
        let bed = try KeyedBed.make()
        try await remember(bed)
        let body = TestBed.body(#"subscription { totals(tweetIds: ["\#(Self.tweet)"]) { impressions } }"#, nil)
        func first(_ key: String) async throws -> String {
            let head =
                "POST /graphql HTTP/1.1\r\nHost: h\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\n"
            let request = head + "Authorization: Bearer \(key)\r\nContent-Length: \(body.count)\r\n\r\n"
            let client = try EventClient(bed, Array(request.utf8) + body)
            _ = try await client.begin()
            return try await client.next()?.data ?? ""
        }
        #expect(try await !Self.impressions(in: first(TestKey.acme)).isEmpty)
        for key in Self.others {
            let text = try await first(key)
            #expect(text.contains("TWEET_FORBIDDEN") && Self.impressions(in: text).isEmpty, "\(text)")
        }
    }

    @Test("A key without an account costs no call in vain")
    func noCalls() async throws {
        let bed = try KeyedBed.make()
        for way in Self.ways where way.testDescription != "the API's own endpoint" {
            let text = try await answer(bed, way.probe, TestKey.open).text
            // It is known beforehand, and not the API that says so.
            #expect(!text.contains("UPSTREAM_"), "\(way.testDescription): \(text.prefix(500))")
        }
        // Of what was asked, favorites are public.
        #expect(
            bed.sandbox.calls.allSatisfy {
                $0.account == nil && EngagementTypeSet($0.types).isSubset(of: .publicTotals)
            },
            "\(bed.sandbox.calls)"
        )
    }

    @Test("Reports of cost show what was asked with them, and not who else was in a call")
    func cost() async throws {
        let gate = Gate()
        let bed = try KeyedBed.make { server in
            // The call leaves when both are there.
            server.pacing.sleep = { milliseconds in
                if milliseconds > 100 { return try await Task.sleep(for: .seconds(3600)) }
                try await until { gate.isOpen.load(ordering: .relaxed) }
            }
        }
        let port = bed.server.port
        @Sendable func ask(_ id: String, _ key: String) async throws -> [UInt8] {
            let query = "{ totals(tweetIds: [\"\(id)\"]) { tweetId favorites } }"
            let body = TestBed.body(query, nil, extensions: .object([.init("cost", .boolean(true))]))
            return try await TestBed.send(port: port, headers: TestBed.json + TestKey.bearer(key), body: body).body
        }
        async let first = ask(Self.ids[0], TestKey.open)
        async let second = ask(Self.ids[1], TestKey.globex)
        try await until { try await bed.metrics().contains("\nengageql_upstream_waiting 2\n") }
        gate.isOpen.store(true, ordering: .relaxed)
        let answers = try await [first, second]
        #expect(bed.sandbox.calls.count == 1, "the two shared a call")
        for (answer, id) in zip(answers, Self.ids) {
            let cost = try #require(try JSONValue(parsing: answer)["extensions"]?["cost"])
            #expect(cost["calls"]?[0]?["request"]?["tweet_ids"] == .array([.string(id)]))
            #expect(cost["tweets"] == .integer(1))
        }
    }

    // MARK: - Helpers

    private final class Gate: Sendable {
        let isOpen = Atomic(false)
    }

    private struct Answer {
        let response: RawClient.Response
        let impressions: Set<Int64>
        var text: String { response.text }
    }

    /// Has the server fetch everything with acme's key: twice, an hour apart.
    private func remember(_ bed: TestBed) async throws {
        let hours = (0..<300).map { JSONValue.integer(3_000_001 + $0 * 37) }
        let counts = JSONValue.object([.init("from", "2026-11-10T00:00:00Z"), .init("impressions", .array(hours))])
        let tweet = JSONValue.object([
            .init("id", .string(Self.tweet)), .init("owner", "acme"), .init("hourly", counts),
        ])
        try await bed.put("tweets", .object([.init("tweets", .array([tweet]))]))
        for _ in 0..<2 {
            let query = """
                query @fresh(maxAge: 0) { totals(tweetIds: ["\(Self.tweet)"]) { impressions }
                historical(tweetIds: ["\(Self.tweet)"], \(Self.window), groupBy: [HOUR]) { impressions } }
                """
            let response = try await answer(bed, .post(TestBed.body(query, nil)), TestKey.acme)
            #expect(response.response.errorCount == 0, "\(response.text.prefix(500))")
            bed.clock.advance(seconds: 3600)
        }
    }

    /// The counts in a text: acme's Tweet has more than a million impressions in each hour, and nothing else here is as large, but
    /// ids of Tweets and what links have of their table.
    private static func impressions(in text: String) -> Set<Int64> {
        let plain = text.replacing(/skiptoken=[^"]*|cursor=[^>]*/, with: "")
        return Set(plain.split { !$0.isNumber }.filter { (7...11).contains($0.count) }.compactMap { Int64($0) })
    }

    private func answer(
        _ bed: TestBed,
        _ probe: Probe,
        _ key: String,
        _ headers: [(name: String, value: String)] = []
    ) async throws -> Answer {
        var probe = probe
        probe.headers += TestKey.bearer(key) + headers
        let response = try await bed.send(probe)
        var text = response.text
        if response.header("Content-Encoding") == "gzip" {
            text = String(decoding: try DropInClient.unpacked(response.body), as: UTF8.self)
        }
        return Answer(response: response, impressions: Self.impressions(in: text))
    }
}

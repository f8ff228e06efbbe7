import Engagement
import EngagementSandbox
import EngagementServer
import JSON
import MicroHTTP
import TestSupport
import Testing

/// Many callers at once: everybody gets the right numbers, and no number is fetched for two of them.
@Suite(.serialized)
struct ConcurrencyTests {
    @Test("64 overlapping requests get the right totals, and no cell is fetched twice")
    func totals() async throws {
        let bed = try TestBed { server, sandbox in
            server.http.workers = 2
            // Calls take their time, so that requests meet each other's.
            sandbox.latencyMilliseconds = 30
        }
        let tweets = Self.tweets(count: 120)
        try await Self.askAll(bed) { index in
            let chosen = Array(tweets[(index * 37 % 80)..<(index * 37 % 80 + 40)])
            let rows = chosen.map { tweet in
                JSONValue.object([
                    .init("tweetId", .string(tweet.description)),
                    .init(
                        "favorites",
                        .integer(bed.sandbox.metrics.total(tweet: tweet, type: .favorites, asOf: TestBed.start))
                    ),
                ])
            }
            return (
                query: "query($ids: [ID!]!) { rows: totals(tweetIds: $ids) { tweetId favorites } }",
                tweets: chosen,
                rows: rows
            )
        }
        Self.expectEachCellOnce(bed.sandbox.calls)
    }

    @Test("64 overlapping requests get the right days, and no cell is fetched twice")
    func series() async throws {
        let bed = try TestBed { server, sandbox in
            server.http.workers = 2
            sandbox.latencyMilliseconds = 30
        }
        let tweets = Self.tweets(count: 40)
        let start = try #require(UnixTime(iso8601: "2026-11-10T00:00:00Z")).flooredHour
        let window = HourWindow(start: start, end: start.advanced(by: 7 * 24))
        try await Self.askAll(bed) { index in
            let chosen = Array(tweets[(index * 7 % 30)..<(index * 7 % 30 + 10)])
            let rows = chosen.map { tweet in
                let count = bed.sandbox.metrics.count(tweet: tweet, type: .impressions, in: window, asOf: TestBed.start)
                return JSONValue.object([
                    .init("tweetId", .string(tweet.description)), .init("impressions", .integer(count)),
                ])
            }
            let arguments = "tweetIds: $ids, start: \"2026-11-10\", end: \"2026-11-17\""
            return (
                query: "query($ids: [ID!]!) { rows: historical(\(arguments)) { tweetId impressions } }",
                tweets: chosen,
                rows: rows
            )
        }
        Self.expectEachCellOnce(bed.sandbox.calls)
    }

    // MARK: - Helpers

    private static func tweets(count: Int) -> [TweetID] {
        let postedAt = UnixTime(iso8601: "2026-11-09T12:00:00Z") ?? TestBed.start
        return (0..<count).map { SandboxWorld.tweetID(postedAt: postedAt, sequence: UInt64($0)) }
    }

    /// Asks 64 questions side by side, each on a connection of its own, and compares the answers.
    private static func askAll(
        _ bed: TestBed,
        _ question: (Int) -> (query: String, tweets: [TweetID], rows: [JSONValue])
    ) async throws {
        let questions = (0..<64).map(question)
        let port = bed.server.port
        try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
            for (index, question) in questions.enumerated() {
                let ids = JSONValue.array(question.tweets.map { .string($0.description) })
                let body = TestBed.body(question.query, .object([.init("ids", ids)]))
                group.addTask { (index, try await TestBed.send(port: port, body: body).body) }
            }
            for try await (index, body) in group {
                let expected = JSONValue.object([
                    .init("data", .object([.init("rows", .array(questions[index].rows))]))
                ])
                #expect(JSONExpectation.differences(try JSONValue(parsing: body), expected) == [])
            }
        }
    }

    /// A cell here is a Tweet and a type: all requests of a test mean the same hours.
    private static func expectEachCellOnce(_ calls: [RecordedCall]) {
        var seen: Set<[String]> = []
        for call in calls {
            for tweet in call.tweets {
                for type in call.types {
                    #expect(
                        seen.insert([tweet.description, type.wireName]).inserted,
                        "\(tweet) \(type) is fetched twice"
                    )
                }
            }
        }
        #expect(!seen.isEmpty)
    }
}

import Engagement
import EngagementSandbox
import Foundation
import JSON
import TestSupport
import Testing

extension CommandTests {
    @Suite("A server that is killed in the middle of its work")
    struct KilledServerTests {
        /// How often; `ENGAGEQL_KILLS` says otherwise.
        private static let rounds = ProcessInfo.processInfo.environment["ENGAGEQL_KILLS"].flatMap { Int($0) } ?? 20

        /// SIGKILL leaves no time to tidy up: whatever is in the file must be right, and what is not is fetched anew.
        @Test("After each kill the file opens, and every number is right")
        func kill() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let settings = try folder.write("sandbox.yaml", "quotaPerMinute: 1000000\n")
                var generator = SeededGenerator(seed: runSeed)
                var asked: [Tweets] = []
                var hits = 0
                for _ in 0..<Self.rounds {
                    let tool = try Tool.serve(data: folder.path("data"), ["--sandbox-config", settings])
                    for tweets in asked.suffix(3) { try tweets.check(tool) }
                    hits += Self.hits(tool)
                    let next = (0..<6).map { _ in Tweets(using: &generator) }
                    asked += next
                    let port = tool.port
                    for tweets in next {
                        Thread.detachNewThread { for query in tweets.queries { _ = try? Tool.ask(query, port: port) } }
                    }
                    // Anything between nothing sent and everything written.
                    usleep(UInt32.random(in: 0..<150_000, using: &generator))
                    tool.signal(SIGKILL)
                    #expect(tool.end() == .signal(SIGKILL))
                    #expect(!tool.standardError.contains("was moved to"), "the file opens: \(tool.standardError)")
                    #expect(tool.standardError.contains("is in use"))
                }
                let tool = try Tool.serve(data: folder.path("data"), ["--sandbox-config", settings])
                for tweets in asked { try tweets.check(tool) }
                hits += Self.hits(tool)
                #expect(hits > 0, "some numbers survived a kill")
                tool.signal(SIGTERM)
                #expect(tool.end() == .exit(0))
            }
        }

        private static func hits(_ tool: Tool) -> Int {
            let text = (try? tool.get("/metrics").text) ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("engageql_cache_cells_total{result=\"hit\"}") }
            return line?.split(separator: " ").last.flatMap { Int($0) } ?? 0
        }
    }
}

/// Some Tweets of the last weeks, whose numbers are known by arithmetic.
private struct Tweets: Sendable {
    private let ids: [TweetID]
    private let now = UnixTime.now()
    private static let metrics = SyntheticMetrics(seed: 1)

    init(using generator: inout SeededGenerator) {
        let now = now
        ids = (0..<12).map { index in
            let age = Int64.random(in: 62 * 86_400..<80 * 86_400, using: &generator)
            return SandboxWorld.tweetID(postedAt: now.advanced(bySeconds: -age), sequence: UInt64(index))
        }
    }

    var queries: [String] { [totals, days] }

    private var list: String { ids.map { "\"\($0)\"" }.joined(separator: " ") }

    private var totals: String { "{ rows: totals(tweetIds: [\(list)]) { tweetId favorites impressions asOf } }" }

    /// Four weeks that are long settled: their numbers never change.
    private var days: String {
        let start = now.advanced(bySeconds: -60 * 86_400).iso8601.prefix(10)
        let end = now.advanced(bySeconds: -32 * 86_400).iso8601.prefix(10)
        let arguments = "tweetIds: [\(list)], start: \"\(start)\", end: \"\(end)\", groupBy: [TWEET, DAY]"
        return "{ rows: historical(\(arguments)) { tweetId start end impressions urlClicks } }"
    }

    /// Asks again and compares each number with the arithmetic.
    func check(_ tool: Tool) throws {
        let comment = Comment(rawValue: "ENGAGEQL_SEED=\(runSeed)")
        let rows = try #require(try tool.ask(totals)["data"]?["rows"]?.array)
        #expect(rows.count == ids.count)
        for row in rows {
            let tweet = try #require(row["tweetId"]?.string.flatMap(TweetID.init))
            let asOf = try #require(row["asOf"]?.string.flatMap(UnixTime.init(iso8601:)), comment)
            for (type, field) in [(EngagementType.favorites, "favorites"), (.impressions, "impressions")] {
                let count = try #require(row[field]?.integer)
                // Counts only grow. `asOf` is a whole second, and the oldest of the row.
                let least = Self.metrics.total(tweet: tweet, type: type, asOf: asOf)
                let most = Self.metrics.total(tweet: tweet, type: type, asOf: .now())
                #expect((least...most).contains(count), comment)
            }
        }
        let days = try #require(try tool.ask(days)["data"]?["rows"]?.array)
        #expect(days.count == ids.count * 28)
        for row in days {
            let tweet = try #require(row["tweetId"]?.string.flatMap(TweetID.init))
            let start = try #require(row["start"]?.string.flatMap(UnixTime.init(iso8601:)))
            let window = HourWindow(start: start.flooredHour, end: start.flooredHour.advanced(by: 24))
            for (type, field) in [(EngagementType.impressions, "impressions"), (.urlClicks, "urlClicks")] {
                let count = Self.metrics.count(tweet: tweet, type: type, in: window, asOf: .now())
                #expect(row[field]?.integer == count, comment)
            }
        }
    }
}

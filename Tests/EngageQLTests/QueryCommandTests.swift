import Foundation
import JSON
import TestSupport
import Testing

extension CommandTests {
    @Suite("engageql query")
    struct QueryCommandTests {
        /// The Tweets of the API's getting-started guide, whose counts are fixed, and one that is gone.
        static let query =
            #"{ totals(tweetIds: ["1260294888811347969", "850006245121695744", "1720140212187844609"]) "#
            + "{ tweetId favorites retweets } }"

        static let table = """
            tweetId              favorites  retweets
            ───────────────────  ─────────  ────────
            1260294888811347969     17,111     5,218
            850006245121695744         492       324
            1720140212187844609          -         -

            """

        static func local(_ folder: TemporaryFolder, _ arguments: [String]) throws -> Tool {
            try Tool(["query"] + arguments + ["--sandbox", "--data", folder.url.path])
        }

        @Test("A table, what is missing on standard error, and no call for who asks again")
        func table() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let tool = try Self.local(folder, [Self.query, "--format", "table"])
                #expect(tool.end() == .exit(0))
                #expect(tool.standardOutput == Self.table)
                for text in [
                    "engageql: TWEET_UNAVAILABLE: 1 Tweet ", "existed: 1720140212187844609. ", "leave them out",
                ] {
                    #expect(tool.standardError.contains(text), "\(tool.standardError)")
                }
                let piped = try Tool(
                    ["query", "-", "--format", "table", "--sandbox", "--data", folder.url.path],
                    input: Self.query
                )
                #expect(piped.end() == .exit(0))
                #expect(piped.standardOutput == Self.table)
                let explain = try Tool(["explain", Self.query, "--sandbox", "--data", folder.url.path])
                #expect(explain.end() == .exit(0))
                #expect(explain.standardOutput.contains("sum      no call"), "\(explain.standardOutput)")
            }
        }

        @Test(
            "Every format, in this process and from a server, on standard output and in a file of that name",
            arguments: [
                (
                    "csv", [],
                    "tweetId,favorites,retweets\r\n1260294888811347969,17111,5218\r\n850006245121695744,492,324\r\n1720140212187844609,,\r\n"
                ),
                (
                    "csv", ["quote=excel", "header=false"],
                    "\"=\"\"1260294888811347969\"\"\",17111,5218\r\n\"=\"\"850006245121695744\"\"\",492,324\r\n\"=\"\"1720140212187844609\"\"\",,\r\n"
                ),
                (
                    "tsv", [],
                    "tweetId\tfavorites\tretweets\n1260294888811347969\t17111\t5218\n850006245121695744\t492\t324\n1720140212187844609\t\t\n"
                ),
                (
                    "ndjson", [],
                    #"{"tweetId":"1260294888811347969","favorites":17111,"retweets":5218}"# + "\n"
                        + #"{"tweetId":"850006245121695744","favorites":492,"retweets":324}"# + "\n"
                        + #"{"tweetId":"1720140212187844609","favorites":null,"retweets":null}"# + "\n"
                ),
                (
                    "json", [],
                    "[\n" + #"{"tweetId":"1260294888811347969","favorites":17111,"retweets":5218}"# + ",\n"
                        + #"{"tweetId":"850006245121695744","favorites":492,"retweets":324}"# + ",\n"
                        + #"{"tweetId":"1720140212187844609","favorites":null,"retweets":null}"# + "\n]\n"
                ),
            ] as [(String, [String], String)]
        )
        func formats(_ format: String, _ options: [String], _ expected: String) async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let arguments = [Self.query] + options
                let local = try Self.local(folder, arguments + ["--format", format])
                #expect(local.end() == .exit(0))
                #expect(local.standardOutput == expected)

                let server = try Tool.serve(data: folder.path("of-server"))
                let file = folder.path("rows.\(format)")
                let remote = try Tool(
                    ["query"] + arguments + ["--output", file, "--server", "http://127.0.0.1:\(server.port)"]
                )
                #expect(remote.end() == .exit(0))
                #expect(remote.standardOutput == "")
                #expect(folder.files["rows.\(format)"].map { String(decoding: $0, as: UTF8.self) } == expected)
            }
        }

        @Test("CSV is what a pipe gets, and a saved query takes its variables by name or as JSON")
        func saved() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let lines = ["1260294888811347969,17111", "850006245121695744,492"]
                for arguments in [
                    ["top-tweets", "ids=850006245121695744,1260294888811347969", "by=favorites"],
                    [
                        "top-tweets", "--variables",
                        #"{"ids": ["850006245121695744", "1260294888811347969"], "first": null}"#,
                    ],
                    [
                        "@config/queries/top-tweets.graphql", "--variables",
                        #"{"ids": ["850006245121695744", "1260294888811347969"]}"#,
                    ],
                ] {
                    let tool = try Self.local(folder, arguments)
                    #expect(tool.end() == .exit(0))
                    let rows = tool.standardOutput.split(separator: "\r\n")
                    #expect(rows.first == "tweetId,favorites,retweets,quoteTweets,replies,videoViews,asOf")
                    #expect(rows.dropFirst().map { $0.split(separator: ",").prefix(2).joined(separator: ",") } == lines)
                }
            }
        }

        @Test("More rows than a page holds: one header, one mark, every hour once; and one array")
        func pages() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let query =
                    #"{ historical(tweetIds: ["1260294888811347969"], start: "2024-01-01", end: "2025-06-01", "#
                    + "groupBy: [TWEET, HOUR]) { start impressions } }"
                // 517 days of 24 hours.
                let csv = try Self.local(folder, [query, "bom=true"])
                #expect(csv.end() == .exit(0))
                let lines = csv.standardOutput.split(separator: "\r\n")
                #expect(lines.first == "\u{FEFF}start,impressions")
                let starts = lines.dropFirst().map { $0.prefix(20) }
                #expect(starts.count == 12_408)
                #expect(starts.first == "2024-01-01T00:00:00Z")
                #expect(starts.last == "2025-05-31T23:00:00Z")
                #expect(zip(starts, starts.dropFirst()).allSatisfy { $0 < $1 })

                let json = try Self.local(folder, [query, "--format", "json"])
                #expect(json.end() == .exit(0))
                let rows = try JSONValue(parsing: Array(json.standardOutput.utf8)).array ?? []
                #expect(rows.map { $0["start"]?.string } == starts.map(String.init))
            }
        }

        @Test("A sparkline counts from zero, says least, most and sum, and leaves a gap where there is no number")
        func sparkline() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let sandbox = try folder.write(
                    "sandbox.yaml",
                    """
                    tweets:
                      - id: "1985000000000000001"
                        hourly: {from: "2025-11-20T00:00:00Z", impressions: [1000, 2000, 4000, 8000], engagements: [0, 0, 0, 4000]}
                      - id: "1985000000000000002"
                        state: deleted
                    """
                )
                let query =
                    #"{ historical(tweetIds: ["1985000000000000001", "1985000000000000002"], start: "2025-11-20T00:00:00Z", "#
                    + #"end: "2025-11-20T04:00:00Z", groupBy: [TWEET, HOUR]) { tweetId start end seen: impressions engagementRate } }"#
                let tool = try Self.local(folder, [query, "--format", "sparkline", "--sandbox-config", sandbox])
                #expect(tool.end() == .exit(0))
                #expect(
                    tool.standardOutput == """
                                                                      min     max     sum
                        1985000000000000001  seen            ▂▃▅█   1,000   8,000  15,000
                        1985000000000000001  engagementRate  ▁▁▁█  0.0000  0.5000       -
                        1985000000000000002  seen                       -       -       -
                        1985000000000000002  engagementRate             -       -       -

                        """
                )
            }
        }
    }
}

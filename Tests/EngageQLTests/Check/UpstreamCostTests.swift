import JSON
import TestSupport
import Testing

extension CommandTests {
    /// The most calls of each endpoint: totals, 28hr, historical.
    @Suite("What operations cost upstream")
    struct UpstreamCostTests {
        @Test(
            "Calls follow from the fields, the lists and the windows",
            arguments: [
                ("{ __typename }", [0, 0, 0]),
                // Ids and times cost nothing, public metrics one call, the account's own another.
                (#"{ tweet(id: "1") { id createdAt totals { asOf } } }"#, [0, 0, 0]),
                (#"{ tweet(id: "1") { totals { favorites } } }"#, [1, 0, 0]),
                (#"{ tweet(id: "1") { totals { favorites engagementRate } } }"#, [2, 0, 0]),
                ("query($i: [ID!]!) { totals(tweetIds: $i, groupBy: [ENGAGEMENT_TYPE]) { count } }", [4, 0, 0]),
                // 300 Tweets are two calls of totals and twelve of the others.
                ("query($i: [ID!]!) { totals(tweetIds: $i) { replies } }", [2, 0, 0]),
                ("query($i: [ID!]!) { last28Hours(tweetIds: $i) { replies } }", [0, 12, 0]),
                ("query($i: [ID!]!) { tweets(ids: $i) { historical { replies } } }", [0, 0, 12]),
                // The same Tweets twice are asked for once, others of another variable fill up the same calls.
                (
                    "query($i: [ID!]!) { a: totals(tweetIds: $i) { replies } b: totals(tweetIds: $i) { retweets } }",
                    [2, 0, 0]
                ),
                (
                    "query($i: [ID!]!, $j: [ID!]!) { a: totals(tweetIds: $i) { replies } b: totals(tweetIds: $j) { replies } }",
                    [3, 0, 0]
                ),
                // A written window is cut into tiles of four weeks.
                (#"{ historical(tweetIds: ["1"], start: "2024-01-01", end: "2024-02-26") { replies } }"#, [0, 0, 2]),
                (
                    #"query($s: DateTime) { historical(tweetIds: ["1"], start: $s, end: "2024-02-26") { replies } }"#,
                    [0, 0, 1]
                ),
                // Fragments count where they are spread, conditions are not believed.
                (
                    #"{ tweet(id: "1") { ...T ...T } } fragment T on Tweet { totals { ...R } } fragment R on TotalsRow { replies }"#,
                    [1, 0, 0]
                ),
                (#"query($x: Boolean!) { tweet(id: "1") { totals @include(if: $x) { replies } } }"#, [1, 0, 0]),
                // Sorting needs its key; which one, a variable does not tell.
                (#"{ totals(tweetIds: ["1"], orderBy: [{ field: IMPRESSIONS }]) { replies } }"#, [2, 0, 0]),
                (
                    #"query($f: TotalsOrderField!) { totals(tweetIds: ["1"], orderBy: [{ field: $f }]) { replies } }"#,
                    [2, 0, 0]
                ),
            ] as [(String, [Int64])]
        )
        func calls(_ query: String, expected: [Int64]) async throws {
            try await onThread {
                let tool = try Tool(["check", "--format", "json", "--list-size", "300", "-"], input: query)
                #expect(tool.end() == .exit(0))
                let answer = try JSONValue(parsing: Array(tool.standardOutput.utf8))
                let calls = try #require(answer["documents"]?[0]?["operations"]?[0]?["upstreamCalls"])
                #expect(["totals", "28hr", "historical"].map { calls[$0]?.integer } == expected)
                #expect(calls["total"]?.integer == expected.reduce(0, +))
            }
        }
    }
}

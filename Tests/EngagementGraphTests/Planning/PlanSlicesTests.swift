import Bytes
import Engagement
import EngagementGraph
import GraphQL
import JSON
import Testing

@Suite("Plans that are answered a few Tweets at a time")
struct PlanSlicesTests {
    /// (a query, how many Tweets it is cut up by, and how many rows each has)
    static let queries: [(query: String, tweets: Int, rows: Int)] = [
        ("{ totals(tweetIds: [1, 2, 3, 2]) { tweetId favorites } }", 3, 1),
        (
            "{ totals(tweetIds: [1, 2, 3], groupBy: [TWEET, ENGAGEMENT_TYPE]) { tweetId favorites replies count } }", 3,
            2
        ),
        ("{ last28Hours(tweetIds: [1, 2], groupBy: [TWEET, HOUR]) { tweetId start favorites } }", 2, 29),
        (
            """
            { historical(tweetIds: [1, 2, 3], start: "2026-03-20", end: "2026-03-23", groupBy: [TWEET, DAY, HOUR_OF_DAY],
                timeZone: "Asia/Tokyo") { tweetId date hourOfDay favorites } }
            """, 3, 72
        ),
        ("{ tweets(ids: [3, 1, 3]) { id totals { favorites } } }", 3, 1),
        ("{ tweets(ids: [3, 1, 3]) { id totals { favorites } last28Hours(groupBy: [DAY]) { date replies } } }", 3, 2),
        ("{ tweets(ids: [1, 2]) { id createdAt } }", 2, 1),
    ]

    @Test("the rows of the slices, one after another, are those of the whole", arguments: queries)
    func slices(_ query: String, _ tweets: Int, _ rows: Int) throws {
        let fixture = try GraphFixture()
        let plan = try fixture.plan(query)
        let slices = try #require(PlanSlices(plan))
        #expect(slices.tweets == tweets)
        #expect(slices.rowsPerTweet == rows)
        let whole = try Self.elements(fixture, query, plan)
        for size in 1...tweets {
            let parts = try stride(from: 0, to: tweets, by: size).flatMap { start in
                try Self.elements(fixture, query, slices[start..<min(start + size, tweets)])
            }
            #expect(parts == whole)
        }
    }

    @Test(
        "sorted, counted off, summed or listed by something else first: there are no slices",
        arguments: [
            "{ totals(tweetIds: [1, 2], orderBy: [{ field: FAVORITES }]) { favorites } }",
            "{ totals(tweetIds: [1, 2], first: 1) { favorites } }",
            "{ totals(tweetIds: [1, 2], groupBy: []) { favorites } }",
            "{ totals(tweetIds: [1, 2], groupBy: [ENGAGEMENT_TYPE, TWEET]) { count } }",
            "{ last28Hours(tweetIds: [1, 2], groupBy: [HOUR, TWEET]) { favorites } }",
            "{ a: totals(tweetIds: [1]) { favorites } b: totals(tweetIds: [2]) { favorites } }",
            "{ a: tweets(ids: [1]) { id } b: tweets(ids: [2]) { id } }",
            "{ tweets(ids: [1]) { id } totals(tweetIds: [1]) { favorites } }",
            "{ __typename }",
        ]
    )
    func whole(_ query: String) throws {
        #expect(PlanSlices(try GraphFixture().plan(query)) == nil)
    }

    /// The elements of the one list at the root.
    private static func elements(
        _ fixture: GraphFixture,
        _ query: String,
        _ plan: EngagementPlan
    ) throws -> [JSONValue] {
        let tables = plan.needs.map { table($0, counts) }
        let resolver = EngagementResolver(plan, schema: fixture.schema, tables: tables)
        var buffer = ByteBuffer()
        Executor.execute(try fixture.operation(query), with: resolver, into: &buffer)
        let response = try JSONValue(parsing: buffer.freeze().array)
        return try #require(response["data"]?.members?.first?.value.array)
    }
}

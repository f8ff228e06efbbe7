import Engagement
import EngagementGraph
import GraphQL
import Testing

@Suite("@fresh in a plan")
struct FreshDirectiveTests {
    private static let one = "tweetIds: [\"2105568396702646272\"]"

    /// An operation, and what is demanded of each of its needs.
    static let operations: [(query: String, demands: [FreshnessDemand])] = [
        ("{ totals(\(one)) { favorites } }", [.usual]),
        ("query @fresh { totals(\(one)) { favorites } }", [.usual]),
        ("query @fresh(maxAge: 60) { totals(\(one)) { favorites } }", [.init(maxAge: 60, staleness: .onError)]),
        (
            "query @fresh(maxAge: 60, staleOk: true) { totals(\(one)) { favorites } }",
            [.init(maxAge: 60, staleness: .accepted(seconds: nil))]
        ),
        ("query @fresh(staleOk: false) { totals(\(one)) { favorites } }", [.init(staleness: .refused)]),
        ("query @fresh(maxAge: null, staleOk: null) { totals(\(one)) { favorites } }", [.usual]),
        // A field of its own is a need of its own; the same demand is the same need.
        (
            "{ a: totals(\(one)) @fresh(maxAge: 9) { favorites } b: totals(\(one)) { favorites } c: totals(\(one)) { favorites } }",
            [.init(maxAge: 9, staleness: .onError), .usual]
        ),
        // What stands at a field holds in place of what stands above, all of it.
        (
            "query @fresh(maxAge: 9) { a: totals(\(one)) @fresh(staleOk: true) { favorites } b: totals(\(one)) @fresh { favorites } }",
            [.init(staleness: .accepted(seconds: nil)), .usual]
        ),
        (
            """
            query @fresh(maxAge: 9) { tweet(id: "2105568396702646272") @fresh(maxAge: 8) { totals { favorites } \
            last28Hours @fresh(maxAge: 7) { favorites } } }
            """,
            [.init(maxAge: 8, staleness: .onError), .init(maxAge: 7, staleness: .onError)]
        ),
        // A row is looked up as a whole: the strictest of its numbers counts.
        (
            "query @fresh(maxAge: 9) { totals(\(one)) { favorites @fresh(maxAge: 3) replies @fresh(maxAge: 5) retweets } }",
            [.init(maxAge: 3, staleness: .onError)]
        ),
        (
            "{ totals(\(one)) { ...F } } fragment F on TotalsRow { favorites @fresh(staleOk: false) }",
            [.init(staleness: .refused)]
        ),
    ]

    @Test("what stands nearest counts", arguments: operations)
    func demands(_ query: String, _ demands: [FreshnessDemand]) throws {
        #expect(try GraphFixture().plan(query).needs.map(\.freshness) == demands)
    }

    @Test("arguments take variables")
    func variables() throws {
        let query =
            "query($age: Int, $ok: Boolean) @fresh(maxAge: $age, staleOk: $ok) { totals(\(Self.one)) { favorites } }"
        func demand(_ variables: String) throws -> FreshnessDemand? {
            try GraphFixture().plan(query, variables: variables).needs.first?.freshness
        }
        #expect(try demand("{\"age\": 5}") == FreshnessDemand(maxAge: 5, staleness: .onError))
        #expect(try demand("{\"ok\": true}") == FreshnessDemand(staleness: .accepted(seconds: nil)))
        #expect(try demand("{}") == .usual)
    }

    /// A bad age, where its error points, and in which line it stands.
    static let errors: [(query: String, path: [GraphQLError.PathSegment]?, line: Int)] = [
        ("query\n@fresh(maxAge: -1) { totals(\(one)) { favorites } }", nil, 1),
        ("{\n a: totals(\(one)) @fresh(maxAge: -1) { favorites } }", [.key("a")], 2),
        (
            "{ tweets(ids: [\"2105568396702646272\"]) {\n totals @fresh(maxAge: -1) { favorites } } }",
            [.key("tweets"), .index(0), .key("totals")], 2
        ),
        ("{ tweets(ids: [])\n @fresh(maxAge: -1) { totals { favorites } } }", [.key("tweets")], 1),
        ("{ totals(\(one)) {\n\n f: favorites @fresh(maxAge: -1) } }", [.key("totals"), .key("f")], 3),
    ]

    @Test("a negative age is an error at its place", arguments: errors)
    func negative(_ query: String, _ path: [GraphQLError.PathSegment]?, _ line: Int) throws {
        let refusals = try GraphFixture().refusals(query)
        #expect(refusals.map(\.code) == ["INVALID_MAX_AGE"])
        #expect(refusals.first?.error.path == path)
        #expect(refusals.first?.error.locations.map(\.line) == [line])
        #expect(refusals.first?.error.message.hasPrefix("maxAge of @fresh is -1") == true)
    }
}

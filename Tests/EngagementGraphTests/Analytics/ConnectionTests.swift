import Bytes
import Engagement
import EngagementGraph
import GraphQL
import JSON
import Testing

/// `list(name:) { tweets(first:after:) { … } }`.
@Suite("A list as a connection")
struct ConnectionTests {
    private let fixture: GraphFixture
    private let lists: ListDirectory

    init() throws {
        fixture = try GraphFixture()
        let name = try #require(ListName("autumn"))
        lists = ListDirectory([NamedList(name, [30, 10, 20, 50, 40].map { TweetID(rawValue: $0) })])
    }

    private func respond(_ query: String, cells: CellSource = counts) throws -> String {
        let operation = try fixture.operation(query)
        let rules = ListRules(accounts: [GraphFixture.account]) { [lists] in lists }
        let plan = try Planner(fixture.schema, lists: rules)
            .plan(operation, account: GraphFixture.account, now: fixture.now)
        let tables = plan.needs.map { table($0, cells) }
        let resolver = EngagementResolver(plan, schema: fixture.schema, tables: tables)
        var buffer = ByteBuffer()
        Executor.execute(operation, with: resolver, additionalErrors: resolver.absences, into: &buffer)
        return buffer.freeze().text
    }

    @Test("shows each Tweet once, page by page")
    func pages() throws {
        var shown: [String] = []
        var after = "null"
        var pages = 0
        while true {
            let text = try respond(
                """
                { list(name: "autumn") { tweets(first: 2, after: \(after)) { totalCount edges { cursor node { id totals { replies } } }
                  pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }
                """
            )
            let page = try #require(JSONValue(parsing: Array(text.utf8))["data"]?["list"]?["tweets"])
            pages += 1
            let edges = page["edges"]?.array ?? []
            for edge in edges {
                let id = try #require(edge["node"]?["id"]?.string.flatMap { Int64($0) })
                shown.append("\(id)")
                #expect(edge["node"]?["totals"]?["replies"]?.integer == id * 100 + 5)
            }
            #expect(page["totalCount"]?.integer == 5)
            #expect(page["pageInfo"]?["hasPreviousPage"] == .boolean(pages > 1))
            #expect(page["pageInfo"]?["startCursor"] == edges.first?["cursor"])
            #expect(page["pageInfo"]?["endCursor"] == edges.last?["cursor"])
            guard page["pageInfo"]?["hasNextPage"] == .boolean(true) else { break }
            after = "\"\(page["pageInfo"]?["endCursor"]?.string ?? "")\""
        }
        #expect(pages == 3)
        #expect(shown == ["30", "10", "20", "50", "40"])
    }

    @Test("has nodes without edges, aliases with pages of their own, and a page without Tweets")
    func shapes() throws {
        #expect(
            try respond(
                """
                { list(name: "autumn") { a: tweets(first: 1) { nodes { id last28Hours(groupBy: []) { replies } } }
                  b: tweets(first: 1, after: "20") { nodes { id } } c: tweets(after: "40") { nodes { id } pageInfo { endCursor } } } }
                """
            ) == """
                {"data":{"list":{"a":{"nodes":[{"id":"30","last28Hours":[{"replies":870}]}]},"b":{"nodes":[{"id":"50"}]},\
                "c":{"nodes":[],"pageInfo":{"endCursor":null}}}}}
                """
        )
    }

    @Test("An error names the place of its Tweet on the page")
    func path() throws {
        let text = try respond(
            #"{ list(name: "autumn") { tweets(first: 3) { edges { node { totals { replies } } } } } }"#
        ) {
            tweet,
            type,
            hours in
            tweet.rawValue == 10 ? absent(.unavailable) : counts(tweet, type, hours)
        }
        #expect(text.contains(#""path":["list","tweets","edges",1,"node","totals"]"#), "\(text)")
    }

    @Test(
        "What is no cursor or no count is refused",
        arguments: [
            (#"tweets(after: "31")"#, "INVALID_CURSOR"), (#"tweets(after: "x")"#, "INVALID_CURSOR"),
            ("tweets(first: -1)", "INVALID_FIRST"),
        ]
    )
    func refusals(_ field: String, _ code: String) throws {
        let errors = try #require(
            #expect(throws: GraphQLErrors.self) {
                try respond("{ list(name: \"autumn\") { \(field) { totalCount } } }")
            }
        ).errors
        #expect(errors.map { $0.extensions.first?.value.string } == [code])
    }

    @Test("Lists side by side have none")
    func unplanned() throws {
        let text = try respond("{ lists { tweets { totalCount } } }")
        #expect(text.contains("Only list(name:) of a query shows the Tweets of a list"), "\(text)")
    }
}

import Engagement
import EngagementSandbox
import EngagementServer
import JSON
import TestSupport
import Testing

/// Explanations leave no trace, and are the same from a server and beside it.
@Suite(.serialized)
struct ExplainerTests {
    private static let query = """
        { totals(tweetIds: ["2120788687057846272", "1260294888811347969", "1720140212187844609"]) { favorites impressions }
          historical(tweetIds: ["2120788687057846272"], start: "2026-11-01", end: "2026-11-20") { replies } }
        """

    private static func explanation(from bed: TestBed) async throws -> JSONValue {
        let extensions = JSONValue.object([.init("explain", .boolean(true))])
        let response = try await bed.send(body: TestBed.body(query, nil, extensions: extensions))
        return try JSONValue(parsing: response.body)
    }

    @Test("No counter but that of requests moves")
    func counters() async throws {
        let bed = try TestBed()
        for _ in 1...2 {
            let before = try await Self.counters(of: bed)
            _ = try await Self.explanation(from: bed)
            #expect(try await Self.counters(of: bed) == before)
            #expect(before.contains { $0.hasPrefix("engageql_cache_cells_total") })
            _ = try await bed.ask(Self.query)
            // What is written in the background is written then.
            try await bed.restart()
        }
    }

    /// What `/metrics` says of all but requests and time. To look for a quota names it, and memory keeps what was read.
    private static func counters(of bed: TestBed) async throws -> [String] {
        let text = try await bed.send("GET", "/metrics", headers: []).text
        return text.split(separator: "\n").map(String.init).filter { line in
            !line.hasPrefix("#")
                && !["requests", "process", "seconds", "memory_bytes", "upstream_paused"].contains { line.contains($0) }
        }
    }

    @Test("Beside a running server its data are read as they are, and the explanation is the same")
    func beside() async throws {
        let bed = try TestBed()
        var calls: [Int?] = []
        for round in 1...3 {
            let told = try JSONValue(parsing: bed.explainer().response(to: ExplainRequest(query: Self.query)))
            #expect(try await JSONExpectation.differences(told, Self.explanation(from: bed)) == [])
            calls.append(told["extensions"]?["explain"]?["calls"]?.array?.count)
            if round == 1 { _ = try await bed.ask(Self.query) }
            // What was learnt is in the files.
            try await bed.restart()
        }
        #expect(calls == [3, 0, 0])
        #expect(bed.sandbox.calls.count == 3)
    }

    @Test("Variables and the name of the operation are those of a request")
    func parameters() async throws {
        let query = "query A { __typename } query B($id: ID!) { tweet(id: $id) { totals { replies } } }"
        let explainer = try TestBed().explainer()
        func told(_ name: String?, _ variables: JSONValue?) throws -> JSONValue {
            let request = ExplainRequest(query: query, operationName: name, variables: variables)
            return try JSONValue(parsing: explainer.response(to: request))
        }
        #expect(try told("A", nil)["extensions"]?["explain"]?["needs"] == .array([]))
        let call = try told("B", .object([.init("id", .string("7"))]))["extensions"]?["explain"]?["calls"]?[0]
        #expect(call?["request"]?["tweet_ids"] == .array([.string("7")]))
        for (name, variables) in [(nil, nil), ("C", nil), ("B", nil), ("B", .object([]))] as [(String?, JSONValue?)] {
            let answer = try told(name, variables)
            #expect(answer["errors"]?[0] != nil)
            #expect(answer["extensions"] == nil)
        }
    }
}

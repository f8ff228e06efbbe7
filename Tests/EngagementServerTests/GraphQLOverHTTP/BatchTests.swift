import EngagementServer
import JSON
import TestSupport
import Testing

@Suite("Several requests in an array")
struct BatchTests {
    private static let one = #"{"query":"{ __typename }"}"#

    @Test("are refused unless switched on, with the key that does it")
    func offByDefault() async throws {
        let response = try await TestBed().send(.post("[\(BatchTests.one)]"))
        #expect(response.status == 400)
        #expect(response.message.contains("graphql.batch"))
        #expect(response.data == .absent)
    }

    @Test("are answered in their order, each as if it had come alone")
    func answered() async throws {
        let bed = try TestBed { server, _ in server.maximumBatch = 4 }
        let fetched = #"{"query":"{ tweet(id: 1260294888811347969) { totals { favorites } } }"}"#
        let response = try await bed.send(.post("[\(fetched),\(BatchTests.one),{\"query\":\"{\"},\(BatchTests.one)]"))
        #expect(response.status == 200)
        let answers = try #require(response.json?.array)
        #expect(answers.count == 4)
        #expect(answers[0]["data"]?["tweet"]?["totals"]?["favorites"] == .integer(17111))
        #expect(answers[1] == answers[3])
        #expect(answers[1]["data"]?["__typename"] == .string("Query"))
        #expect(answers[2]["data"] == nil)
        #expect(answers[2]["errors"]?.array?.count == 1)
    }

    @Test("are not more than the limit, and at least one", arguments: [0, 1, 3, 4])
    func bounded(_ count: Int) async throws {
        let bed = try TestBed { server, _ in server.maximumBatch = 3 }
        let body = "[" + Array(repeating: BatchTests.one, count: count).joined(separator: ",") + "]"
        let response = try await bed.send(.post(body))
        #expect(response.status == ((1...3).contains(count) ? 200 : 400))
        if count > 3 { #expect(response.message == "A batch has at most 3 requests (graphql.batch).") }
    }

    @Test("are all requests, or none is answered", arguments: ["1", "null", "[]", "{}", #"{"query":1}"#])
    func malformed(_ element: String) async throws {
        let bed = try TestBed { server, _ in server.maximumBatch = 3 }
        #expect(try await bed.send(.post("[\(BatchTests.one),\(element)]")).status == 400)
    }
}

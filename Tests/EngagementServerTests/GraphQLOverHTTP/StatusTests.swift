import EngagementServer
import MicroHTTP
import TestSupport
import Testing

@Suite("Status codes")
struct StatusTests {
    /// A request, what the response contains, and its status: in JSON (both editions), in graphql-response+json of 2025, and
    /// of 2026.
    private struct Row {
        let title: String
        let request: String
        let data: ResponseData
        let json: Int
        let edition2025: Int
        let edition2026: Int

        init(_ title: String, _ request: String, _ data: ResponseData, _ json: Int, _ old: Int, _ new: Int) {
            self.title = title
            self.request = request.replacing("'", with: "\"")
            self.data = data
            self.json = json
            edition2025 = old
            edition2026 = new
        }
    }

    private static let rows = [
        Row("no JSON", "NONSENSE", .absent, 400, 400, 400),
        Row("half of a JSON text", "{'query':", .absent, 400, 400, 400),
        Row("JSON and more", "{'query':'{ __typename }'}}", .absent, 400, 400, 400),
        Row("nothing", "", .absent, 400, 400, 400),
        Row("a text", "'{ __typename }'", .absent, 400, 400, 422),
        Row("null", "null", .absent, 400, 400, 422),
        Row("an array", "[{'query':'{ __typename }'}]", .absent, 400, 400, 422),
        Row("no query", "{}", .absent, 400, 400, 422),
        Row("null for a query", "{'query':null}", .absent, 400, 400, 422),
        Row("a number for a query", "{'query':1}", .absent, 400, 400, 422),
        Row("a list of variables", "{'query':'{ __typename }','variables':[7]}", .absent, 400, 400, 422),
        Row("a text of variables", "{'query':'{ __typename }','variables':'{}'}", .absent, 400, 400, 422),
        Row("a boolean for a name", "{'query':'{ __typename }','operationName':true}", .absent, 400, 400, 422),
        Row("a list of extensions", "{'query':'{ __typename }','extensions':[]}", .absent, 400, 400, 422),
        Row("a number for a document id", "{'documentId':5}", .absent, 400, 400, 422),
        Row("an empty document", "{'query':''}", .absent, 200, 400, 400),
        Row("a document that cannot be parsed", "{'query':'{'}", .absent, 200, 400, 400),
        Row("a document that is not valid", "{'query':'{ nothing }'}", .absent, 200, 400, 422),
        Row("a mutation of a field that the schema has not", "{'query':'mutation { a }'}", .absent, 200, 400, 422),
        Row("a subscription", "{'query':'subscription { a }'}", .absent, 200, 400, 422),
        Row("type definitions", "{'query':'type A { b: Int }'}", .absent, 200, 400, 422),
        Row("only a fragment", "{'query':'fragment A on Query { __typename }'}", .absent, 200, 400, 422),
        Row(
            "a document beyond a limit",
            "{'query':'{\(String(repeating: " a", count: 30_000))}'}",
            .absent,
            200,
            400,
            422
        ),
        Row(
            "two operations without a name",
            "{'query':'query A{__typename} query B{__typename}'}",
            .absent,
            200,
            400,
            422
        ),
        Row("an unknown operation", "{'query':'query A{__typename}','operationName':'B'}", .absent, 200, 400, 422),
        Row("a variable that is missing", "{'query':'query($id:ID!){tweet(id:$id){id}}'}", .absent, 200, 400, 422),
        Row(
            "a variable of the wrong type",
            "{'query':'query($n:Int){totals(tweetIds:[],first:$n){count}}','variables':{'n':'x'}}",
            .absent,
            200,
            400,
            422
        ),
        Row("a document that is not saved", "{'documentId':'nothing'}", .absent, 200, 400, 400),
        Row(
            "a hash that is not known",
            "{'extensions':{'persistedQuery':{'version':1,'sha256Hash':'00'}}}",
            .absent,
            200,
            400,
            400
        ),
        Row("an id that is none", "{'query':'{ tweet(id: \\'x\\') { id } }'}", .absent, 200, 400, 422),
        Row(
            "an operation that cannot be planned",
            "{'query':'{ last28Hours(tweetIds: [1], timeZone: \\'Moon\\') { impressions } }'}",
            .null,
            200,
            200,
            294
        ),
        Row(
            "a Tweet that is gone",
            "{'query':'{ tweet(id: \\'1720140212187844609\\') { totals { favorites } } }'}",
            .present,
            200,
            200,
            294
        ),
        Row("data", "{'query':'{ __typename }'}", .present, 200, 200, 200),
        Row("data and unknown members", "{'query':'{ __typename }','id':7,'x':[{}]}", .present, 200, 200, 200),
        Row(
            "data and nulls",
            "{'query':'{ __typename }','variables':null,'extensions':null,'operationName':null}",
            .present,
            200,
            200,
            200
        ),
    ]

    @Test("tell what happened, by edition and media type", arguments: GraphQLOverHTTPEdition.allCases)
    func statuses(_ edition: GraphQLOverHTTPEdition) async throws {
        let bed = try TestBed { server, _ in server.edition = edition }
        for row in StatusTests.rows {
            let graphqlResponse = edition == .draft2025 ? row.edition2025 : row.edition2026
            for (accept, status) in [
                (nil, row.json), ("*/*", row.json), (Probe.json, row.json), (Probe.graphqlResponse, graphqlResponse),
            ] {
                let response = try await bed.send(.post(row.request, accept: accept))
                let isRight = response.status == status && response.data == row.data
                let type = accept == Probe.graphqlResponse ? Probe.graphqlResponse : Probe.json
                let hasErrors = response.errorCount > 0
                if isRight, response.contentType == type + "; charset=utf-8", hasErrors || row.data == .present {
                    continue
                }
                Issue.record(
                    "\(row.title), accepting \(accept ?? "nothing"), expected \(status): \(response.status) \(response.text)"
                )
            }
        }
    }

    @Test("of 2025 are the default")
    func defaultEdition() {
        #expect(ServerConfiguration().edition == .draft2025)
    }

    @Test("413 tells the limit of the body, whatever else is wrong with it")
    func bodyTooLarge() async throws {
        let bed = try TestBed { server, _ in server.http.maximumBodyBytes = 2000 }
        let body = #"{"query":"{ __typename }"}"#
        let atLimit = try await bed.send(.post(body + String(repeating: " ", count: 2000 - body.utf8.count)))
        #expect(atLimit.status == 200)
        let beyond = try await bed.send(.post(String(repeating: "x", count: 2001), contentType: "text/plain"))
        #expect(beyond.status == 413)
        #expect(beyond.text.contains("2000"))
    }
}

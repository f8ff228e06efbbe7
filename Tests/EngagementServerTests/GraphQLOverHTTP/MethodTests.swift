import JSON
import TestSupport
import Testing

@Suite("Methods and parameters")
struct MethodTests {
    @Test(
        "other than GET and POST are refused, with those that are not",
        arguments: ["PUT", "PATCH", "DELETE", "TRACE", "QUERY"]
    )
    func otherMethods(_ method: String) async throws {
        let response = try await TestBed().send(method, "/graphql")
        #expect(response.status == 405)
        #expect(response.header("Allow") == "GET, HEAD, POST, OPTIONS")
        #expect(response.errorCount == 1)
    }

    @Test("HEAD answers as GET, without the body")
    func head() async throws {
        let bed = try TestBed()
        var probe = Probe.get([(name: "query", value: "{ __typename }")])
        let get = try await bed.send(probe)
        probe.method = "HEAD"
        let head = try await bed.send(probe)
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(head.header("Content-Length") == get.header("Content-Length"))
    }

    @Test(
        "GET refuses mutations with 405, under both media types",
        arguments: [nil, Probe.json, Probe.graphqlResponse]
    )
    func mutationByGet(_ accept: String?) async throws {
        let bed = try TestBed()
        let both = "query A { __typename } mutation B { a }"
        for items in [
            [(name: "query", value: "mutation { a }")],
            [(name: "query", value: both), (name: "operationName", value: "B")],
        ] {
            let response = try await bed.send(.get(items, accept: accept))
            #expect(response.status == 405)
            #expect(response.header("Allow") == "POST")
            #expect(response.data == .absent)
            #expect(response.contentType.hasPrefix(accept ?? Probe.json))
        }
        // A mutation beside the operation that is meant is only what the schema says of it.
        let other = [(name: "query", value: both), (name: "operationName", value: "A")]
        #expect(try await bed.send(.get(other, accept: accept)).status == (accept == Probe.graphqlResponse ? 400 : 200))
    }

    /// Parameters of a URL, and the status in JSON; for 200, whether there are errors.
    private static let urls: [(title: String, query: String, status: Int, hasErrors: Bool)] = [
        ("a query", "query=%7B__typename%7D", 200, false),
        ("blanks", "query=%7B+__typename%20%7D", 200, false),
        ("empty parameters", "query=%7B__typename%7D&variables=&operationName=&extensions=", 200, false),
        ("null for maps", "query=%7B__typename%7D&variables=null&extensions=null", 200, false),
        ("unknown parameters", "query=%7B__typename%7D&cache=1&cache=2", 200, false),
        ("a name", "query=query%20A%7B__typename%7Dquery%20B%7B__typename%7D&operationName=B", 200, false),
        ("null as a name", "query=%7B__typename%7D&operationName=null", 200, true),
        ("an empty query", "query=", 200, true),
        (
            "variables",
            "query=query(%24n:String!)%7B__type(name:%24n)%7Bname%7D%7D&variables=%7B%22n%22:%22Tweet%22%7D", 200, false
        ),
        ("nothing", "", 400, true),
        ("only variables", "variables=%7B%7D", 400, true),
        ("variables that are no JSON", "query=%7B__typename%7D&variables=%7B", 400, true),
        ("a list of variables", "query=%7B__typename%7D&variables=%5B%5D", 400, true),
        ("variables and more", "query=%7B__typename%7D&variables=%7B%7D%7B%7D", 400, true),
        ("extensions that are a text", "query=%7B__typename%7D&extensions=%22x%22", 400, true),
        ("two queries", "query=%7B__typename%7D&query=%7B__schema%7Bdescription%7D%7D", 400, true),
        ("two names", "query=%7B__typename%7D&operationName=A&operationName=A", 400, true),
    ]

    @Test("GET takes its parameters from the URL")
    func urlParameters() async throws {
        let bed = try TestBed()
        for (title, query, status, hasErrors) in MethodTests.urls {
            let response = try await bed.send(.get(rawQuery: query))
            if response.status == status, (response.errorCount > 0) == hasErrors { continue }
            Issue.record("\(title): \(response.status) \(response.text)")
        }
    }

    @Test("Bytes that are not UTF-8 are refused, wherever they stand", arguments: [nil, Probe.graphqlResponse])
    func invalidUTF8(_ accept: String?) async throws {
        let bed = try TestBed()
        for escaped in ["%FF", "%C3", "%ED%A0%80", "%C0%80", "%F8%88%80%80%80"] {
            for query in ["query=%7B__typename%7D\(escaped)", "query=%7B__typename%7D&x=\(escaped)"] {
                let response = try await bed.send(.get(rawQuery: query, accept: accept))
                #expect(response.status == 400, "\(query)")
                #expect(response.errorCount == 1)
            }
        }
        for bytes: [UInt8] in [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80]] {
            for (before, after) in [
                (#"{"query":"{ __typename } # "#, #""}"#),
                (#"{"query":"{ __type(name: \""#, #"\") { name } }"}"#),
                (#"{"query":"{ __typename }","variables":{"x":""#, #""}}"#),
                (#"{"query":"{ __typename }","variables":{""#, #"":1}}"#),
                (#"{"query":"{ __typename }","ignored":[""#, #""]}"#),
                (#"{"query":"{ __typename }","operationName":""#, #""}"#),
            ] {
                let response = try await bed.send(.post(Array(before.utf8) + bytes + Array(after.utf8), accept: accept))
                #expect(response.status == 400, "\(before)")
                #expect(response.data == .absent)
            }
        }
    }

    @Test("Text beyond ASCII comes back as it was")
    func text() async throws {
        let bed = try TestBed()
        let query = #"{ __type(name: "é🏃") { name } } # ü"#
        #expect(try await bed.send(.get([(name: "query", value: query)])).errorCount == 0)
        let unknown = #"query A { __typename }"#
        let items = [(name: "query", value: unknown), (name: "operationName", value: "ü 🏊")]
        #expect(try await bed.send(.get(items)).message == "Unknown operation named \"ü 🏊\".")
    }

    @Test("Two operations without a name are an error, not the first of them")
    func ambiguousOperation() async throws {
        let bed = try TestBed()
        let response = try await bed.send(.request("{'query':'query A { a: __typename } query B { b: __typename }'}"))
        #expect(response.message == "Must provide operation name if query contains multiple operations.")
        let named = "{'query':'query A { a: __typename } query B { b: __typename }','operationName':'B'}"
        #expect(
            try await bed.send(.request(named)).json
                == .object([.init("data", .object([.init("b", .string("Query"))]))])
        )
    }
}

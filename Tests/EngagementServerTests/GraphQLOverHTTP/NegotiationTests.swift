import TestSupport
import Testing

@Suite("Media types")
struct NegotiationTests {
    private static let typename = #"{"query":"{ __typename }"}"#

    /// What a client accepts, and what it gets; nil for 406.
    private static let accepted: [(accept: String?, type: String?)] = [
        (nil, Probe.json),
        ("", Probe.json),
        ("*/*", Probe.json),
        ("application/*", Probe.json),
        ("application/json", Probe.json),
        ("Application/JSON", Probe.json),
        ("application/json; charset=utf-8", Probe.json),
        ("application/json;charset=\"UTF-8\"", Probe.json),
        ("application/graphql-response+json", Probe.graphqlResponse),
        ("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8", Probe.graphqlResponse),
        ("application/graphql-response+json,application/json;q=0.9", Probe.graphqlResponse),
        ("application/json;q=0.9,application/graphql-response+json", Probe.graphqlResponse),
        ("application/json, application/graphql-response+json;q=0.9", Probe.json),
        ("application/json;q=0.1, application/graphql-response+json;q=0.2", Probe.graphqlResponse),
        ("application/graphql-response+json;q=0, */*", Probe.json),
        ("application/graphql-response+json;q=0, application/json", Probe.json),
        ("application/json;q=0, */*;q=0.1", Probe.graphqlResponse),
        ("application/json;q=0, application/*", Probe.graphqlResponse),
        ("application/json;charset=utf-16, application/graphql-response+json", Probe.graphqlResponse),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", Probe.json),
        (
            "application/graphql-response+json, application/graphql+json, application/json, text/event-stream",
            Probe.graphqlResponse
        ),
        (
            "multipart/mixed;deferSpec=20220824,application/graphql-response+json,application/json;q=0.9",
            Probe.graphqlResponse
        ),
        ("nonsense, application/json", Probe.json),
        ("text/html", nil),
        ("text/*", nil),
        ("application/xml;q=1", nil),
        ("application/json;q=0", nil),
        ("*/*;q=0", nil),
        ("application/json;q=much", nil),
        ("application/json;charset=utf-16", nil),
        ("nonsense", nil),
    ]

    @Test("of a response are what the client likes best, JSON if it has no wish")
    func accept() async throws {
        let bed = try TestBed()
        for (accept, type) in NegotiationTests.accepted {
            for probe in [
                Probe.post(NegotiationTests.typename, accept: accept),
                Probe.get([(name: "query", value: "{ __typename }")], accept: accept),
            ] {
                let response = try await bed.send(probe)
                if let type, response.status == 200, response.contentType == type + "; charset=utf-8" { continue }
                if type == nil, response.status == 406, response.errorCount == 1 { continue }
                Issue.record("\(accept ?? "nothing"): \(response.status) \(response.contentType)")
            }
        }
    }

    /// What a client sends, and whether it is read.
    private static let sent: [(contentType: String?, isRead: Bool)] = [
        ("application/json", true),
        ("APPLICATION/JSON", true),
        ("application/json;charset=utf-8", true),
        ("application/json; charset=\"UTF-8\"", true),
        ("application/json; charset=utf-16", false),
        ("application/json; charset=iso-8859-1", false),
        ("application/graphql-response+json", false),
        ("application/graphql", false),
        ("application/x-www-form-urlencoded", false),
        ("multipart/form-data; boundary=x", false),
        ("text/plain", false),
        ("text/plain; x=application/json", false),
        ("application/json, text/plain", false),
        ("json", false),
        ("", false),
        (nil, false),
    ]

    @Test("of a request are JSON in UTF-8, which no form of a web page can send")
    func contentType() async throws {
        let bed = try TestBed()
        for (contentType, isRead) in NegotiationTests.sent {
            let response = try await bed.send(.post(NegotiationTests.typename, contentType: contentType))
            #expect(response.status == (isRead ? 200 : 415), "\(contentType ?? "nothing")")
        }
    }

    @Test("A packed body is refused as what it is")
    func contentEncoding() async throws {
        let bed = try TestBed()
        let gzip = (name: "Content-Encoding", value: "gzip")
        let packed = try await bed.send(.post([0x1F, 0x8B, 8, 0], headers: [gzip]))
        #expect(packed.status == 415)
        let identity = (name: "Content-Encoding", value: "identity")
        #expect(try await bed.send(.post("{", headers: [identity])).status == 400)
    }

    @Test("A browser gets no page of HTML from GET /graphql")
    func noPage() async throws {
        let bed = try TestBed()
        for accept in [nil, "*/*", "text/html,*/*;q=0.8"] {
            let response = try await bed.send(.get(rawQuery: "", accept: accept))
            #expect(response.status == 400)
            #expect(response.contentType == "application/json; charset=utf-8")
            #expect(response.message.contains("\"query\""))
        }
    }

    @Test("A cache in between is told that GET depends on Accept")
    func vary() async throws {
        let response = try await TestBed().send(.get([(name: "query", value: "{ __typename }")]))
        #expect(response.header("Vary") == "Accept")
    }
}

import EngagementServer
import TestSupport
import Testing

@Suite("Web pages of other sites")
struct CrossOriginTests {
    private typealias Headers = [(name: String, value: String)]

    private static let query = [(name: "query", value: "{ __typename }")]
    private static let page = (name: "Origin", value: "https://page.example")

    /// What a browser or a tool sends with a GET, and whether it is answered when no site is allowed.
    private static let simpleRequests: [(title: String, headers: Headers, isAnswered: Bool)] = [
        ("a tool", [], true),
        ("an address that was typed in", [("Sec-Fetch-Site", "none"), ("Sec-Fetch-Mode", "navigate")], true),
        ("our own page", [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "cors")], true),
        ("our own page in an old browser", [("Origin", "http://test")], true),
        (
            "a link that was followed",
            [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")],
            true
        ),
        (
            "a frame",
            [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe")],
            false
        ),
        (
            "an image",
            [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors"), ("Sec-Fetch-Dest", "image")],
            false
        ),
        ("a script", [("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "no-cors")], false),
        ("fetch", [page, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "cors")], false),
        ("fetch in an old browser", [page], false),
        ("a page without an origin", [("Origin", "null")], false),
        ("a page with the header that needs a preflight", [page, ("GraphQL-Require-Preflight", "1")], true),
        ("Apollo's", [page, ("Apollo-Require-Preflight", "true")], true),
    ]

    @Test("cannot make a browser ask us without a preflight", arguments: ["/graphql", "/q/top-tweets"])
    func simpleRequests(_ path: String) async throws {
        let bed = try TestBed()
        for (title, headers, isAnswered) in CrossOriginTests.simpleRequests {
            var probe = Probe.get(CrossOriginTests.query, headers: headers)
            if path != "/graphql" { probe.path = path }
            let response = try await bed.send(probe)
            #expect((response.status != 403) == isAnswered, "\(title)")
            if !isAnswered { #expect(response.code == "CROSS_ORIGIN") }
            #expect(response.header("Access-Control-Allow-Origin") == nil)
        }
    }

    @Test("get no permission by a preflight unless they are allowed")
    func refusedPreflight() async throws {
        let bed = try TestBed { server, _ in server.origins = ["https://other.example"] }
        let response = try await bed.send(CrossOriginTests.preflight)
        #expect(response.status == 204)
        #expect(response.header("Access-Control-Allow-Origin") == nil)
        #expect(response.header("Access-Control-Allow-Methods") == nil)
    }

    @Test("that are allowed ask as they like and read the answers")
    func allowedOrigin() async throws {
        let bed = try TestBed { server, _ in server.origins = ["https://other.example", "https://page.example"] }
        let preflight = try await bed.send(CrossOriginTests.preflight)
        #expect(preflight.status == 204)
        #expect(preflight.header("Access-Control-Allow-Origin") == "https://page.example")
        #expect(preflight.header("Access-Control-Allow-Methods")?.contains("POST") == true)
        #expect(preflight.header("Access-Control-Allow-Headers") == "content-type,x-mine")
        #expect(preflight.header("Access-Control-Max-Age") != nil)
        for probe in [
            Probe.get(CrossOriginTests.query, headers: [CrossOriginTests.page, ("Sec-Fetch-Site", "cross-site")]),
            Probe.post(#"{"query":"{ __typename }"}"#, headers: [CrossOriginTests.page]),
            // Errors can be read as well.
            Probe.post("{", headers: [CrossOriginTests.page]),
            Probe.post("{", contentType: "text/plain", headers: [CrossOriginTests.page]),
        ] {
            let response = try await bed.send(probe)
            #expect(response.status != 403)
            #expect(response.header("Access-Control-Allow-Origin") == "https://page.example")
            #expect(response.headers.contains { $0.name == "Vary" && $0.value == "Origin" })
        }
        // What a cache keeps from here must not answer a page.
        let withoutOrigin = try await bed.send(.post(#"{"query":"{ __typename }"}"#))
        #expect(withoutOrigin.header("Access-Control-Allow-Origin") == nil)
        #expect(withoutOrigin.header("Vary") == "Origin")
    }

    @Test("are all allowed by an asterisk")
    func anyOrigin() async throws {
        let bed = try TestBed { server, _ in server.origins = ["*"] }
        #expect(try await bed.send(CrossOriginTests.preflight).header("Access-Control-Allow-Origin") == "*")
        let response = try await bed.send(.get(CrossOriginTests.query, headers: [CrossOriginTests.page]))
        #expect(response.status == 200)
        #expect(response.header("Access-Control-Allow-Origin") == "*")
        #expect(response.header("Vary") == "Accept")
    }

    private static let preflight = Probe(
        method: "OPTIONS",
        headers: [
            page, ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type,x-mine"),
        ]
    )
}

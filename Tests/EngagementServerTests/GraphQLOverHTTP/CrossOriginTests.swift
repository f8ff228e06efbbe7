import EngagementServer
import Foundation
import Settings
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
            #expect(response.header("Access-Control-Expose-Headers")?.contains("Link") == true)
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

    /// What a browser or a tool sends with a mutation, and whether it may purge.
    private static let mutations: [(title: String, headers: Headers, isDone: Bool)] = [
        ("a tool", [("Host", "127.0.0.1:8080")], true),
        ("our own page", [("Host", "127.0.0.1:8080"), ("Origin", "http://127.0.0.1:8080")], true),
        ("our own page by name", [("Host", "localhost:8080"), ("Origin", "http://localhost:8080")], true),
        ("our own page over IPv6", [("Host", "[::1]:8080"), ("Origin", "http://[::1]:8080")], true),
        ("a page of another site", [("Host", "127.0.0.1:8080"), page], false),
        ("a page of another port", [("Host", "127.0.0.1:8080"), ("Origin", "http://127.0.0.1:9090")], false),
        ("a page without an origin", [("Host", "127.0.0.1:8080"), ("Origin", "null")], false),
        (
            "a page with the header that needs a preflight",
            [("Host", "127.0.0.1:8080"), page, ("GraphQL-Require-Preflight", "1")],
            false
        ),
        ("an old request without an origin", [("Host", "localhost"), ("Sec-Fetch-Site", "cross-site")], false),
    ]

    @Test("change nothing, whatever they may ask", arguments: [[], ["*"], ["https://page.example"]])
    func mutations(origins: [String]) async throws {
        let bed = try TestBed { server, _ in
            server.origins = origins
            server.maximumBatch = 2
        }
        let mutation = #"{"query":"mutation { purge(everything: true) { isDurable } }"}"#
        for (title, headers, isDone) in CrossOriginTests.mutations {
            for body in [mutation, "[\(mutation),\(mutation)]"] {
                let request = Probe.post(body, headers: headers)
                let response = try await bed.send(request)
                #expect(response.text.contains(#""isDurable":true"#) == isDone, "\(title): \(response.text)")
                if !isDone { #expect(response.text.contains("CROSS_ORIGIN"), "\(title): \(response.text)") }
                if !isDone, body == mutation { #expect(response.status == 403) }
            }
        }
    }

    @Test("purging can be switched off")
    func switchedOff() async throws {
        let bed = try TestBed { server, _ in server.purgeByMutation = false }
        let response = try await bed.send(.post(#"{"query":"mutation { purge(everything: true) { isDurable } }"}"#))
        #expect(response.code == "PURGE_DISABLED")
        #expect(response.data == .null)
    }

    private static let preflight = Probe(
        method: "OPTIONS",
        headers: [
            page, ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "content-type,x-mine"),
        ]
    )

    @Test(
        "What no browser sends as an origin stops the start, with the place",
        arguments: ["text", "https://", "example.com", "https://example.com/", "https://a/b", "null", "'https://a b'"]
    )
    func nonsense(_ origin: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("engageql.yaml")
        try "cors:\n  origins: [\(origin)]\n".write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: SettingsError.self) { try ServerConfiguration(path: path, environment: [:]) }
        #expect(error.map { "\($0)".contains(":2:") } == true)
    }

    @Test("Origins and the star are taken", arguments: ["https://example.com", "http://127.0.0.1:3000", "'*'"])
    func origins(_ origin: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.path("engageql.yaml")
        try "cors:\n  origins: [\(origin)]\n".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try ServerConfiguration(path: path, environment: [:]).origins == [origin.filter { $0 != "'" }])
    }
}

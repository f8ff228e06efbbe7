import Bytes
import Digests
import Foundation
import MicroHTTP
import TestSupport
import Testing

@testable import EngagementServer

@Suite("GraphiQL, where somebody has put it")
struct GraphiQLPageTests {
    private static let console = Array("<nav><!-- GRAPHIQL --></nav><style></style>".utf8)
    private static let script = "window.GraphiQL = 1"
    private static let html = Array("<style>a{}</style><script type=\"module\">\(script)</script>".utf8)

    private static func response(_ endpoint: ConsoleEndpoint, accept: String = "text/html") -> HTTPResponse? {
        endpoint.graphiQLResponse(to: HTTPRequest(method: .get, headers: [(name: "Accept", value: accept)]))
    }

    private static func text(_ response: HTTPResponse?) -> String? {
        guard case .bytes(let body) = response?.body else { return nil }
        return String(decoding: body.array, as: UTF8.self)
    }

    @Test("The console links to it only if it is there", arguments: [true, false])
    func link(isThere: Bool) throws {
        let endpoint = ConsoleEndpoint.with(Self.console, graphiQL: isThere ? Self.html : nil)
        let request = HTTPRequest(method: .get, headers: [(name: "Accept", value: "text/html")])
        let page = try #require(Self.text(endpoint.response(to: request)))
        #expect(page.contains(#"href="/graphiql""#) == isThere)
        #expect(page.contains("<!-- GRAPHIQL -->") != isThere)
    }

    @Test("It is sent as it is, and runs nothing but its own script; fonts are those of its style")
    func page() throws {
        let response = try #require(Self.response(ConsoleEndpoint.with(Self.console, graphiQL: Self.html)))
        #expect(response.status == 200)
        #expect(Self.text(response) == String(decoding: Self.html, as: UTF8.self))
        let policy = response.headers.first { $0.name == "Content-Security-Policy" }?.value
        let hash = Data(SHA256.hash(Array(Self.script.utf8))).base64EncodedString()
        let directives = policy.map { Set($0.split(separator: ";").map { $0.drop { $0 == " " } }) } ?? []
        #expect(directives.contains("script-src 'sha256-\(hash)'"))
        #expect(directives.isSuperset(of: ["default-src 'none'", "connect-src 'self'", "font-src data:"]))
        #expect(policy?.contains("unsafe") == false)
    }

    @Test("The console has no fonts of its own")
    func fonts() {
        let request = HTTPRequest(method: .get, headers: [(name: "Accept", value: "text/html")])
        let headers = ConsoleEndpoint.with(Self.console).response(to: request)?.headers
        #expect(headers?.first { $0.name == "Content-Security-Policy" }?.value.contains("font-src") == false)
    }

    @Test("Without it browsers are told in a sentence how to get it, and others that nothing is there")
    func missing() throws {
        let endpoint = ConsoleEndpoint.with(Self.console)
        let response = try #require(Self.response(endpoint))
        #expect(response.status == 404)
        let text = try #require(Self.text(response))
        #expect(text.contains("make graphiql") && text.contains("server.graphiqlFile"))
        #expect(text.split(separator: "\n").count == 1)
        #expect(Self.response(endpoint, accept: "*/*") == nil)
    }
}

extension ConsoleEndpoint {
    /// One whose files are these.
    static func with(_ html: [UInt8], graphiQL: [UInt8]? = nil) -> ConsoleEndpoint {
        ConsoleEndpoint(
            html,
            path: "console.html",
            graphiQL: graphiQL.map(GraphiQLPage.init),
            graphiQLPath: "graphiql.html"
        )
    }
}

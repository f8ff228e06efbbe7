import Bytes
import Digests
import Foundation
import Gzip
import MicroHTTP
import TestSupport
import Testing

@testable import EngagementServer

@Suite("The console's page, as it is sent")
struct ConsoleEndpointTests {
    private static let script = "\nconsole.log('<style>no</style>')\n"
    private static let style = "\nbody { margin: 0 }\n"
    private static let html = Array(
        "<!doctype html><style>\(style)</style><p>é</p><script type=\"module\">\(script)</script>".utf8
    )
    private static let endpoint = ConsoleEndpoint.with(html)
    private static let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    private func response(
        _ headers: [(name: String, value: String)],
        method: HTTPMethod = .get,
        from endpoint: ConsoleEndpoint = endpoint
    ) -> HTTPResponse? {
        endpoint.response(to: HTTPRequest(method: method, headers: headers))
    }

    private func header(_ name: String, of response: HTTPResponse?) -> String? {
        response?.headers.first { $0.name == name }?.value
    }

    private func bytes(of response: HTTPResponse?) -> [UInt8]? {
        guard case .bytes(let body) = response?.body else { return nil }
        return body.array
    }

    @Test(
        "It is for those that would read HTML; others get what they always got",
        arguments: [
            (browser, true), ("text/html", true), ("text/html;q=0", false), ("*/*", false), ("application/json", false),
            ("text/*", false), ("", false),
        ]
    )
    func choice(accept: String, isPage: Bool) {
        #expect((response([(name: "Accept", value: accept)]) != nil) == isPage)
        #expect(response([]) == nil)
    }

    @Test(
        "Only by GET and HEAD",
        arguments: [(HTTPMethod.get, true), (.head, true), (.post, false), (.options, false)]
    )
    func methods(method: HTTPMethod, isPage: Bool) {
        #expect((response([(name: "Accept", value: "text/html")], method: method) != nil) == isPage)
    }

    @Test("Nothing runs but the script of the page, and nothing is loaded from elsewhere")
    func policy() throws {
        let policy = try #require(
            header("Content-Security-Policy", of: response([(name: "Accept", value: "text/html")]))
        )
        let directives = Set(policy.split(separator: ";").map { $0.drop { $0 == " " } })
        func source(_ text: String) -> String {
            "'sha256-\(Data(SHA256.hash(Array(text.utf8))).base64EncodedString())'"
        }
        #expect(
            directives == [
                "default-src 'none'", "script-src \(source(Self.script))", "style-src \(source(Self.style))",
                "img-src data:", "connect-src 'self'", "base-uri 'none'", "form-action 'none'",
                "frame-ancestors 'none'",
            ]
        )
    }

    @Test("A file without script and style allows neither")
    func bareFile() {
        let endpoint = ConsoleEndpoint.with(Array("<p>".utf8))
        let policy = header(
            "Content-Security-Policy",
            of: response([(name: "Accept", value: "text/html")], from: endpoint)
        )
        #expect(policy?.contains("script-src 'none'; style-src 'none';") == true)
    }

    @Test(
        "What else the header says",
        arguments: [
            ("Content-Type", "text/html; charset=utf-8"), ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-cache"), ("Vary", "Accept, Accept-Encoding"),
        ]
    )
    func headers(name: String, value: String) {
        #expect(header(name, of: response([(name: "Accept", value: "text/html")])) == value)
    }

    @Test("It is packed for those that can unpack it")
    func packing() throws {
        let plain = response([(name: "Accept", value: "text/html")])
        #expect(bytes(of: plain) == Self.html)
        #expect(header("Content-Encoding", of: plain) == nil)
        let packed = response([(name: "Accept", value: "text/html"), (name: "Accept-Encoding", value: "br, gzip")])
        #expect(header("Content-Encoding", of: packed) == "gzip")
        #expect(try Gzip.decompress(#require(bytes(of: packed)), limit: 10_000) == Self.html)
        #expect(header("ETag", of: packed) != header("ETag", of: plain))
    }

    @Test("Who has it is told so, each for the form that it has", arguments: ["gzip", "identity"])
    func revalidation(coding: String) throws {
        let accept = [(name: "Accept", value: "text/html"), (name: "Accept-Encoding", value: coding)]
        let tag = try #require(header("ETag", of: response(accept)))
        let again = response(accept + [(name: "If-None-Match", value: "\"old\", \(tag)")])
        #expect(again?.status == 304)
        #expect(header("ETag", of: again) == tag)
        #expect(header("Content-Encoding", of: again) == nil)
        guard case .bytes(let page) = response(accept)?.body, case .stream(let none) = again?.body else {
            Issue.record("a page has bytes, and a 304 the length of those alone")
            return
        }
        #expect(none.length == page.count)
        #expect(response(accept + [(name: "If-None-Match", value: "\"old\"")])?.status == 200)
    }

    @Test("Another page has another tag")
    func tagOfContent() {
        let other = ConsoleEndpoint.with(Self.html + [0x20])
        let accept = [(name: "Accept", value: "text/html")]
        #expect(header("ETag", of: response(accept)) != header("ETag", of: response(accept, from: other)))
    }

    @Test("Without the file, browsers are told how to make it, and others nothing")
    func missing() throws {
        let endpoint = ConsoleEndpoint(path: "/nothing/here/console.html", graphiQLPath: "/nothing/here/graphiql.html")
        let told = response([(name: "Accept", value: Self.browser)], from: endpoint)
        #expect(told?.status == 404)
        #expect(header("Cache-Control", of: told) == "no-store")
        let text = try String(decoding: #require(bytes(of: told)), as: UTF8.self)
        #expect(text.contains("/nothing/here/console.html"))
        #expect(text.contains("make console"))
        #expect(response([(name: "Accept", value: "*/*")], from: endpoint) == nil)
    }
}

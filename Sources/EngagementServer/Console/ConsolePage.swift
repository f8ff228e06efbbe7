internal import Bytes
internal import Digests
internal import Foundation
internal import Gzip
internal import MicroHTTP

/// The console or GraphiQL as it is sent: one file of HTML with its style and its script inside, bundled by `make console` or
/// `make graphiql`.
///
/// The browser runs what has the hashes that the page had when the server started, and nothing else: no script that an answer
/// might smuggle in, none of another site (Content Security Policy Level 3).
internal struct ConsolePage: Sendable {
    private let plain: Representation
    private let packed: Representation

    private struct Representation: Sendable {
        let tag: EntityTag
        let headers: [(name: String, value: String)]
        let body: ByteString
    }

    /// - Parameter hasFonts: Whether there are fonts in its style, written in it as pictures are.
    init(_ html: [UInt8], hasFonts: Bool = false) {
        let hash = Hexadecimal.encode(Array(SHA256.hash(html).prefix(16)))
        let policy = ConsolePage.policy(for: html) + (hasFonts ? "; font-src data:" : "")
        func representation(
            _ tag: String,
            _ body: ByteString,
            _ more: [(name: String, value: String)]
        ) -> Representation {
            let tag = EntityTag("\"\(tag)\"")
            let headers =
                ConsolePage.headers + [
                    (name: "Content-Security-Policy", value: policy), (name: "ETag", value: tag.text),
                ]
            return Representation(tag: tag, headers: headers + more, body: body)
        }
        let body = ByteString(html)
        plain = representation(hash, body, [])
        packed = representation(
            hash + "-gzip",
            Gzip.compress(body, level: 9),
            [(name: "Content-Encoding", value: "gzip")]
        )
    }

    /// The bytes of a file; nil if it cannot be read.
    static func contents(of path: String) -> [UInt8]? {
        guard let data = FileManager.default.contents(atPath: path), !data.isEmpty else { return nil }
        return [UInt8](data)
    }

    /// The page, or 304 for who has it.
    func response(to request: borrowing HTTPRequest) -> HTTPResponse {
        let page = DropInResponse.acceptsGzip(request.header("accept-encoding")) ? packed : plain
        if let condition = request.header("if-none-match").flatMap(EntityTagCondition.init), condition.holds(page.tag) {
            let headers = page.headers.filter { $0.name != "Content-Encoding" && $0.name != "Content-Type" }
            // The length of the body that it stands for: a 304 that said 0 would tell caches that the page is empty.
            let stream = HTTPBodyStream(length: page.body.count) { .abort }
            return HTTPResponse(status: 304, headers: headers, body: .stream(stream))
        }
        return HTTPResponse(status: 200, headers: page.headers, body: .bytes(page.body))
    }

    /// A browser asks each time whether there is a newer page: after an update, an old one might not fit the server.
    private static let headers = [
        (name: "Content-Type", value: "text/html; charset=utf-8"),
        (name: "Cache-Control", value: "no-cache"),
        (name: "Vary", value: "Accept, Accept-Encoding"),
        (name: "X-Content-Type-Options", value: "nosniff"),
        (name: "Referrer-Policy", value: "no-referrer"),
        (name: "Cross-Origin-Opener-Policy", value: "same-origin"),
        (name: "Permissions-Policy", value: "camera=(), geolocation=(), microphone=()"),
    ]

    /// Style and script of the page alone, pictures that are written in it, requests to this server. No frame, no form, no base.
    private static func policy(for html: [UInt8]) -> String {
        let script = source(html, from: "<script type=\"module\">", to: "</script>")
        let style = source(html, from: "<style>", to: "</style>")
        return "default-src 'none'; script-src \(script); style-src \(style); img-src data:; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }

    /// The hash of the first element between these tags, as a source expression.
    private static func source(_ html: [UInt8], from start: String, to end: String) -> String {
        guard let begin = html.firstRange(of: Array(start.utf8))?.upperBound,
            let finish = html[begin...].firstRange(of: Array(end.utf8))?.lowerBound
        else { return "'none'" }
        return "'sha256-" + Base64.encode(SHA256.hash(Array(html[begin..<finish]))) + "'"
    }
}

internal import MicroHTTP

/// Which web pages may ask (`cors.origins`): the CORS protocol of the Fetch standard, and a rule for what browsers send
/// without asking first.
///
/// A page of any site can make a browser send us a `GET`, with the user's network position and at the price of quota. Browsers
/// say so in `Sec-Fetch-Site` or `Origin`; such a request is refused unless its origin is allowed, or it carries a header that
/// no page can set without a preflight, or somebody followed a link to us. Tools that are no browsers send neither. A `POST`
/// needs no rule: it has to be `application/json`, for which browsers ask first.
internal struct CrossOrigin: Sendable {
    /// Scheme, host and port of each, or `*` for all.
    let origins: [String]

    private static let preflightHeaders = [
        "graphql-require-preflight", "apollo-require-preflight", "x-apollo-operation-name",
    ]

    /// Whether a request must be refused for where it comes from.
    func refuses(_ request: borrowing HTTPRequest) -> Bool {
        let isSimple = request.method == .get || request.method == .head
        guard isSimple else { return false }
        let origin = request.header("origin")
        if let origin, allows(origin) { return false }
        let site = request.header("sec-fetch-site")
        let isForeign = site == "cross-site" || site == "same-site" || (site == nil && isForeign(origin, request))
        guard isForeign, !isFollowedLink(request) else { return false }
        return !CrossOrigin.preflightHeaders.contains { request.header($0) != nil }
    }

    /// Whether a request comes from a web page that is not our own: such a page may ask, if its origin is allowed, but changes
    /// nothing here.
    ///
    /// Every browser names the origin of a page that sends a `POST`. Our own is the one that was reached. A page whose name was made to
    /// point here (DNS rebinding) has an origin and a `Host` that agree as well: ``HostRule`` keeps it out, or that it has no key.
    func isForeignPage(_ request: borrowing HTTPRequest) -> Bool {
        guard let origin = request.header("origin") else {
            let site = request.header("sec-fetch-site")
            return site == "cross-site" || site == "same-site"
        }
        return isForeign(origin, request)
    }

    /// What such a request is answered.
    static let refusal = ErrorResponse.json(
        403,
        """
        A page of another site may not ask without a preflight: allow its origin in cors.origins, or send the header \
        GraphQL-Require-Preflight.
        """,
        code: "CROSS_ORIGIN"
    )

    /// What a page is answered that opens a socket with a key that its browser remembers, and not with one of its own.
    static let borrowedKey = ErrorResponse.json(
        403,
        "A page of another site opens a WebSocket with a key of its own, in the URL (keys: inQuery).",
        code: "CROSS_ORIGIN"
    )

    /// The headers that let the page of an allowed origin read the answer.
    func headers(for request: borrowing HTTPRequest) -> [(name: String, value: String)] {
        if origins.isEmpty { return [] }
        if origins.contains("*") { return [(name: "Access-Control-Allow-Origin", value: "*"), CrossOrigin.exposed] }
        // Also without an origin: a cache in between must not hand this answer to one.
        let vary = (name: "Vary", value: "Origin")
        guard let origin = request.header("origin"), allows(origin) else { return [vary] }
        return [(name: "Access-Control-Allow-Origin", value: origin), CrossOrigin.exposed, vary]
    }

    /// What a page may read of an answer beside what it always may.
    private static let exposed = (
        name: "Access-Control-Expose-Headers",
        value: "ETag, Age, Cache-Status, Link, Retry-After, EngageQL-As-Of, EngageQL-Rows, EngageQL-Absences"
    )

    /// The answer to a preflight, or to any `OPTIONS`.
    func options(_ request: borrowing HTTPRequest, allow: String) -> HTTPResponse {
        var headers = [(name: "Allow", value: allow)] + headers(for: request)
        if let origin = request.header("origin"), allows(origin) {
            headers.append((name: "Access-Control-Allow-Methods", value: allow))
            let wanted = request.header("access-control-request-headers") ?? "content-type"
            headers.append((name: "Access-Control-Allow-Headers", value: wanted))
            headers.append((name: "Access-Control-Max-Age", value: "86400"))
        }
        return HTTPResponse(status: 204, headers: headers, body: .empty)
    }

    /// Whether a text can be in ``origins``. `null`, which any page can send, cannot.
    static func isOrigin(_ text: String) -> Bool {
        if text == "*" { return true }
        guard let colon = text.firstRange(of: "://") else { return false }
        let host = text[colon.upperBound...]
        return colon.lowerBound > text.startIndex && !host.isEmpty && !host.contains { "/?#@ ".contains($0) }
    }

    private func allows(_ origin: String) -> Bool { origins.contains("*") || origins.contains(origin) }

    /// A page in a tab of its own, which another page can neither read nor open many of; a frame is none.
    private func isFollowedLink(_ request: borrowing HTTPRequest) -> Bool {
        request.header("sec-fetch-mode") == "navigate" && request.header("sec-fetch-dest") == "document"
    }

    /// Older browsers name the origin only.
    private func isForeign(_ origin: String?, _ request: borrowing HTTPRequest) -> Bool {
        guard let origin else { return false }
        guard let host = request.header("host") else { return true }
        return origin != "http://\(host)" && origin != "https://\(host)"
    }
}

extension HTTPReply {
    /// The same reply with more headers.
    internal func adding(_ headers: [(name: String, value: String)]) -> HTTPReply {
        guard !headers.isEmpty else { return self }
        switch self {
        case .now(var response):
            response.headers += headers
            return .now(response)
        case .later(let work):
            return .later {
                var response = await work()
                response.headers += headers
                return response
            }
        }
    }
}

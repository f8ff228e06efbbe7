internal import MicroHTTP

/// What caches are told of an answer to somebody with a key: it is his alone, whatever is in it. A cache that kept one for everybody,
/// which RFC 9111 §3.5 allows it where we say `public`, would give the next caller what he has shown no key for.
extension HTTPResponse {
    internal var forOneCaller: HTTPResponse {
        var response = self
        if let place = headers.firstIndex(where: { $0.name == "Cache-Control" }) {
            response.headers[place].value = HTTPResponse.privately(headers[place].value)
        } else {
            response.headers.append((name: "Cache-Control", value: "private, no-cache"))
        }
        // A browser keeps what is private: another key may be given there next.
        response.headers.append((name: "Vary", value: "Authorization"))
        return response
    }

    private static func privately(_ control: String) -> String {
        if control.hasPrefix("private") || control == "no-store" { return control }
        return "private" + (control.hasPrefix("public") ? control.dropFirst("public".count) : ", " + control)
    }
}

extension HTTPReply {
    /// The reply with another response.
    internal func map(_ change: @escaping @Sendable (HTTPResponse) -> HTTPResponse) -> HTTPReply {
        switch self {
        case .now(let response): .now(change(response))
        case .later(let work): .later { change(await work()) }
        }
    }
}

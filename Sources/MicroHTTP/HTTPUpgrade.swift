/// Another protocol on the connection of a request (RFC 9110 §7.8): the answer is 101, and from then on the bytes are
/// somebody else's.
public struct HTTPUpgrade: Sendable {
    /// Serves the connection from the moment that 101 has left. When it returns, the connection is closed. It is not
    /// cancelled when the server stops; its connection ends.
    public let serve: @Sendable (UpgradedConnection) async -> Void

    public init(_ serve: @escaping @Sendable (UpgradedConnection) async -> Void) {
        self.serve = serve
    }
}

extension HTTPResponse {
    /// The answer 101, after which `serve` owns the connection. A client of HTTP/1.0 gets a 400 in its place, and one of
    /// a server that drains a 503.
    ///
    /// - Parameters:
    ///   - name: The value of `Upgrade`, such as `websocket`.
    ///   - headers: What the protocol wants besides.
    public static func upgrade(
        to name: String,
        headers: [(name: String, value: String)] = [],
        serve: @escaping @Sendable (UpgradedConnection) async -> Void
    ) -> HTTPResponse {
        let headers = [(name: "Upgrade", value: name)] + headers
        return HTTPResponse(status: 101, headers: headers, body: .upgrade(HTTPUpgrade(serve)))
    }

    /// What is answered to HTTP/1.0, in which nothing can be upgraded.
    internal static let needsHTTP11 = HTTPResponse.text(400, "An upgrade needs HTTP/1.1.\n")
}

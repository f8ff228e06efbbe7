/// What a server does with requests.
///
/// ```swift
/// struct Greeting: HTTPHandler {
///     func respond(to request: borrowing HTTPRequest) -> HTTPReply {
///         guard request.path == "/hello" else { return .now(.text(404, "There is nothing here.")) }
///         return .now(.text(200, "Hello!"))
///     }
/// }
/// let server = try HTTPServer(HTTPServerConfiguration(port: 8080), handler: Greeting())
/// ```
public protocol HTTPHandler: Sendable {
    /// Answers one request whose body has arrived in full.
    ///
    /// It is called on a worker thread, for many connections at a time, and holds up that worker's other connections
    /// until it returns: what has to wait is returned as ``HTTPReply/later(_:)``.
    func respond(to request: borrowing HTTPRequest) -> HTTPReply

    /// What is said of a request that does not get as far as ``respond(to:)``: because it is malformed (400), its body (413), target
    /// (414) or header fields (431) are too large, its transfer coding is unknown (501), or the server is stopping (503). Without one
    /// of the handler's own it is the reason as plain text.
    ///
    /// - Parameter reason: A sentence.
    func refusal(_ status: Int, _ reason: String) -> HTTPResponse
}

extension HTTPHandler {
    public func refusal(_ status: Int, _ reason: String) -> HTTPResponse { .text(status, reason + "\n") }
}

/// How a request is answered.
public enum HTTPReply: Sendable {
    /// With a finished response, which leaves the worker thread at once.
    case now(HTTPResponse)

    /// With the response that this work returns. Meanwhile the connection is suspended: it costs no thread, it does not
    /// time out, and it does not notice that its client has left. So the work keeps its own deadline. It is cancelled
    /// only when the server stops.
    case later(@Sendable () async -> HTTPResponse)
}

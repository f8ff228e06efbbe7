public import Bytes

/// What a request is answered with.
///
/// `Date`, `Content-Length`, `Transfer-Encoding` and what keep-alive needs are added by the server. A header field
/// whose name or value cannot be sent (line ends, other control characters, nothing at all) is left out: it could
/// otherwise end the header and begin a response of an attacker's making.
public struct HTTPResponse: Sendable {
    /// The status code. One outside 200 to 599 is sent as 500, but for the 101 of an upgrade.
    public var status: Int

    /// The header fields in their order. A list kept in a `static let` costs a response nothing but a reference.
    public var headers: [(name: String, value: String)]

    /// What follows the header. It is not sent to `HEAD` nor with a status that has no content (204, 304).
    public var body: HTTPBody

    /// A response of these parts.
    public init(status: Int, headers: [(name: String, value: String)] = [], body: HTTPBody = .empty) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// A response of plain text.
    public static func text(_ status: Int, _ text: String) -> HTTPResponse {
        HTTPResponse(status: status, headers: plainText, body: .bytes(ByteString(text)))
    }

    /// No response: the connection ends so before the status line. A sound server never answers like this; it is for
    /// emulating one that is ill.
    public static func none(_ end: HTTPConnectionEnd) -> HTTPResponse {
        HTTPResponse(status: 500, body: .none(end))
    }

    private static let plainText = [(name: "Content-Type", value: "text/plain; charset=utf-8")]
}

/// The content of a response.
public enum HTTPBody: Sendable {
    /// No bytes.
    case empty
    /// Bytes that are there already, sent from where they stand without a copy.
    case bytes(ByteString)
    /// Bytes that come piece by piece.
    case stream(HTTPBodyStream)
    /// Nothing, not even status and header: the connection ends instead.
    case none(HTTPConnectionEnd)
    /// Another protocol. See ``HTTPResponse/upgrade(to:headers:serve:)``.
    case upgrade(HTTPUpgrade)
}

/// How a connection ends before its time, as the client sees it.
public enum HTTPConnectionEnd: Sendable {
    /// In good order (FIN): there are no more bytes.
    case close
    /// By a reset (RST): the connection does not exist any more. Bytes that the client has not read may be lost.
    case reset
}

/// Content that is made while it is being sent.
///
/// The server asks for the next part only when the one before has gone out, so a slow client slows its producer and at
/// most one part is held in memory. When the client has left, nobody asks again and the stream is let go.
public struct HTTPBodyStream: Sendable {
    /// What comes next.
    public enum Part: Sendable {
        /// More content. Larger parts cost fewer changes of thread; tens of kilobytes are a good size.
        case bytes(ByteString)
        /// The content is complete.
        case end
        /// The content cannot be completed: the connection is cut, so that the client sees that something is missing.
        case abort
        /// The connection is reset. For emulating an ill server, as ``HTTPResponse/none(_:)`` is.
        case reset
    }

    /// How many bytes there will be, which is sent as `Content-Length`; nil sends chunks. If fewer come the connection
    /// is cut, and bytes beyond it are not sent.
    public let length: Int?

    /// Makes the next part. It is never called again before it has returned, and not after it returned an end.
    public let next: @Sendable () async -> Part

    /// A stream of the parts that `next` returns, one a call.
    public init(length: Int? = nil, next: @escaping @Sendable () async -> Part) {
        self.length = length.map { max(0, $0) }
        self.next = next
    }
}

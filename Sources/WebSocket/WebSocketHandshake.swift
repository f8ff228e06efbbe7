internal import Bytes
internal import Digests
public import MicroHTTP

/// The opening of a WebSocket (RFC 6455 §4.2), with a subprotocol.
public struct WebSocketHandshake: Equatable, Sendable {
    /// The value of `Sec-WebSocket-Accept`.
    public let accept: String
    /// What is spoken.
    public let subprotocol: String

    /// Why there is none. Each is answered with a status of its own.
    public enum Refusal: Error, Equatable {
        /// The version is another than 13: 426, and the headers of ``versionHeaders``.
        case version
        /// A header field is missing or wrong: 400.
        case malformed(String)
        /// The client speaks none of the subprotocols: 400. These it offers.
        case subprotocol(offered: [String])
    }

    /// What tells a client of another version which one there is (§4.4).
    public static let versionHeaders = [
        (name: "Upgrade", value: "websocket"), (name: "Sec-WebSocket-Version", value: "13"),
    ]

    private static let magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    /// Whether a request wants a WebSocket. What wants another protocol is answered as if it did not (RFC 9110 §7.8).
    public static func isWanted(by request: borrowing HTTPRequest) -> Bool {
        guard request.method == .get, let upgrade = request.header("upgrade") else { return false }
        return tokens(upgrade).contains { $0.lowercased() == "websocket" }
    }

    /// The handshake that answers `request`, which wants a WebSocket.
    ///
    /// - Parameter subprotocols: What the server speaks; the client's order decides.
    /// - Throws: ``Refusal``
    public init(_ request: borrowing HTTPRequest, subprotocols: [String]) throws(Refusal) {
        guard request.header("sec-websocket-version") == "13" else { throw .version }
        let connection = WebSocketHandshake.tokens(request.header("connection") ?? "")
        guard connection.contains(where: { $0.lowercased() == "upgrade" }) else {
            throw .malformed("A WebSocket needs the header Connection: Upgrade.")
        }
        guard let key = request.header("sec-websocket-key"), Base64.decode(key)?.count == 16 else {
            throw .malformed("Sec-WebSocket-Key must be 16 bytes in base64.")
        }
        let offered = WebSocketHandshake.tokens(request.header("sec-websocket-protocol") ?? "")
        guard let subprotocol = offered.first(where: subprotocols.contains) else {
            throw .subprotocol(offered: offered)
        }
        self.subprotocol = subprotocol
        accept = WebSocketHandshake.accept(key)
    }

    /// What goes with the 101, besides `Upgrade` and `Connection`.
    public var headers: [(name: String, value: String)] {
        [(name: "Sec-WebSocket-Accept", value: accept), (name: "Sec-WebSocket-Protocol", value: subprotocol)]
    }

    /// Proves that the key was read (§4.2.2).
    internal static func accept(_ key: String) -> String {
        Base64.encode(SHA1.hash(Array((key + magic).utf8)))
    }

    /// The elements of a list (RFC 9110 §5.6.1).
    private static func tokens(_ list: String) -> [String] {
        list.split(separator: ",").map { $0.filter { $0 != " " && $0 != "\t" } }.filter { !$0.isEmpty }
    }
}

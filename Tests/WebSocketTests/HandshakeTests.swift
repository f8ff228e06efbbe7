import MicroHTTP
import Testing
import WebSocket

/// The opening handshake of RFC 6455 §4.
@Suite struct HandshakeTests {
    private static let headers = [
        (name: "Host", value: "server.example.com"), (name: "Upgrade", value: "websocket"),
        (name: "Connection", value: "Upgrade"), (name: "Sec-WebSocket-Key", value: "dGhlIHNhbXBsZSBub25jZQ=="),
        (name: "Origin", value: "http://example.com"), (name: "Sec-WebSocket-Protocol", value: "chat, superchat"),
        (name: "Sec-WebSocket-Version", value: "13"),
    ]

    private static func request(_ changes: [String: String?] = [:], method: HTTPMethod = .get) -> HTTPRequest {
        let headers = headers.compactMap { header -> (name: String, value: String)? in
            guard let change = changes[header.name] else { return header }
            return change.map { (header.name, $0) }
        }
        return HTTPRequest(method: method, path: "/chat", headers: headers)
    }

    @Test("The example of §1.3")
    func example() throws {
        let handshake = try WebSocketHandshake(HandshakeTests.request(), subprotocols: ["superchat", "chat"])
        #expect(handshake.accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(handshake.subprotocol == "chat")
        #expect(handshake.headers.map(\.name) == ["Sec-WebSocket-Accept", "Sec-WebSocket-Protocol"])
    }

    @Test(
        "Who wants one",
        arguments: [
            ("websocket", true), ("WebSocket", true), ("h2c, websocket", true), ("h2c", false), ("websockets", false),
            (nil, false),
        ]
    )
    func wanted(_ upgrade: String?, isWanted: Bool) {
        let get = WebSocketHandshake.isWanted(by: HandshakeTests.request(["Upgrade": upgrade]))
        #expect(get == isWanted)
        // Only GET opens one.
        let post = WebSocketHandshake.isWanted(by: HandshakeTests.request(["Upgrade": upgrade], method: .post))
        #expect(!post)
    }

    @Test(
        "What is refused",
        arguments: [
            ("Sec-WebSocket-Version", "8", .version), ("Sec-WebSocket-Version", nil, .version),
            ("Connection", "keep-alive", .malformed("A WebSocket needs the header Connection: Upgrade.")),
            ("Sec-WebSocket-Key", nil, .malformed("Sec-WebSocket-Key must be 16 bytes in base64.")),
            ("Sec-WebSocket-Key", "dGhlIHNhbXBsZQ==", .malformed("Sec-WebSocket-Key must be 16 bytes in base64.")),
            ("Sec-WebSocket-Key", "the sample nonce", .malformed("Sec-WebSocket-Key must be 16 bytes in base64.")),
            ("Sec-WebSocket-Protocol", nil, .subprotocol(offered: [])),
            ("Sec-WebSocket-Protocol", "Chat,soap", .subprotocol(offered: ["Chat", "soap"])),
        ] as [(String, String?, WebSocketHandshake.Refusal)]
    )
    func refused(_ header: String, _ value: String?, _ refusal: WebSocketHandshake.Refusal) {
        #expect(throws: refusal) {
            try WebSocketHandshake(HandshakeTests.request([header: value]), subprotocols: ["chat"])
        }
    }
}

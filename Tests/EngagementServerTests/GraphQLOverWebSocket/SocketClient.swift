import EngagementServer
import JSON
import TestSupport

/// A client of `graphql-transport-ws` that says and hears what a test wants.
///
/// - Note: `@unchecked Sendable` holds because a test does one thing after the other. It reads on a thread of its own, since the
///   server's work needs those of tasks.
final class SocketClient: @unchecked Sendable {
    let client: RawClient
    /// The server lives as long as somebody reads.
    private let bed: TestBed
    let response: RawClient.Response

    /// Opens a socket; it may be refused.
    init(
        _ bed: TestBed,
        path: String = "/graphql",
        subprotocol: String? = "graphql-transport-ws",
        headers: [(name: String, value: String)] = []
    ) async throws {
        self.bed = bed
        let port = bed.server.port
        let opened = try await onThread {
            let client = try RawClient(port: port)
            client.send(RawClient.webSocketRequest(path: path, subprotocol: subprotocol, headers: headers))
            return Opened(client: client, response: try client.readResponse())
        }
        client = opened.client
        response = opened.response
    }

    private struct Opened: @unchecked Sendable {
        let client: RawClient
        let response: RawClient.Response
    }

    /// Opens a socket and says hello.
    static func greeted(_ bed: TestBed) async throws -> SocketClient {
        let client = try await SocketClient(bed)
        try await client.greet()
        return client
    }

    func greet() async throws {
        send(["type": "connection_init"])
        let answer = try await receive()
        guard answer?["type"] == "connection_ack" else { throw Failure(reason: "no hello: \(answer?.text ?? "end")") }
    }

    func send(_ message: JSONValue) { client.send(.text(message.text)) }

    func subscribe(_ query: String, id: String = "1", extensions: JSONValue? = nil) {
        var payload = [JSONValue.Member("query", .string(query))]
        if let extensions { payload.append(.init("extensions", extensions)) }
        send(["id": .string(id), "type": "subscribe", "payload": .object(payload)])
    }

    /// The next frame that is no ping.
    func frame() async throws -> WebSocketFrame? {
        try await onThread {
            while let frame = try self.client.readFrame() {
                if frame.opcode != 9 { return frame }
                self.client.send(WebSocketFrame(opcode: 10, payload: frame.payload))
            }
            return nil
        }
    }

    /// The next message; nil at the end.
    func receive() async throws -> JSONValue? {
        guard let frame = try await frame(), frame.opcode == 1 else { return nil }
        return try JSONValue(parsing: frame.payload)
    }

    struct Failure: Error {
        let reason: String
    }
}

extension TestBed {
    /// A server whose sockets wait for nobody: no test depends on how long it takes.
    static func patient(_ adjust: (inout ServerConfiguration) -> Void = { _ in }) throws -> TestBed {
        try TestBed { server, _ in
            server.live.sleep = { _ in try await Task.sleep(for: .seconds(86_400)) }
            adjust(&server)
        }
    }
}

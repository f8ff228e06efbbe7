import EngagementServer
import Foundation
import JSON
import TestSupport
import Testing

/// The protocol, message by message, over a real socket: `Conversations/protocol.json`.
@Suite("Conversations over WebSocket")
struct ConversationTests {
    /// What a client says and hears, in this order.
    ///
    /// | Key of a line | What |
    /// |---|---|
    /// | `hello` | `true` says `connection_init` and hears that it is acknowledged |
    /// | `send`, `text`, `bytes` | a message, a text that may be none, or a binary message |
    /// | `receive` | the next message |
    /// | `close` | the close frame that comes next, and the end: code and reason |
    struct Conversation: Sendable, CustomTestStringConvertible {
        let title: String
        let headers: [(name: String, value: String)]
        let lines: [JSONValue]

        var testDescription: String { title }

        static let all: [Conversation] = {
            let url = (Bundle.module.resourceURL ?? URL(filePath: "/")).appending(path: "Conversations/protocol.json")
            guard let data = try? Data(contentsOf: url), let value = try? JSONValue(parsing: [UInt8](data)) else {
                return []
            }
            return (value.array ?? []).map { value in
                Conversation(
                    title: value["title"]?.string ?? "",
                    headers: (value["headers"]?.members ?? []).map { ($0.name, $0.value.string ?? "") },
                    lines: value["lines"]?.array ?? []
                )
            }
        }()
    }

    @Test("goes as written", arguments: Conversation.all)
    func conversation(_ conversation: Conversation) async throws {
        let bed = try TestBed.patient { server in
            server.origins = ["https://page.example"]
            server.live.maximumOperations = 2
        }
        let client = try await SocketClient(bed, headers: conversation.headers)
        #expect(client.response.status == 101)
        for line in conversation.lines {
            if line["hello"] != nil { try await client.greet() }
            if let message = line["send"] { client.send(message) }
            if let text = line["text"]?.string { client.client.send(.text(text)) }
            if let text = line["bytes"]?.string {
                client.client.send(WebSocketFrame(opcode: 2, payload: Array(text.utf8)))
            }
            if let expected = line["receive"] {
                let message = try await client.receive()
                #expect(JSONExpectation.differences(message, expected) == [])
            }
            if let expected = line["close"] {
                let closure = try await client.frame()?.closure.map { JSONValue.string($0) }
                #expect(JSONExpectation.differences(closure, expected) == [])
                #expect(try await client.frame() == nil)
            }
        }
    }

    @Test("There are conversations")
    func areFound() { #expect(Conversation.all.count > 20) }
}

import Bytes
import TestSupport
import Testing
import WebSocket

/// Frames as RFC 6455 has them. The examples are those of §5.7, byte for byte.
@Suite struct FramingTests {
    /// What comes, in pieces, and what has to come of it.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let input: [[UInt8]]
        var messages: [WebSocketMessage] = []
        var output: [UInt8] = []
        var isOver = false

        var testDescription: String { name }
    }

    private static let hello = Array("Hello".utf8)
    /// §5.7: a single-frame masked text.
    private static let maskedHello: [UInt8] = [
        0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58,
    ]
    private static let protocolError: [UInt8] = [0x88, 0x02, 0x03, 0xEA]

    private static func frame(_ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
        WebSocketFrame(opcode: opcode, payload: payload, isFinal: isFinal).bytes()
    }

    static let cases = [
        Case(name: "a masked text (§5.7)", input: [maskedHello], messages: [.text(hello)]),
        Case(
            name: "a masked text, byte by byte",
            input: maskedHello.map { [$0] },
            messages: [.text(hello)]
        ),
        Case(
            name: "an unmasked text (§5.7) is refused",
            input: [[0x81, 0x05] + hello],
            output: protocolError,
            isOver: true
        ),
        Case(
            name: "a text in two frames",
            input: [frame(1, Array("Hel".utf8), isFinal: false), frame(0, Array("lo".utf8))],
            messages: [.text(hello)]
        ),
        Case(
            name: "a ping between two frames of a text",
            input: [frame(1, Array("Hel".utf8), isFinal: false) + frame(9, hello) + frame(0, Array("lo".utf8))],
            messages: [.text(hello)],
            output: [0x8A, 0x05] + hello
        ),
        Case(
            name: "a masked ping is answered with an unmasked pong (§5.7)",
            input: [[0x89, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]],
            output: [0x8A, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F]
        ),
        Case(
            name: "a masked pong (§5.7) needs no answer",
            input: [[0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58]]
        ),
        Case(
            name: "256 bytes (§5.7)",
            input: [[0x82, 0xFE, 0x01, 0x00, 0, 0, 0, 0] + [UInt8](repeating: 7, count: 256)],
            messages: [.binary([UInt8](repeating: 7, count: 256))]
        ),
        Case(
            name: "64 KiB (§5.7)",
            input: [
                [0x82, 0xFF, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 7, count: 65_536)
            ],
            messages: [.binary([UInt8](repeating: 7, count: 65_536))]
        ),
        Case(
            name: "a close frame is answered with its code",
            input: [frame(8, [0x03, 0xE8] + Array("bye".utf8))],
            output: [0x88, 0x05, 0x03, 0xE8] + Array("bye".utf8),
            isOver: true
        ),
        Case(name: "an empty close frame", input: [frame(8, [])], output: [0x88, 0x00], isOver: true),
        Case(
            name: "what follows a close frame is not looked at",
            input: [frame(8, []), maskedHello],
            output: [0x88, 0x00],
            isOver: true
        ),
        Case(
            name: "a close frame with half a code has none",
            input: [frame(8, [3])],
            output: [0x88, 0x00],
            isOver: true
        ),
        Case(
            name: "a close frame with a code that none may send",
            input: [frame(8, [0x03, 0xED])],
            output: protocolError,
            isOver: true
        ),
        Case(
            name: "a text that is no UTF-8",
            input: [frame(1, [0xC3, 0x28])],
            output: [0x88, 0x02, 0x03, 0xEF],
            isOver: true
        ),
        Case(
            name: "a surrogate in UTF-8",
            input: [frame(1, [0xED, 0xA0, 0x80])],
            output: [0x88, 0x02, 0x03, 0xEF],
            isOver: true
        ),
        Case(
            name: "a character that is cut between two frames",
            input: [frame(1, [0xC3], isFinal: false), frame(0, [0xA9])],
            messages: [.text([0xC3, 0xA9])]
        ),
        Case(name: "a reserved opcode", input: [frame(3, hello)], output: protocolError, isOver: true),
        Case(name: "a reserved bit", input: [[0xC1] + maskedHello.dropFirst()], output: protocolError, isOver: true),
        Case(
            name: "a ping in two frames",
            input: [frame(9, hello, isFinal: false)],
            output: protocolError,
            isOver: true
        ),
        Case(
            name: "a ping of 126 bytes",
            input: [frame(9, [UInt8](repeating: 0, count: 126))],
            output: protocolError,
            isOver: true
        ),
        Case(name: "a continuation of nothing", input: [frame(0, hello)], output: protocolError, isOver: true),
        Case(
            name: "a text begins in another one",
            input: [frame(1, hello, isFinal: false), frame(1, hello)],
            output: protocolError,
            isOver: true
        ),
        Case(
            name: "a message that is too large",
            input: [frame(1, [UInt8](repeating: 0x61, count: 70_001))],
            output: [0x88, 0x02, 0x03, 0xF1],
            isOver: true
        ),
        Case(
            name: "one that is too large in pieces",
            input: [[UInt8]](repeating: frame(0, [UInt8](repeating: 0x61, count: 35_000), isFinal: false), count: 2)
                .reduce([frame(1, [0x61], isFinal: false)]) { $0 + [$1] },
            output: [0x88, 0x02, 0x03, 0xF1],
            isOver: true
        ),
    ]

    @Test("What comes in", arguments: cases)
    func incoming(_ example: Case) {
        let framing = WebSocketFraming(maximumMessageBytes: 70_000)
        var messages: [WebSocketMessage] = []
        var output: [UInt8] = []
        for piece in example.input {
            messages += framing.receive(piece)
            if let bytes = framing.takeOutput() { output += bytes.array }
        }
        #expect(messages == example.messages)
        // The reason of a close frame is the library's.
        let isClosed = example.output.first == 0x88 && example.output.count == 4
        #expect(
            isClosed ? Array(output.dropFirst(2).prefix(2)) == Array(example.output[2...]) : output == example.output
        )
        #expect(framing.isOver == example.isOver)
        #expect(!framing.hasOutput)
    }

    @Test(
        "What goes out: the unmasked frames of §5.7, and lengths of two and eight bytes",
        arguments: [5, 125, 126, 65_535, 65_536]
    )
    func outgoing(_ count: Int) throws {
        let framing = WebSocketFraming(maximumMessageBytes: 10)
        let text = String(repeating: "Hello", count: count / 5 + 1).prefix(count)
        #expect(framing.send(text: ByteString(String(text))))
        let head: [UInt8] =
            switch count {
            case ..<126: [0x81, UInt8(count)]
            case ..<65_536: [0x81, 0x7E, UInt8(count >> 8), UInt8(count & 0xFF)]
            default: [0x81, 0x7F, 0, 0, 0, 0, 0, UInt8(count >> 16), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
            }
        #expect(try #require(framing.takeOutput()).array == head + Array(text.utf8))
        framing.sendPing()
        #expect(try #require(framing.takeOutput()).array == [0x89, 0x00])
        #expect(framing.takeOutput() == nil)
    }

    @Test("However the bytes are cut, the same comes of them, also of bytes that are no frames", arguments: 0..<50)
    func cuts(_ seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var bytes: [UInt8] = []
        for _ in 0..<20 {
            let example = Self.cases.randomElement(using: &generator)
            bytes += example?.isOver == false ? Array(example?.input.joined() ?? [].joined()) : Self.maskedHello
        }
        if seed.isMultiple(of: 2) { bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8(seed % 8) }
        let whole = WebSocketFraming(maximumMessageBytes: 70_000)
        let messages = whole.receive(bytes)
        let cut = WebSocketFraming(maximumMessageBytes: 70_000)
        var cutMessages: [WebSocketMessage] = []
        var output: [UInt8] = []
        while !bytes.isEmpty {
            let count = min(bytes.count, Int.random(in: 1...2000, using: &generator))
            cutMessages += cut.receive(Array(bytes.prefix(count)))
            if let bytes = cut.takeOutput() { output += bytes.array }
            bytes.removeFirst(count)
        }
        #expect(messages == cutMessages)
        #expect(whole.isOver == cut.isOver)
        #expect((whole.takeOutput()?.array ?? []).count == output.count)
    }

    @Test("Nothing follows a close frame, whose reason is cut where it has no room")
    func closing() throws {
        let framing = WebSocketFraming(maximumMessageBytes: 10)
        framing.sendClose(code: 4400, reason: String(repeating: "é", count: 100))
        #expect(!framing.send(text: ByteString("more")))
        framing.sendClose(code: 1000, reason: "")
        let expected = WebSocketFrame.close(4400, String(repeating: "é", count: 61)).bytes(mask: nil)
        #expect(try #require(framing.takeOutput()).array == expected)
        #expect(!framing.isOver)
        #expect(framing.receive(WebSocketFrame.close(4400, "").bytes()).isEmpty)
        #expect(framing.isOver && framing.takeOutput() == nil)
    }

    @Test("Frames are counted, whatever they carry")
    func counting() {
        let framing = WebSocketFraming(maximumMessageBytes: 10)
        _ = framing.receive(Self.frame(1, [], isFinal: false) + Self.frame(9, []) + Self.frame(0, [], isFinal: false))
        #expect(framing.frameCount == 3)
    }
}

/// The frames of RFC 6455 §5.2, written and read by hand: what a test says on the wire and what it finds there.
public struct WebSocketFrame: Equatable, Sendable {
    public var isFinal = true
    public var opcode: UInt8
    public var payload: [UInt8]

    public init(opcode: UInt8, payload: [UInt8], isFinal: Bool = true) {
        self.opcode = opcode
        self.payload = payload
        self.isFinal = isFinal
    }

    public static func text(_ text: String) -> WebSocketFrame { WebSocketFrame(opcode: 1, payload: Array(text.utf8)) }

    public static func close(_ code: UInt16, _ reason: String) -> WebSocketFrame {
        WebSocketFrame(opcode: 8, payload: [UInt8(code >> 8), UInt8(code & 0xFF)] + Array(reason.utf8))
    }

    public static let ping = WebSocketFrame(opcode: 9, payload: [])

    /// As a client sends it; without a mask, as none may.
    public func bytes(mask: [UInt8]? = [0x37, 0xFA, 0x21, 0x3D]) -> [UInt8] {
        var bytes = [opcode | (isFinal ? 0x80 : 0)]
        let masked: UInt8 = mask == nil ? 0 : 0x80
        switch payload.count {
        case ..<126: bytes.append(UInt8(payload.count) | masked)
        case ..<65_536: bytes += [126 | masked, UInt8(payload.count >> 8), UInt8(payload.count & 0xFF)]
        default:
            bytes.append(127 | masked)
            for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(payload.count >> shift & 0xFF)) }
        }
        guard let mask else { return bytes + payload }
        bytes += mask
        for (index, byte) in payload.enumerated() { bytes.append(byte ^ mask[index % 4]) }
        return bytes
    }

    public var text: String { String(decoding: payload, as: UTF8.self) }

    /// The code and the reason of a close frame.
    public var closure: String? {
        guard opcode == 8 else { return nil }
        guard payload.count >= 2 else { return "" }
        return "\(Int(payload[0]) << 8 | Int(payload[1])) \(String(decoding: payload.dropFirst(2), as: UTF8.self))"
    }
}

extension RawClient {
    /// The request that opens a WebSocket, with the key of RFC 6455 §1.3.
    public static func webSocketRequest(
        path: String,
        subprotocol: String?,
        headers: [(name: String, value: String)] = []
    ) -> String {
        var text = "GET \(path) HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
        text += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        if let subprotocol { text += "Sec-WebSocket-Protocol: \(subprotocol)\r\n" }
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        return text + "\r\n"
    }

    public func send(_ frame: WebSocketFrame) { send(frame.bytes()) }

    /// The next frame; nil at the end of the connection. A server's have no mask.
    public func readFrame() throws -> WebSocketFrame? {
        guard let head = readBytes(2) else { return nil }
        guard head[0] & 0x70 == 0, head[1] & 0x80 == 0 else { throw Failure(reason: "no frame of a server: \(head)") }
        var length = Int(head[1])
        if length >= 126 {
            guard let long = readBytes(length == 126 ? 2 : 8) else { return nil }
            length = long.reduce(0) { $0 << 8 | Int($1) }
        }
        guard let payload = readBytes(length) else { return nil }
        return WebSocketFrame(opcode: head[0] & 0x0F, payload: payload, isFinal: head[0] & 0x80 != 0)
    }
}

public import Bytes
internal import CWslay

/// What came over a WebSocket as a whole.
public enum WebSocketMessage: Equatable, Sendable {
    /// UTF-8, which has been checked.
    case text([UInt8])
    case binary([UInt8])
}

/// The framing of one WebSocket as its server sees it (RFC 6455 §5 to §7), without a socket: bytes go in, messages and bytes
/// come out.
///
/// wslay does it. What a client does wrong is answered with the close frame for it: 1002 for frames that are none, such as
/// unmasked ones, 1007 for a text that is not UTF-8, 1009 for a message that is too large. Pings and close frames are answered.
@safe
public final class WebSocketFraming {
    private let context: wslay_event_context_ptr
    private let tray = FramingTray()
    private var isBroken = false

    /// The longest reason that fits into a close frame, whose payload has 125 bytes at most (RFC 6455 §5.5), two of them the
    /// code.
    private static let maximumReasonBytes = 122

    /// - Parameter maximumMessageBytes: Of one message, whatever number of frames it has.
    public init(maximumMessageBytes: Int) {
        var callbacks = FramingTray.callbacks
        var made: wslay_event_context_ptr?
        // The tray lives as long as the context.
        let status = unsafe wslay_event_context_server_init(
            &made,
            &callbacks,
            Unmanaged.passUnretained(tray).toOpaque()
        )
        guard status == 0, let made = unsafe made else { preconditionFailure("out of memory for a WebSocket") }
        unsafe context = unsafe made
        unsafe wslay_event_config_set_max_recv_msg_length(context, UInt64(max(1, maximumMessageBytes)))
    }

    deinit {
        unsafe wslay_event_context_free(context)
    }

    // MARK: - In

    /// Takes bytes of the socket, and returns the messages that are complete with them. After a close frame, or a mistake, it
    /// takes no more.
    public func receive(_ bytes: [UInt8]) -> [WebSocketMessage] {
        if isOver { return [] }
        tray.input = bytes[...]
        if unsafe wslay_event_recv(context) != 0 {
            isBroken = true
            _ = unsafe wslay_event_send(context)
            tray.nameProtocolError()
        }
        defer { tray.messages = [] }
        return tray.messages
    }

    /// How many frames have begun to arrive, control frames included. A message may be any number of them.
    public var frameCount: Int { tray.frameCount }

    /// Whether nothing is taken any more: a close frame has come, or something that is no WebSocket.
    public var isOver: Bool { unsafe isBroken || wslay_event_get_read_enabled(context) == 0 }

    /// Whether the close frame of the other end has come.
    public var isClosedByPeer: Bool { unsafe wslay_event_get_close_received(context) != 0 }

    // MARK: - Out

    /// Puts a text into the output. False after a close frame.
    public func send(text: ByteString) -> Bool {
        unsafe text.withUnsafeBytes { unsafe queue(UInt8(WSLAY_TEXT_FRAME.rawValue), $0) }
    }

    /// Puts a ping into the output, which every client answers.
    public func sendPing() {
        _ = unsafe queue(UInt8(WSLAY_PING.rawValue), UnsafeRawBufferPointer(start: nil, count: 0))
    }

    /// Puts a close frame into the output, which is the last: nothing follows it, and nothing happens if there was one already.
    ///
    /// - Parameters:
    ///   - code: Of RFC 6455 §7.4, or of an application, from 4000 on.
    ///   - reason: Cut off where a close frame has no more room.
    public func sendClose(code: UInt16, reason: String) {
        var reason = reason
        while reason.utf8.count > WebSocketFraming.maximumReasonBytes { reason.removeLast() }
        let bytes = Array(reason.utf8)
        _ = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe wslay_event_queue_close(context, code, bytes.baseAddress, bytes.count)
        }
    }

    /// Whether there is something to be sent.
    public var hasOutput: Bool { unsafe tray.hasOutput || wslay_event_want_write(context) != 0 }

    /// What has to be sent; nil if there is nothing.
    public func takeOutput() -> ByteString? {
        if unsafe wslay_event_want_write(context) != 0, unsafe wslay_event_send(context) != 0 { isBroken = true }
        return tray.takeOutput()
    }

    private func queue(_ opcode: UInt8, _ bytes: UnsafeRawBufferPointer) -> Bool {
        var message = unsafe wslay_event_msg(
            opcode: opcode,
            msg: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
            msg_length: bytes.count
        )
        return unsafe wslay_event_queue_msg(context, &message) == 0
    }
}

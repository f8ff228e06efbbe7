internal import Bytes
internal import CWslay

/// What wslay takes from and puts to: the only place that it calls back.
internal final class FramingTray {
    var input: ArraySlice<UInt8> = []
    var messages: [WebSocketMessage] = []
    var frameCount = 0
    private var output = ByteBuffer()

    var hasOutput: Bool { output.count > 0 }

    /// What has been put out, which is taken away.
    func takeOutput() -> ByteString? {
        guard output.count > 0 else { return nil }
        var taken = ByteBuffer(capacity: 0)
        swap(&taken, &output)
        return taken.freeze()
    }

    /// wslay closes without a code where it finds no frame; §7.4.1 has one for that.
    func nameProtocolError() {
        let isNameless = unsafe output.withUnsafeBytes { unsafe $0.suffix(2).elementsEqual([0x88, 0x00]) }
        guard isNameless else { return }
        output.truncate(to: output.count - 2)
        output.append([0x88, 0x02, 0x03, 0xEA])
    }

    // MARK: - Callbacks

    static var callbacks: wslay_event_callbacks {
        unsafe wslay_event_callbacks(
            recv_callback: { unsafe FramingTray.take($0, into: .init(start: $1, count: $2), $4) },
            send_callback: { unsafe FramingTray.put(.init(start: $1, count: $2), $4) },
            // Only clients mask.
            genmask_callback: nil,
            on_frame_recv_start_callback: { unsafe FramingTray.of($2)?.frameCount += 1 },
            on_frame_recv_chunk_callback: nil,
            on_frame_recv_end_callback: nil,
            on_msg_recv_callback: { unsafe FramingTray.note($1, $2) }
        )
    }

    private static func of(_ context: UnsafeMutableRawPointer?) -> FramingTray? {
        unsafe context.map { unsafe Unmanaged<FramingTray>.fromOpaque($0).takeUnretainedValue() }
    }

    /// wslay wants bytes, and is told when there are none for now.
    private static func take(
        _ context: wslay_event_context_ptr?,
        into room: UnsafeMutableRawBufferPointer,
        _ tray: UnsafeMutableRawPointer?
    ) -> Int {
        guard let tray = unsafe of(tray), !tray.input.isEmpty else {
            unsafe wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK.rawValue)
            return -1
        }
        let count = min(room.count, tray.input.count)
        unsafe room.copyBytes(from: tray.input.prefix(count))
        tray.input = tray.input.dropFirst(count)
        return count
    }

    private static func put(_ bytes: UnsafeRawBufferPointer, _ tray: UnsafeMutableRawPointer?) -> Int {
        guard let tray = unsafe of(tray) else { return -1 }
        unsafe tray.output.append(contentsOf: bytes)
        return bytes.count
    }

    /// A message is complete. Control frames have been answered.
    private static func note(
        _ message: UnsafePointer<wslay_event_on_msg_recv_arg>?,
        _ tray: UnsafeMutableRawPointer?
    ) {
        guard let tray = unsafe of(tray), let message = unsafe message?.pointee else { return }
        let bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: message.msg, count: message.msg_length))
        switch unsafe UInt32(message.opcode) {
        case WSLAY_TEXT_FRAME.rawValue: tray.messages.append(.text(bytes))
        case WSLAY_BINARY_FRAME.rawValue: tray.messages.append(.binary(bytes))
        default: break
        }
    }
}

internal import Bytes
internal import CMicroHTTPD

/// A response of libmicrohttpd. This value holds one reference to it, from its making until it has been queued.
@safe
internal struct PreparedResponse: ~Copyable {
    private let pointer: OpaquePointer
    private let isUpgrade: Bool

    /// A response without content, or nil without memory.
    init?() {
        guard
            let made = unsafe MHD_create_response_from_buffer_with_free_callback_cls(
                0,
                nil,
                HTTPServer.releaseBytes,
                nil
            )
        else { return nil }
        unsafe pointer = unsafe made
        isUpgrade = false
    }

    /// A response with these bytes, or nil without memory.
    init?(_ bytes: ByteString) {
        // The bytes stay where they are as long as the object does, and this reference keeps it until libmicrohttpd
        // calls back that it has sent them.
        let owner = unsafe Unmanaged.passRetained(bytes)
        let made = unsafe bytes.withUnsafeBytes { bytes in
            unsafe MHD_create_response_from_buffer_with_free_callback_cls(
                bytes.count,
                UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                HTTPServer.releaseBytes,
                owner.toOpaque()
            )
        }
        guard let made = unsafe made else {
            unsafe owner.release()
            return nil
        }
        unsafe pointer = unsafe made
        isUpgrade = false
    }

    /// A response with what `pump` brings, or nil without memory.
    init?(_ pump: StreamPump, isForHead: Bool) {
        let owner = unsafe Unmanaged.passRetained(pump)
        let made = unsafe MHD_create_response_from_callback(
            pump.length.map { UInt64($0) } ?? engageql_mhd_unknown_size,
            StreamPump.blockSize,
            HTTPServer.readStream,
            owner.toOpaque(),
            HTTPServer.releaseStream
        )
        guard let made = unsafe made else {
            unsafe owner.release()
            return nil
        }
        unsafe pointer = unsafe made
        isUpgrade = false
        // libmicrohttpd 0.9.75 sends the end of chunks that it was never to begin, and the client takes it for the
        // start of the next response. Without chunks it closes the connection instead.
        if isForHead, pump.length == nil { _ = unsafe engageql_mhd_forbid_chunks(pointer) }
    }

    /// The response to an upgrade, with its `Connection`, or nil without memory.
    init?(_ upgrade: HTTPUpgrade) {
        guard let made = unsafe MHD_create_response_for_upgrade(HTTPServer.takeOver, nil) else { return nil }
        unsafe pointer = unsafe made
        isUpgrade = true
    }

    deinit {
        unsafe MHD_destroy_response(pointer)
    }

    /// Adds a header field, or leaves it out if it cannot be sent.
    borrowing func add(name: String, value: String) {
        guard HeaderFields.isSendable(name: name, value: value) else { return }
        _ = unsafe MHD_add_response_header(pointer, name, value)
    }

    /// Gives the response to the connection.
    consuming func queue(status: Int, on connection: ConnectionReference) -> MHD_Result {
        let status = isUpgrade ? 101 : (200..<600).contains(status) ? status : 500
        return unsafe MHD_queue_response(connection.pointer, UInt32(status), pointer)
    }
}

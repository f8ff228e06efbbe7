internal import Bytes
internal import CMicroHTTPD

// The functions that libmicrohttpd calls. `context` is the server's `ServerContext`, which the server keeps until its
// daemon has stopped. What a connection carries with it is its `ConnectionDriver`, retained when the connection begins
// and released when it ends, each of which is told exactly once for each connection.
extension HTTPServer {
    /// A connection begins or ends.
    internal static let changeConnection:
        @convention(c) (
            UnsafeMutableRawPointer?, OpaquePointer?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
            MHD_ConnectionNotificationCode
        ) -> Void = {
            unsafe changeDriver($2, context: $0, connection: $1, hasBegun: $3 == .CONNECTION_NOTIFY_STARTED)
        }

    /// A request line has arrived. What is returned is given to the next two callbacks.
    internal static let beginRequest:
        @convention(c) (UnsafeMutableRawPointer?, UnsafePointer<CChar>?, OpaquePointer?) -> UnsafeMutableRawPointer? = {
            unsafe beginExchange(target: $1, connection: $2)
        }

    /// Something has arrived, or the connection has been resumed.
    internal static let advanceRequest:
        @convention(c) (
            UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<CChar>?, UnsafePointer<CChar>?,
            UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafeMutablePointer<Int>?,
            UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        ) -> MHD_Result = {
            unsafe advanceExchange($7, method: $3, version: $4, bytes: $5, count: $6)
        }

    /// The request is over.
    internal static let endRequest:
        @convention(c) (
            UnsafeMutableRawPointer?, OpaquePointer?, UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
            MHD_RequestTerminationCode
        ) -> Void = {
            unsafe endExchange($2, reason: $3)
        }

    /// One header field of a request; the first argument is a pointer to a `HeaderVisitor`.
    internal static let visitHeader:
        @convention(c) (
            UnsafeMutableRawPointer?, MHD_ValueKind, UnsafePointer<CChar>?, Int, UnsafePointer<CChar>?, Int
        ) -> MHD_Result = {
            unsafe visit($0, name: .init(start: $2, count: $3), value: .init(start: $4, count: $5).trimmed)
        }

    /// A body of bytes has been sent, or never will be.
    internal static let releaseBytes: @convention(c) (UnsafeMutableRawPointer?) -> Void = {
        if let owner = unsafe $0 { unsafe Unmanaged<ByteString>.fromOpaque(owner).release() }
    }

    /// The socket can take more of a stream.
    internal static let readStream:
        @convention(c) (UnsafeMutableRawPointer?, UInt64, UnsafeMutablePointer<CChar>?, Int) -> Int = {
            unsafe readFromPump($0, into: UnsafeMutableRawBufferPointer(start: $2, count: $3))
        }

    /// A stream has been sent, or never will be.
    internal static let releaseStream: @convention(c) (UnsafeMutableRawPointer?) -> Void = {
        if let pump = unsafe $0 { unsafe Unmanaged<StreamPump>.fromOpaque(pump).release() }
    }

    /// 101 has been sent, and the socket is ours.
    internal static let takeOver:
        @convention(c) (
            UnsafeMutableRawPointer?, OpaquePointer?, UnsafeMutableRawPointer?, UnsafePointer<CChar>?, Int, Int32,
            OpaquePointer?
        ) -> Void = {
            unsafe takeOverConnection($2, early: .init(start: $3, count: $3 == nil ? 0 : $4), socket: $5, handle: $6)
        }

    /// What libmicrohttpd would decode in place is left as it is: targets are decoded by whoever wants them decoded.
    /// The result is the text's length.
    internal static let leaveEscaped:
        @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, UnsafeMutablePointer<CChar>?) -> Int = {
            unsafe ($2).map { UnsafeRawPointer($0).terminatedLength } ?? 0
        }
}

// MARK: - From C to Swift

extension HTTPServer {
    private static func changeDriver(
        _ place: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
        context: UnsafeMutableRawPointer?,
        connection: OpaquePointer?,
        hasBegun: Bool
    ) {
        guard let place = unsafe place, let context = unsafe context, let connection = unsafe connection else { return }
        if hasBegun {
            let driver = unsafe ConnectionDriver(
                ConnectionReference(connection),
                context: Unmanaged<ServerContext>.fromOpaque(context).takeUnretainedValue()
            )
            unsafe place.pointee = Unmanaged.passRetained(driver).toOpaque()
        } else if let driver = unsafe place.pointee {
            unsafe place.pointee = nil
            unsafe Unmanaged<ConnectionDriver>.fromOpaque(driver).release()
        }
    }

    private static func beginExchange(
        target: UnsafePointer<CChar>?,
        connection: OpaquePointer?
    ) -> UnsafeMutableRawPointer? {
        guard let connection = unsafe connection, let driver = unsafe engageql_mhd_socket_context(connection) else {
            return nil
        }
        let length = unsafe target.map { unsafe UnsafeRawPointer($0).terminatedLength } ?? 0
        let parsed = unsafe RequestTarget(UnsafeRawBufferPointer(start: target, count: length))
        unsafe Unmanaged<ConnectionDriver>.fromOpaque(driver).takeUnretainedValue().begin(parsed)
        return unsafe driver
    }

    private static func advanceExchange(
        _ driver: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
        method: UnsafePointer<CChar>?,
        version: UnsafePointer<CChar>?,
        bytes: UnsafePointer<CChar>?,
        count: UnsafeMutablePointer<Int>?
    ) -> MHD_Result {
        guard let driver = unsafe driver?.pointee, let method = unsafe method, let version = unsafe version,
            let count = unsafe count
        else { return .NO }
        let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : count.pointee)
        // Every piece is taken whole.
        unsafe count.pointee = 0
        return unsafe Unmanaged<ConnectionDriver>.fromOpaque(driver).takeUnretainedValue()
            .advance(RequestLine(method: method, version: version), bytes: piece)
    }

    private static func endExchange(
        _ driver: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
        reason: MHD_RequestTerminationCode
    ) {
        guard let driver = unsafe driver?.pointee else { return }
        unsafe Unmanaged<ConnectionDriver>.fromOpaque(driver).takeUnretainedValue().end()
    }

    private static func takeOverConnection(
        _ driver: UnsafeMutableRawPointer?,
        early: UnsafeRawBufferPointer,
        socket: Int32,
        handle: OpaquePointer?
    ) {
        guard let handle = unsafe handle else { return }
        let taken = unsafe UpgradeHandle(handle, socket: socket)
        guard let driver = unsafe driver else { return taken.end() }
        unsafe Unmanaged<ConnectionDriver>.fromOpaque(driver).takeUnretainedValue()
            .takeOver(taken, early: [UInt8](early))
    }

    private static func visit(
        _ visitor: UnsafeMutableRawPointer?,
        name: UnsafeRawBufferPointer,
        value: UnsafeRawBufferPointer
    ) -> MHD_Result {
        guard let visitor = unsafe visitor else { return .NO }
        unsafe visitor.assumingMemoryBound(to: HeaderVisitor.self).pointee.visit(name, value)
        return .YES
    }

    private static func readFromPump(
        _ pump: UnsafeMutableRawPointer?,
        into room: UnsafeMutableRawBufferPointer
    ) -> Int {
        guard let pump = unsafe pump else { return engageql_mhd_end_with_error }
        return unsafe Unmanaged<StreamPump>.fromOpaque(pump).takeUnretainedValue().read(into: room)
    }
}

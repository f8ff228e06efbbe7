import CMicroHTTPD
import Glibc

/// libmicrohttpd with nothing on top: one worker, a handler that passes over the request's body and answers with a response
/// that was made once. What any server on libmicrohttpd costs at least.
@safe
final class BareServer {
    let port: UInt16

    private let daemon: OpaquePointer
    private let answer: OpaquePointer

    /// Starts to answer every request with `body`.
    init(body: [UInt8], contentType: String) throws {
        let made = unsafe body.withUnsafeBytes { bytes in
            unsafe MHD_create_response_from_buffer(
                bytes.count,
                UnsafeMutableRawPointer(mutating: bytes.baseAddress),
                .RESPMEM_MUST_COPY
            )
        }
        guard let answer = unsafe made else {
            throw BenchmarkError("libmicrohttpd has no memory for the constant body")
        }
        unsafe self.answer = unsafe answer
        _ = unsafe MHD_add_response_header(answer, "Content-Type", contentType)

        let (socket, port) = try LoopbackSocket.listen()
        self.port = port
        var settings = unsafe engageql_mhd_settings()
        unsafe settings.listen_socket = socket
        unsafe settings.workers = 1
        unsafe settings.connection_limit = 4096
        unsafe settings.connection_timeout_seconds = 30
        unsafe settings.connection_memory_bytes = 24 * 1024
        unsafe settings.context = UnsafeMutableRawPointer(answer)
        unsafe settings.access_handler = BareServer.handler
        unsafe settings.unescape = BareServer.unescape
        guard let daemon = unsafe engageql_mhd_start(&settings) else {
            _ = close(socket)
            throw BenchmarkError("libmicrohttpd could not start")
        }
        unsafe self.daemon = unsafe daemon
    }

    deinit {
        unsafe MHD_stop_daemon(daemon)
        unsafe MHD_destroy_response(answer)
    }

    /// The first call for a request brings its header, the last one no more of its body: only there may an answer be queued
    /// without losing the connection. The request's context tells the first call from the others.
    private static let handler:
        @convention(c) (
            UnsafeMutableRawPointer?, OpaquePointer?, UnsafePointer<CChar>?, UnsafePointer<CChar>?,
            UnsafePointer<CChar>?, UnsafePointer<CChar>?, UnsafeMutablePointer<Int>?,
            UnsafeMutablePointer<UnsafeMutableRawPointer?>?
        ) -> MHD_Result = { context, connection, _, _, _, _, count, request in
            guard let context = unsafe context, let count = unsafe count, let request = unsafe request else {
                return .NO
            }
            if unsafe request.pointee == nil {
                unsafe request.pointee = context
                return .YES
            }
            if unsafe count.pointee > 0 {
                unsafe count.pointee = 0
                return .YES
            }
            return unsafe MHD_queue_response(connection, 200, OpaquePointer(context))
        }

    private static let unescape:
        @convention(c) (UnsafeMutableRawPointer?, OpaquePointer?, UnsafeMutablePointer<CChar>?) -> Int = { _, _, text in
            unsafe text.map { unsafe strlen($0) } ?? 0
        }
}

internal import CMicroHTTPD
internal import Glibc
internal import Synchronization

/// An HTTP/1.1 server: libmicrohttpd made safe. Requests in, responses out.
///
/// It listens from the moment it is made until it is stopped or released.
///
/// A handler must neither stop the server nor hold its last reference: both wait for the very thread the handler is on.
@safe
public final class HTTPServer: Sendable {
    /// The port the server listens on.
    public let port: UInt16

    private let context: ServerContext
    private let daemon: Mutex<Daemon>

    /// Binds the port and starts the workers. From then on the whole process ignores `SIGPIPE`: a client that has left
    /// is an error of one write and not the end of the server.
    ///
    /// - Throws: ``HTTPServerError`` if it cannot listen there.
    public init(_ configuration: HTTPServerConfiguration, handler: any HTTPHandler) throws(HTTPServerError) {
        _ = signal(SIGPIPE, SIG_IGN)
        let socket = try ListeningSocket(host: configuration.host, port: configuration.port)
        port = socket.port
        context = ServerContext(
            handler: handler,
            limits: Exchange.Limits(
                maximumHeaderBytes: max(1, configuration.maximumHeaderBytes),
                maximumBodyBytes: max(0, configuration.maximumBodyBytes)
            )
        )
        daemon = Mutex(try Daemon(configuration, on: socket, context: context))
    }

    deinit {
        stop()
    }

    /// How many requests have begun and are not yet fully answered: from the request line to the last byte of the
    /// response, or to the end of a connection that was upgraded. One whose client leaves in the middle of the header counts until the idle timeout.
    public var requestsInFlight: Int { context.requestsInFlight.load(ordering: .relaxed) }

    /// Stops in good order: takes no new connections, lets requests in flight finish for at most `seconds`, and then
    /// stops as ``stop()`` does. Connections that stay open meanwhile are told with each response that it was their
    /// last.
    public func drain(within seconds: Double) async {
        context.isDraining.store(true, ordering: .relaxed)
        daemon.withLock { $0.stopListening() }
        let deadline = ContinuousClock.now.advanced(by: .seconds(seconds))
        while requestsInFlight > 0, ContinuousClock.now < deadline {
            // A cancelled task does not wait any longer.
            guard (try? await Task.sleep(for: .milliseconds(5))) != nil else { break }
        }
        stop()
    }

    /// Stops at once: requests that wait for later work are answered 503 if they can be, their work is cancelled, and
    /// every connection is closed, upgraded ones too. Returns when no handler runs any more; a second call does nothing.
    public func stop() {
        context.isDraining.store(true, ordering: .relaxed)
        context.suspensions.settleAll()
        context.upgrades.closeAll()
        daemon.withLock { $0.stop() }
    }
}

/// The daemon of libmicrohttpd and its listening socket.
///
/// - Note: `@unchecked Sendable` holds because libmicrohttpd lets any thread call these functions, one at a time, which
///   the server's lock makes sure of.
@safe
private struct Daemon: ~Copyable, @unchecked Sendable {
    private var pointer: OpaquePointer?

    /// The listening socket, closed together with the daemon.
    private let listener: Int32

    /// What keeps the socket quiet after ``stopListening()``.
    private var quiet: QuietListener?

    /// What the connection's memory holds beside the request's header: references to its fields, and the response's
    /// header. libmicrohttpd clears this memory for each request, so it should not be large.
    private static let memoryBesideHeader = 8 * 1024

    init(
        _ configuration: HTTPServerConfiguration,
        on socket: consuming ListeningSocket,
        context: ServerContext
    ) throws(HTTPServerError) {
        let workers = max(1, min(configuration.workers, 1024))
        let descriptor = socket.release()
        var settings = unsafe engageql_mhd_settings()
        unsafe settings.listen_socket = descriptor
        unsafe settings.workers = UInt32(workers)
        unsafe settings.connection_limit = UInt32(clamping: max(configuration.maximumConnections, workers))
        unsafe settings.connection_limit_per_address = UInt32(clamping: configuration.maximumConnectionsPerAddress)
        unsafe settings.connection_timeout_seconds = UInt32(clamping: max(1, configuration.idleTimeoutSeconds))
        unsafe settings.connection_memory_bytes = context.limits.maximumHeaderBytes + Daemon.memoryBesideHeader
        unsafe settings.context = Unmanaged.passUnretained(context).toOpaque()
        unsafe settings.connection_change = HTTPServer.changeConnection
        unsafe settings.access_handler = HTTPServer.advanceRequest
        unsafe settings.request_line = HTTPServer.beginRequest
        unsafe settings.request_completed = HTTPServer.endRequest
        unsafe settings.unescape = HTTPServer.leaveEscaped
        guard let started = unsafe engageql_mhd_start(&settings) else {
            // libmicrohttpd has closed the socket, unless it failed early, and does not say which: its number may be another thread's
            // by now. At worst a server that does not start leaves one descriptor behind.
            throw HTTPServerError(.failed, "The HTTP server could not start its threads.")
        }
        listener = descriptor
        unsafe pointer = unsafe started
    }

    mutating func stopListening() {
        guard unsafe pointer != nil, quiet == nil else { return }
        quiet = QuietListener(listener)
    }

    mutating func stop() {
        guard let pointer = unsafe pointer else { return }
        unsafe MHD_stop_daemon(pointer)
        unsafe self.pointer = nil
        quiet = nil
    }
}

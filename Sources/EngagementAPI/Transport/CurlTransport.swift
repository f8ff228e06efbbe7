internal import CCurl
internal import Digests
public import Engagement
internal import Glibc
internal import Synchronization

/// HTTP over libcurl's multi interface: one thread drives all transfers and keeps their connections for the next ones.
///
/// TLS is verified, HTTP/2 is used where the server offers it over TLS, redirects and cookies are not followed or kept.
/// A task that is cancelled takes its transfer with it.
public final class CurlTransport: HTTPTransport {
    private let mailbox: CurlMailbox
    private let clock: TimeSource
    private let thread: Mutex<pthread_t?>
    private let lastID = Atomic<UInt64>(0)

    /// A transport with its own thread and connections. Deadlines are read by `clock`.
    public init(_ configuration: Configuration = Configuration(), clock: @escaping TimeSource = UnixTime.now) {
        _ = CurlTransport.library
        mailbox = CurlMailbox()
        self.clock = clock
        thread = Mutex(startThread(CurlThread(mailbox: mailbox, configuration: configuration)))
    }

    deinit {
        shutDown()
    }

    /// Fails what is under way with ``TransportError/Code/shutDown``, closes all connections and waits for the thread's
    /// end. Calling it again does nothing.
    public func shutDown() {
        mailbox.close()
        let joined = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        if let joined { pthread_join(joined, nil) }
    }

    public func send(
        _ request: TransportRequest,
        deadline: UnixTime
    ) async throws(TransportError) -> TransportResponse {
        let (milliseconds, overflow) = deadline.milliseconds.subtractingReportingOverflow(clock().milliseconds)
        guard overflow || milliseconds > 0 else {
            throw TransportError(.timedOut, "the deadline was over before the request")
        }
        let id = lastID.wrappingAdd(1, ordering: .relaxed).newValue
        let limit = overflow ? CurlTransport.longestMilliseconds : min(milliseconds, CurlTransport.longestMilliseconds)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                mailbox.submit(CurlJob(id: id, request: request, milliseconds: limit, continuation: continuation))
                // A cancellation that came before the job did not find it. Its flag was set first, so it is seen here.
                if Task.isCancelled { mailbox.cancel(id) }
            }
        } onCancel: {
            mailbox.cancel(id)
        }
        return try result.get()
    }

    /// libcurl is set up once for the process, before any thread of ours uses it.
    private static let library: Void = {
        Libcrypto.setUp()
        let status = curl_global_init(Int(CURL_GLOBAL_ALL))
        precondition(status == CURLE_OK, "libcurl can be set up")
    }()

    /// A day: no transfer is meant to take longer.
    private static let longestMilliseconds: Int64 = 86_400_000
}

extension CurlTransport {
    /// What may be set of the transport.
    public struct Configuration: Sendable {
        /// The longest wait for a connection, TLS included, in milliseconds.
        public var connectTimeoutMilliseconds: Int
        /// After this many seconds with less than ``lowSpeedBytesPerSecond`` a transfer is given up; 0 for never.
        public var lowSpeedSeconds: Int
        /// The speed that counts as standing still.
        public var lowSpeedBytesPerSecond: Int
        /// The most connections to one host and port. Further requests wait for one to be free.
        public var maximumConnectionsPerHost: Int
        /// Idle connections that are kept.
        public var maximumIdleConnections: Int
        /// The way out.
        public var proxy: Proxy
        /// A file of trusted certificates in PEM instead of the system's, for upstreams with a certificate of their own.
        public var certificateAuthorityFile: String?
        /// The `User-Agent` header.
        public var userAgent: String

        public init(
            connectTimeoutMilliseconds: Int = 5000,
            lowSpeedSeconds: Int = 30,
            lowSpeedBytesPerSecond: Int = 1,
            maximumConnectionsPerHost: Int = 8,
            maximumIdleConnections: Int = 16,
            proxy: Proxy = .environment,
            certificateAuthorityFile: String? = nil,
            userAgent: String = "EngageQL"
        ) {
            self.connectTimeoutMilliseconds = connectTimeoutMilliseconds
            self.lowSpeedSeconds = lowSpeedSeconds
            self.lowSpeedBytesPerSecond = lowSpeedBytesPerSecond
            self.maximumConnectionsPerHost = maximumConnectionsPerHost
            self.maximumIdleConnections = maximumIdleConnections
            self.proxy = proxy
            self.certificateAuthorityFile = certificateAuthorityFile
            self.userAgent = userAgent
        }
    }

    /// Which proxy requests go through.
    public enum Proxy: Sendable {
        /// What `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy` say.
        case environment
        /// None, whatever the environment says.
        case direct
        /// This one. An address may carry a user and a password, so it is a secret.
        case address(Secret)
    }
}

/// What the new thread is given.
private final class CurlThread: Sendable {
    let mailbox: CurlMailbox
    let configuration: CurlTransport.Configuration

    init(mailbox: CurlMailbox, configuration: CurlTransport.Configuration) {
        self.mailbox = mailbox
        self.configuration = configuration
    }
}

/// Starts the driving thread, which owns everything of libcurl's that is not thread-safe: it makes it, uses it, frees it.
private func startThread(_ start: CurlThread) -> pthread_t {
    var thread = pthread_t()
    let context = unsafe Unmanaged.passRetained(start).toOpaque()
    let status = unsafe pthread_create(
        &thread,
        nil,
        { context in
            guard let context = unsafe context else { return nil }
            let start = unsafe Unmanaged<CurlThread>.fromOpaque(context).takeRetainedValue()
            CurlLoop(mailbox: start.mailbox, configuration: start.configuration).run()
            return nil
        },
        context
    )
    precondition(status == 0, "the system has room for a thread")
    return thread
}

internal import Glibc

/// How a server listens and what it accepts. Every limit is there so that no client can take more than its share.
public struct HTTPServerConfiguration: Sendable {
    /// The address to listen on: an IPv4 or IPv6 literal or `localhost`, which means `127.0.0.1`. `::` listens on every
    /// address of both families.
    public var host: String

    /// The port to listen on; 0 lets the system pick a free one, which ``HTTPServer/port`` then tells.
    public var port: UInt16

    /// How many threads serve connections, each with its own epoll set. A handler runs on one of them, so more than the
    /// cores helps only handlers that block.
    public var workers: Int

    /// How many connections are open at a time, suspended ones included. Further clients wait in the listen queue. The
    /// limit is divided among the workers.
    public var maximumConnections: Int

    /// How many connections one client address may have open, or 0 for no limit of its own. Further ones are closed at
    /// once.
    public var maximumConnectionsPerAddress: Int

    /// How many bytes the request line and the header fields may have together. Beyond it the answer is 431, or 414 if
    /// the request target alone is longer.
    public var maximumHeaderBytes: Int

    /// How many bytes a request's body may have. Beyond it the answer is 413, and no more than this is ever held in
    /// memory.
    public var maximumBodyBytes: Int

    /// After how many seconds without a byte in either direction a connection is closed: idle keep-alive connections,
    /// and clients that stop in the middle of sending or receiving. A suspended connection does not time out.
    public var idleTimeoutSeconds: Int

    /// A configuration that listens on loopback only, with a worker for each core.
    public init(
        host: String = "127.0.0.1",
        port: UInt16 = 0,
        workers: Int = HTTPServerConfiguration.processorCount,
        maximumConnections: Int = 4096,
        maximumConnectionsPerAddress: Int = 0,
        maximumHeaderBytes: Int = 16 * 1024,
        maximumBodyBytes: Int = 1024 * 1024,
        idleTimeoutSeconds: Int = 30
    ) {
        self.host = host
        self.port = port
        self.workers = workers
        self.maximumConnections = maximumConnections
        self.maximumConnectionsPerAddress = maximumConnectionsPerAddress
        self.maximumHeaderBytes = maximumHeaderBytes
        self.maximumBodyBytes = maximumBodyBytes
        self.idleTimeoutSeconds = idleTimeoutSeconds
    }

    /// How many processor cores this process may use, at least 1.
    public static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}

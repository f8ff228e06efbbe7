internal import Glibc

/// A bound TCP socket that listens, closed with this object unless it is given away.
///
/// It is made here and not by libmicrohttpd, which would not say what went wrong.
internal struct ListeningSocket: ~Copyable {
    private let descriptor: Int32

    /// The port it is bound to.
    let port: UInt16

    /// Listens on `host`, a numeric address or `localhost`, and `port`, where 0 is any free one.
    init(host: String, port: UInt16) throws(HTTPServerError) {
        var bound = try ListeningSocket.parse(host: host, port: port)
        let family = bound.storage.ss_family
        let descriptor = socket(
            Int32(family),
            Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue),
            0
        )
        guard descriptor >= 0 else {
            throw HTTPServerError(.failed, "No socket could be opened: \(ListeningSocket.text(errno)).")
        }
        do {
            try ListeningSocket.listen(descriptor, at: bound, host: host, port: port)
            self.port = try ListeningSocket.port(of: descriptor, &bound)
        } catch {
            _ = close(descriptor)
            throw error
        }
        self.descriptor = descriptor
    }

    deinit {
        _ = close(descriptor)
    }

    /// Gives the descriptor to somebody who will close it.
    consuming func release() -> Int32 {
        let descriptor = self.descriptor
        discard self
        return descriptor
    }

    // MARK: - Steps

    private struct Address {
        var storage = sockaddr_storage()
        var length: socklen_t = 0
    }

    private static func parse(host: String, port: UInt16) throws(HTTPServerError) -> Address {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let literal = host == "localhost" ? "127.0.0.1" : host
        let code = unsafe getaddrinfo(literal, String(port), &hints, &list)
        defer { if let list = unsafe list { unsafe freeaddrinfo(list) } }
        guard code == 0, let first = unsafe list?.pointee, let address = unsafe first.ai_addr,
            Int(unsafe first.ai_addrlen) <= MemoryLayout<sockaddr_storage>.size
        else {
            throw HTTPServerError(.badAddress(host: host), "\"\(host)\" is neither an IP address nor localhost.")
        }
        var parsed = Address()
        parsed.length = unsafe first.ai_addrlen
        unsafe withUnsafeMutableBytes(of: &parsed.storage) { storage in
            unsafe storage.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(first.ai_addrlen)))
        }
        return parsed
    }

    private static func listen(
        _ descriptor: Int32,
        at address: Address,
        host: String,
        port: UInt16
    ) throws(HTTPServerError) {
        // A port whose last connections are still in TIME_WAIT can be taken again; one that somebody listens on cannot.
        set(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
        if Int32(address.storage.ss_family) == AF_INET6 { set(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 0) }
        let bound = unsafe withUnsafePointer(to: address.storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, address.length)
            }
        }
        guard bound == 0, Glibc.listen(descriptor, SOMAXCONN) == 0 else { throw error(errno, host: host, port: port) }
    }

    private static func port(of descriptor: Int32, _ address: inout Address) throws(HTTPServerError) -> UInt16 {
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let code = unsafe withUnsafeMutablePointer(to: &address.storage) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe getsockname(descriptor, $0, &length)
            }
        }
        guard code == 0 else { throw HTTPServerError(.failed, "The bound port is unknown: \(text(errno)).") }
        // The port stands at the same place in the addresses of both families, in network order.
        return unsafe withUnsafeBytes(of: address.storage) { bytes in
            UInt16(bigEndian: unsafe bytes.loadUnaligned(fromByteOffset: 2, as: UInt16.self))
        }
    }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32) {
        var value = value
        _ = unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }

    // MARK: - Errors

    private static func error(_ code: Int32, host: String, port: UInt16) -> HTTPServerError {
        switch code {
        case EADDRINUSE:
            HTTPServerError(.addressInUse(port: port), "Port \(port) is already in use on \(host).")
        case EACCES, EPERM:
            HTTPServerError(.permissionDenied, "Listening on port \(port) of \(host) is not permitted.")
        case EADDRNOTAVAIL:
            HTTPServerError(.badAddress(host: host), "\(host) is not an address of this machine.")
        default:
            HTTPServerError(.failed, "Listening on port \(port) of \(host) failed: \(text(code)).")
        }
    }

    private static func text(_ code: Int32) -> String {
        unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
    }
}

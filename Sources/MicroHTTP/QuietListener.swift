internal import Glibc

/// Makes a listening socket refuse connections while libmicrohttpd's threads go on watching it, until this is released.
///
/// `MHD_quiesce_daemon` is there for that, but not safe with epoll: it takes the socket out of each worker's set while the worker
/// does the same, and whoever is second finds nothing to take out and aborts the process ("Failed to remove listen FD from epoll
/// set", 0.9.75; under traffic about once in a thousand times). So the socket stays in the sets, and nothing is ever reported of
/// it:
///
/// - Shut down, it refuses connections, and another server can listen on its port. But epoll reports a socket that hangs about
///   like this again and again, and the workers would do nothing but look at it.
/// - Connected, it is reported when something arrives. The other end is here, and sends nothing.
///
/// An accept policy that refuses all would do too, but accept first: clients and load balancers that are refused know that
/// nothing has been done, and ask another server.
internal struct QuietListener: ~Copyable {
    /// Listens for the one connection, which is never accepted: it stays open as long as this does.
    private let peer: Int32

    /// - Parameter listener: A listening TCP socket that does not block, to be closed before this is released.
    /// - Returns: Nil if the system has no room for a socket. Then nothing has changed.
    init?(_ listener: Int32) {
        var address = sockaddr_storage()
        guard QuietListener.name(listener, &address),
            let peer = QuietListener.listen(beside: address)
        else { return nil }
        guard QuietListener.name(peer, &address) else {
            _ = close(peer)
            return nil
        }
        _ = shutdown(listener, Int32(SHUT_RDWR))
        // It does not matter when the connection is made: one that is under way is quiet as well.
        _ = unsafe QuietListener.withAddress(&address) { unsafe connect(listener, $0, QuietListener.length) }
        self.peer = peer
    }

    deinit {
        _ = close(peer)
    }

    // MARK: - Steps

    private static let length = socklen_t(MemoryLayout<sockaddr_storage>.size)

    /// Listens at the same address, since one can always be reached from itself, on a free port.
    private static func listen(beside address: sockaddr_storage) -> Int32? {
        let family = Int32(address.ss_family)
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        var address = address
        // The port stands at the same place in the addresses of both families.
        unsafe withUnsafeMutableBytes(of: &address) { unsafe $0.storeBytes(of: 0, toByteOffset: 2, as: UInt16.self) }
        let bound = unsafe withAddress(&address) { unsafe bind(descriptor, $0, length) }
        guard bound == 0, Glibc.listen(descriptor, 1) == 0 else {
            _ = close(descriptor)
            return nil
        }
        return descriptor
    }

    private static func name(_ descriptor: Int32, _ address: inout sockaddr_storage) -> Bool {
        var size = length
        return unsafe withAddress(&address) { unsafe getsockname(descriptor, $0, &size) } == 0
    }

    private static func withAddress(
        _ address: inout sockaddr_storage,
        _ body: (UnsafeMutablePointer<sockaddr>) -> Int32
    ) -> Int32 {
        unsafe withUnsafeMutablePointer(to: &address) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0) }
        }
    }
}

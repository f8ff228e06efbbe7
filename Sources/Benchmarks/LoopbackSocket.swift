// `SOCK_STREAM` is seen through whichever C module included it first, here that of libmicrohttpd.
import CMicroHTTPD
import Glibc

/// TCP sockets of this machine. Who gets one closes it.
enum LoopbackSocket {
    /// A blocking socket that is connected to `port`.
    static func connect(to port: UInt16) throws -> Int32 {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = address(port: port)
        let code = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe Glibc.connect(descriptor, address, length)
            }
        }
        guard code == 0 else { throw failure(descriptor, "port \(port) cannot be connected to") }
        var yes: Int32 = 1
        _ = unsafe setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
        return descriptor
    }

    /// A non-blocking socket that listens on a free port, and that port.
    static func listen() throws -> (descriptor: Int32, port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var address = address(port: 0)
        var size = length
        let isListening = unsafe withUnsafeMutablePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe bind(descriptor, address, length) == 0 && Glibc.listen(descriptor, 512) == 0
                    && getsockname(descriptor, address, &size) == 0
            }
        }
        guard isListening else { throw failure(descriptor, "no port can be listened on") }
        return (descriptor, UInt16(bigEndian: address.sin_port))
    }

    private static let length = socklen_t(MemoryLayout<sockaddr_in>.size)

    private static func address(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func failure(_ descriptor: Int32, _ reason: String) -> BenchmarkError {
        let text = unsafe String(cString: strerror(errno))
        _ = close(descriptor)
        return BenchmarkError("\(reason): \(text)")
    }
}

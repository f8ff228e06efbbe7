import Foundation
import Glibc
import Synchronization
import TestSupport

/// A server of bare sockets on the loopback: it can do what no honest server does.
///
/// It listens until the process ends: a test may have let go of it while its client is still connecting.
final class RawServer: Sendable {
    let port: Int
    private let socket: Int32
    private let accepted = Atomic<Int>(0)

    /// How many connections have been made.
    var connections: Int { accepted.load(ordering: .relaxed) }

    var url: String { "http://127.0.0.1:\(port)" }

    /// Calls `serve` with each connection, on a thread of its own, and closes the connection afterwards.
    init(_ serve: @escaping @Sendable (RawConnection) -> Void) {
        (socket, port) = RawServer.listen()
        let listener = socket
        startThread {
            while true {
                let peer = accept(listener, nil, nil)
                guard peer >= 0 else {
                    if errno == EBADF || errno == EINVAL { return }
                    // A connection that has gone already, or too many open files: clients that come later are not left waiting.
                    usleep(10_000)
                    continue
                }
                self.accepted.add(1, ordering: .relaxed)
                startThread {
                    let connection = RawConnection(peer)
                    serve(connection)
                    connection.end()
                }
            }
        }
    }

    /// A port that nobody listens on.
    static func closedPort() -> Int {
        let (socket, port) = listen()
        close(socket)
        return port
    }

    private static func listen() -> (Int32, Int) {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                let bound = unsafe bind(socket, pointer, length)
                precondition(bound == 0 && Glibc.listen(socket, 128) == 0, "the loopback can be listened on")
                unsafe getsockname(socket, pointer, &length)
            }
        }
        return (socket, Int(UInt16(bigEndian: address.sin_port)))
    }
}

/// One connection of a ``RawServer``.
final class RawConnection: Sendable {
    private let socket: Int32

    init(_ socket: Int32) {
        self.socket = socket
    }

    /// The head and body of the next request, or nil if the peer has gone.
    func readRequest() -> String? {
        var received: [UInt8] = []
        while true {
            let text = String(decoding: received, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                let head = text[..<end.lowerBound].lowercased()
                let length = head.range(of: "content-length: ").map { head[$0.upperBound...].prefix { $0.isNumber } }
                if text[end.upperBound...].utf8.count >= length.flatMap({ Int($0) }) ?? 0 { return text }
            }
            guard let bytes = read() else { return nil }
            received += bytes
        }
    }

    /// Sends bytes; false if the peer has gone.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes[sent...].withUnsafeBytes { bytes in
                unsafe send(socket, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    @discardableResult
    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    /// Waits until the peer closes.
    func waitForPeer() {
        while read() != nil {}
    }

    /// Breaks the connection with a reset when it is closed.
    func resetOnClose() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(socket, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    }

    fileprivate func end() {
        close(socket)
    }

    fileprivate func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(socket, $0.baseAddress, $0.count, 0) }
        return count > 0 ? Array(buffer[..<count]) : nil
    }
}

/// The bytes of a response with its length.
func response(_ status: String, headers: [String] = [], body: [UInt8]) -> [UInt8] {
    let lines = ["HTTP/1.1 \(status)", "Content-Length: \(body.count)"] + headers
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body
}

extension RawConnection {
    /// Reads a head and a body of known length without keeping it, and says how long the body was.
    func readHead(bodyBytes: Int) -> Int {
        var head: [UInt8] = []
        var body = 0
        var isHead = true
        while isHead || body < bodyBytes {
            guard let bytes = read() else { break }
            guard isHead else {
                body += bytes.count
                continue
            }
            head += bytes
            if let end = String(decoding: head, as: UTF8.self).range(of: "\r\n\r\n") {
                isHead = false
                let text = String(decoding: head, as: UTF8.self)
                body = text[end.upperBound...].utf8.count
            }
        }
        return body
    }
}

/// Between two drips.
func pause() {
    usleep(10_000)
}

internal import Foundation
internal import Glibc

/// A client that sends bytes as they are and reads responses, blocking, with a deadline on each write and each read.
@safe
public final class RawClient {
    private let descriptor: Int32
    private var unread: [UInt8] = []
    private var hasTimedOut = false
    /// Whether the server has reset the connection, as far as was read.
    public private(set) var isReset = false

    public struct Failure: Error {
        public let reason: String
    }

    /// A response as it came over the wire.
    public struct Response: Sendable {
        public var status: Int
        public var headers: [(name: String, value: String)]
        public var body: [UInt8]
        /// Whether the body came to the end that its framing promised.
        public var isComplete = true

        public var text: String { String(decoding: body, as: UTF8.self) }

        public func header(_ name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    public init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var timeout = timeval(tv_sec: 300, tv_usec: 0)
        for direction in [SO_RCVTIMEO, SO_SNDTIMEO] {
            _ = unsafe setsockopt(
                descriptor,
                SOL_SOCKET,
                direction,
                &timeout,
                socklen_t(MemoryLayout<timeval>.size)
            )
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // The deinitialiser closes the socket, also of a client that throws here.
        guard code == 0 else { throw Failure(reason: "cannot connect") }
    }

    deinit {
        _ = close(descriptor)
    }

    /// Sends all of it. A server that does not read any more is no failure here: reading tells.
    public func send(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let sent = unsafe rest.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if sent < 0, errno == EINTR { continue }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
        }
    }

    public func send(_ text: String) {
        send(Array(text.utf8))
    }

    /// Makes the coming close a reset, as a client that crashes does.
    public func resetOnClose() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout<linger>.size))
    }

    /// Sends a request and reads its response.
    public func request(_ text: String, head: Bool = false) throws -> Response {
        send(text)
        return try readResponse(head: head)
    }

    /// Whether the server closes the connection, by an end or a reset, without another byte.
    public func isClosed() -> Bool {
        unread.isEmpty && receive() == 0 && !hasTimedOut
    }

    // MARK: - Reading

    /// Reads one response; `head` says that it answers a HEAD request.
    public func readResponse(head: Bool = false) throws -> Response {
        let lines = try readHead().split(separator: "\r\n", omittingEmptySubsequences: false)
        guard let line = lines.first, line.hasPrefix("HTTP/1.1 "), let status = Int(line.dropFirst(9).prefix(3)) else {
            throw Failure(reason: "no status line: \(lines)")
        }
        let headers = lines.dropFirst().map { line -> (name: String, value: String) in
            let parts = line.split(separator: ":", maxSplits: 1)
            return (String(parts[0]), parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
        }
        var response = Response(status: status, headers: headers, body: [])
        if head || status == 204 || status == 304 || status < 200 { return response }
        if response.header("Transfer-Encoding")?.lowercased() == "chunked" {
            try readChunks(into: &response)
        } else if let length = response.header("Content-Length").flatMap({ Int($0) }) {
            response.isComplete = take(length, into: &response.body)
        }
        return response
    }

    /// Reads the header of a response whose chunks are read one at a time.
    public func readStreamHead() throws -> String { try readHead() }

    /// The next chunk; nil at the end of the stream, or if the connection ends before.
    public func readChunk() throws -> String? {
        while true {
            if let end = unread.firstRange(of: [13, 10]) {
                guard let size = Int(String(decoding: unread[..<end.lowerBound], as: UTF8.self), radix: 16) else {
                    throw Failure(reason: "no chunk size")
                }
                unread.removeSubrange(..<end.upperBound)
                var chunk: [UInt8] = []
                var lineEnd: [UInt8] = []
                guard take(size, into: &chunk), take(2, into: &lineEnd), size > 0 else { return nil }
                return String(decoding: chunk, as: UTF8.self)
            }
            guard receive() > 0 else { return nil }
        }
    }

    /// So many bytes as they come; nil if the connection ends before.
    public func readBytes(_ count: Int) -> [UInt8]? {
        var bytes: [UInt8] = []
        return take(count, into: &bytes) ? bytes : nil
    }

    private func readHead() throws -> String {
        while true {
            if let end = unread.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: unread[..<end.lowerBound], as: UTF8.self)
                unread.removeSubrange(..<end.upperBound)
                return head
            }
            guard receive() > 0 else {
                let end = hasTimedOut ? "nothing came for 300 s" : "closed"
                throw Failure(reason: "\(end) before the end of a header: \(String(decoding: unread, as: UTF8.self))")
            }
        }
    }

    private func readChunks(into response: inout Response) throws {
        while true {
            while unread.firstRange(of: [13, 10]) == nil {
                guard receive() > 0 else {
                    response.isComplete = false
                    return
                }
            }
            guard let end = unread.firstRange(of: [13, 10]),
                let size = Int(String(decoding: unread[..<end.lowerBound], as: UTF8.self), radix: 16)
            else { throw Failure(reason: "no chunk size") }
            unread.removeSubrange(..<end.upperBound)
            var lineEnd: [UInt8] = []
            guard take(size, into: &response.body), take(2, into: &lineEnd) else {
                response.isComplete = false
                return
            }
            if size == 0 { return }
        }
    }

    private func take(_ count: Int, into body: inout [UInt8]) -> Bool {
        var missing = count
        while true {
            let available = min(missing, unread.count)
            body += unread[..<available]
            unread.removeSubrange(..<available)
            missing -= available
            if missing == 0 { return true }
            guard receive() > 0 else { return false }
        }
    }

    private func receive() -> Int {
        var buffer = [UInt8](repeating: 0, count: 65536)
        var count = -1
        repeat {
            count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
        } while count < 0 && errno == EINTR
        if count > 0 { unread += buffer[..<count] }
        if count < 0, errno == EAGAIN { hasTimedOut = true }
        if count < 0, errno == ECONNRESET { isReset = true }
        return max(count, 0)
    }
}

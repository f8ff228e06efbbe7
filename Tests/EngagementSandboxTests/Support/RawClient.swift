import Foundation
import Glibc
import TestSupport

/// One request over a socket, answered by whatever bytes come until the server closes. It hides nothing that a fault does.
@safe
struct RawClient {
    struct Response {
        let status: Int
        let head: String
        let body: [UInt8]
        /// Whether the connection was reset after it, not closed.
        let isReset: Bool

        /// The value of a header field.
        func header(_ name: String) -> String? {
            head.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name.lowercased() + ":") }
                .map { $0.dropFirst(name.count + 1).trimmingPrefix(while: { $0 == " " }) }.map(String.init)
        }

        /// Whether there are as many bytes as promised.
        var isComplete: Bool { header("Content-Length").flatMap { Int($0) } == body.count }
    }

    struct Failure: Error, Equatable {
        var isReset = false
    }

    /// Sends a request and waits for the end of the connection.
    ///
    /// It waits on a thread of its own: one of the concurrency pool's would be missed by the server's delayed replies.
    static func send(
        _ method: String,
        _ path: String,
        port: UInt16,
        headers: [(String, String)] = [],
        body: String = ""
    ) async throws -> Response {
        try await withCheckedThrowingContinuation { continuation in
            startThread {
                continuation.resume(with: Result { try exchange(method, path, port, headers, body) })
            }
        }
    }

    private static func exchange(
        _ method: String,
        _ path: String,
        _ port: UInt16,
        _ headers: [(String, String)],
        _ body: String
    ) throws -> Response {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { _ = close(descriptor) }
        var timeout = timeval(tv_sec: 120, tv_usec: 0)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let code = unsafe withUnsafePointer(to: &address) { address in
            unsafe address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw Failure() }
        let fields = headers.map { "\($0.0): \($0.1)\r\n" }.joined()
        let text =
            "\(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1:\(port)\r\nConnection: close\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\(fields)\r\n\(body)"
        var unsent = Array(text.utf8)[...]
        while !unsent.isEmpty {
            let count = unsafe unsent.withUnsafeBytes {
                unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            unsent = unsent.dropFirst(count)
        }
        var received: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        var isReset = false
        while true {
            let count = unsafe recv(descriptor, &piece, piece.count, 0)
            isReset = count < 0 && errno == ECONNRESET
            guard count > 0 else { break }
            received += piece[..<count]
        }
        return try parse(received, isReset)
    }

    private static func parse(_ bytes: [UInt8], _ isReset: Bool) throws -> Response {
        let separator = Array("\r\n\r\n".utf8)
        guard let end = bytes.firstRange(of: separator) else { throw Failure(isReset: isReset) }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        let words = head.split(separator: " ")
        guard words.count > 1, let status = Int(words[1]) else { throw Failure() }
        return Response(status: status, head: head, body: Array(bytes[end.upperBound...]), isReset: isReset)
    }
}

import Glibc

/// One keep-alive connection of a client, with no more understanding of HTTP than finding a response's end.
@safe
final class ClientConnection {
    private let descriptor: Int32
    private let buffer: UnsafeMutableRawBufferPointer

    /// The longest response, header included.
    private static let capacity = 1 << 20

    /// How long to wait before looking again for a response that has not come.
    ///
    /// A thread that sleeps in `recv` is woken by whoever sends, and on one machine that is the server: it would pay for the
    /// client's waiting, the more the slower it is. A client that looks again by itself costs the server nothing.
    private static let pauseMicroseconds: UInt32 = 10

    /// Connects to a port of this machine.
    init(port: UInt16) throws {
        descriptor = try LoopbackSocket.connect(to: port)
        unsafe buffer = .allocate(byteCount: ClientConnection.capacity, alignment: 16)
    }

    deinit {
        _ = close(descriptor)
        unsafe buffer.deallocate()
    }

    /// Sends a request.
    func send(_ request: [UInt8]) throws {
        try unsafe request.withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = unsafe Glibc.send(
                    descriptor,
                    bytes.baseAddress.map { unsafe $0 + sent },
                    bytes.count - sent,
                    Int32(MSG_NOSIGNAL)
                )
                guard count > 0 else { throw BenchmarkError("the server closed the connection: error \(errno)") }
                sent += count
            }
        }
    }

    /// Waits for a whole response and calls `check` with its header and content.
    ///
    /// - Throws: ``BenchmarkError`` if the status is not 200 or no length is announced.
    func receive<Result>(
        _ check: (_ head: UnsafeRawBufferPointer, _ body: UnsafeRawBufferPointer) throws -> Result
    ) throws -> Result {
        var filled = 0
        var head = 0
        var end = Int.max
        while filled < end {
            let count = unsafe recv(
                descriptor,
                buffer.baseAddress.map { unsafe $0 + filled },
                buffer.count - filled,
                Int32(MSG_DONTWAIT)
            )
            if count < 0, errno == EAGAIN {
                _ = usleep(ClientConnection.pauseMicroseconds)
                continue
            }
            guard count > 0 else { throw BenchmarkError("the server closed the connection: error \(errno)") }
            filled += count
            guard head == 0 else { continue }
            let received = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<filled])
            guard let length = unsafe ClientConnection.find("\r\n\r\n", in: received) else { continue }
            head = length + 4
            end = try unsafe head + ClientConnection.contentLength(.init(rebasing: received[..<head]))
            guard end <= ClientConnection.capacity else {
                throw BenchmarkError("the response has \(end) bytes: too many")
            }
        }
        guard filled == end else { throw BenchmarkError("the server sent more than one response to one request") }
        return try unsafe check(.init(rebasing: buffer[..<head]), .init(rebasing: buffer[head..<end]))
    }

    /// Sends a request and returns a copy of the content of its response.
    func ask(_ request: [UInt8]) throws -> [UInt8] {
        try send(request)
        return try unsafe receive { _, body in unsafe [UInt8](body) }
    }

    private static func contentLength(_ head: UnsafeRawBufferPointer) throws -> Int {
        let key: StaticString = "Content-Length: "
        guard unsafe head.starts(with: "HTTP/1.1 200".utf8), let place = unsafe find(key, in: head) else {
            let text = unsafe String(decoding: head, as: UTF8.self)
            throw BenchmarkError("the response is none with status 200 and a length:\n\(text)")
        }
        var length = 0
        for index in place + key.utf8CodeUnitCount..<head.count {
            let byte = unsafe head[index]
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { break }
            length = length * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return length
    }

    private static func find(_ text: StaticString, in bytes: UnsafeRawBufferPointer) -> Int? {
        let length = text.utf8CodeUnitCount
        guard let start = bytes.baseAddress, bytes.count >= length else { return nil }
        return (0...bytes.count - length).first { place in unsafe memcmp(start + place, text.utf8Start, length) == 0 }
    }
}

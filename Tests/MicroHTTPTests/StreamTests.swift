import Bytes
import MicroHTTP
import TestSupport
import Testing

/// Bodies that are made while they are sent.
@Suite struct StreamTests {
    private static func serving(_ body: @escaping @Sendable () -> HTTPBodyStream) -> ClosureHandler {
        ClosureHandler { request in
            if request.path == "/plain" { return .now(.text(200, "plain")) }
            return .now(HTTPResponse(status: 200, body: .stream(body())))
        }
    }

    private static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test func `parts of an unknown length come as chunks, empty ones not at all`() async throws {
        let handler = StreamTests.serving {
            stream([
                .bytes(ByteString("a")), .bytes(ByteString("")), .bytes(ByteString("bc")),
                .bytes(ByteString(String(repeating: "d", count: 1_000_000))), .end,
            ])
        }
        try await withServer(HTTPServerConfiguration(workers: 1), handler) { server in
            let client = try RawClient(port: server.port)
            for _ in 0..<3 {
                let response = try client.request(StreamTests.get)
                #expect(response.isComplete)
                #expect(response.header("Transfer-Encoding") == "chunked")
                #expect(response.text == "abc" + String(repeating: "d", count: 1_000_000))
            }
        }
    }

    @Test func `an empty stream is an empty body`() async throws {
        try await withServer(HTTPServerConfiguration(workers: 1), StreamTests.serving { stream([]) }) { server in
            let client = try RawClient(port: server.port)
            for _ in 0..<2 { #expect(try client.request(StreamTests.get).body.isEmpty) }
        }
    }

    @Test func `a stream of a declared length is sent with it, and no longer`() async throws {
        let handler = StreamTests.serving {
            stream([.bytes(ByteString("hello")), .bytes(ByteString(" world and more"))], length: 11)
        }
        try await withServer(HTTPServerConfiguration(workers: 1), handler) { server in
            let client = try RawClient(port: server.port)
            for _ in 0..<2 {
                let response = try client.request(StreamTests.get)
                #expect(response.header("Content-Length") == "11")
                #expect(response.text == "hello world")
            }
        }
    }

    @Test(arguments: [nil, 100])
    func `a stream that breaks off leaves an incomplete body`(length: Int?) async throws {
        let handler = StreamTests.serving { stream([.bytes(ByteString("begun")), .abort], length: length) }
        try await withServer(HTTPServerConfiguration(workers: 1), handler) { server in
            let client = try RawClient(port: server.port)
            let response = try client.request(StreamTests.get)
            #expect(response.status == 200)
            #expect(response.text == "begun")
            #expect(!response.isComplete)
            #expect(client.isClosed())
            #expect(!client.isReset)
        }
    }

    @Test(arguments: [nil, 100])
    func `a stream can end in a reset, after what it has sent`(length: Int?) async throws {
        let handler = StreamTests.serving { stream([.bytes(ByteString("begun")), .reset], length: length) }
        try await withServer(HTTPServerConfiguration(workers: 1), handler) { server in
            for _ in 0..<20 {
                let client = try RawClient(port: server.port)
                let response = try client.request(StreamTests.get)
                #expect(response.status == 200)
                #expect(response.text == "begun")
                #expect(!response.isComplete)
                #expect(client.isReset)
            }
            #expect(eventually { server.requestsInFlight == 0 })
        }
    }

    @Test func `a stream that is shorter than declared leaves an incomplete body`() async throws {
        let handler = StreamTests.serving { stream([.bytes(ByteString("short")), .end], length: 6) }
        try await withServer(HTTPServerConfiguration(workers: 1), handler) { server in
            let response = try RawClient(port: server.port).request(StreamTests.get)
            #expect(response.text == "short")
            #expect(!response.isComplete)
        }
    }

    @Test func `HEAD asks a stream for nothing`() async throws {
        let asked = Counter()
        let handler = StreamTests.serving {
            HTTPBodyStream {
                asked.increment()
                return .end
            }
        }
        try await withServer(HTTPServerConfiguration(workers: 1), handler) { server in
            let client = try RawClient(port: server.port)
            #expect(try client.request("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", head: true).status == 200)
            // A length that nobody knows cannot be told, and what comes next must not be taken for a body.
            #expect(client.isClosed())
            #expect(asked.value == 0)
        }
    }

    @Test func `a stream without end is let go when its client leaves`() async throws {
        let handler = StreamTests.serving {
            HTTPBodyStream { .bytes(ByteString([UInt8](repeating: 7, count: 10_000))) }
        }
        try await withServer(HTTPServerConfiguration(workers: 2), handler) { server in
            for index in 0..<40 {
                let client = try RawClient(port: server.port)
                client.send(StreamTests.get)
                if index.isMultiple(of: 2) { client.resetOnClose() }
            }
            #expect(eventually { server.requestsInFlight == 0 })
            let response = try RawClient(port: server.port).request("GET /plain HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(response.text == "plain")
        }
    }

    @Test func `a client that does not read stops its producer`() async throws {
        let parts = Counter()
        let handler = StreamTests.serving {
            HTTPBodyStream {
                // 64 MiB are far more than the buffers of two sockets.
                parts.increment() == 1 ? .bytes(ByteString("first")) : .bytes(StreamTests.megabyte)
            }
        }
        try await withServer(HTTPServerConfiguration(workers: 1), handler) { server in
            let client = try RawClient(port: server.port)
            client.send(StreamTests.get)
            #expect(eventually { parts.value > 1 })
            // The worker is free for others: answers on another connection show that it has looked at the first again.
            let other = try RawClient(port: server.port)
            for _ in 0..<500 { #expect(try other.request("GET /plain HTTP/1.1\r\nHost: h\r\n\r\n").text == "plain") }
            #expect(parts.value < 64)
        }
    }

    private static let megabyte = ByteString([UInt8](repeating: 7, count: 1 << 20))

    @Test func `stopping ends a stream that waits for its producer`() async throws {
        let gate = Gate()
        let handler = StreamTests.serving {
            HTTPBodyStream {
                await gate.wait()
                return .end
            }
        }
        let server = try HTTPServer(HTTPServerConfiguration(workers: 1), handler: handler)
        try await onThread {
            let client = try RawClient(port: server.port)
            client.send(StreamTests.get)
            #expect(eventually { gate.waitingCount == 1 })
            server.stop()
            let response = try client.readResponse()
            #expect(!response.isComplete)
            gate.open()
        }
    }
}

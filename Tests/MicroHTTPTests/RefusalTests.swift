import MicroHTTP
import TestSupport
import Testing

/// What the server does not accept, and that it stands afterwards.
@Suite struct RefusalTests {
    private static let small = HTTPServerConfiguration(workers: 1, maximumHeaderBytes: 1000, maximumBodyBytes: 100)

    /// Requests that are refused before their body, each with the status it gets; the connection ends with it.
    static let refused: [(name: String, request: String, status: Int)] = [
        ("a long target", "GET /\(String(repeating: "a", count: 1000)) HTTP/1.1\r\nHost: h\r\n\r\n", 414),
        ("an endless target", "GET /\(String(repeating: "a", count: 100_000)) HTTP/1.1\r\nHost: h\r\n\r\n", 414),
        ("a long field", "GET / HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "a", count: 1000))\r\n\r\n", 431),
        ("an endless field", "GET / HTTP/1.1\r\nHost: h\r\nX: \(String(repeating: "a", count: 100_000))\r\n\r\n", 431),
        ("many fields", "GET / HTTP/1.1\r\nHost: h\r\n\(String(repeating: "X: a\r\n", count: 200))\r\n", 431),
        ("a huge body", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10000000000\r\n\r\n", 413),
        ("a body announced", "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 101\r\n\r\n", 413),
        ("two lengths", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
        (
            "a length and chunks",
            "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400
        ),
        ("an unknown coding", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        ("no host", "GET / HTTP/1.1\r\n\r\n", 400),
        ("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
    ]

    @Test(arguments: RefusalTests.refused.indices)
    func `a request out of bounds is refused with its status`(index: Int) async throws {
        let (name, request, status) = RefusalTests.refused[index]
        try await withServer(RefusalTests.small) { server in
            let client = try RawClient(port: server.port)
            #expect(try client.request(request).status == status, "\(name)")
            #expect(client.isClosed(), "\(name)")
            #expect(eventually { server.requestsInFlight == 0 }, "\(name)")
        }
    }

    /// libmicrohttpd itself refuses these, and says more than it should: only the status and the end are counted on.
    @Test(arguments: [("99999999999999999999", 413), ("-1", 400), ("five", 400), ("1, 2", 400), ("0x10", 400)])
    func `a length that is no number is refused`(length: String, status: Int) async throws {
        try await withServer(RefusalTests.small) { server in
            let client = try RawClient(port: server.port)
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(length)\r\n\r\n")
            #expect(try client.readResponse().status == status)
            #expect(eventually { server.requestsInFlight == 0 })
        }
    }

    @Test func `a body of just the limit is accepted, one byte more is read, refused, and the connection goes on`()
        async throws
    {
        try await withServer(RefusalTests.small) { server in
            let client = try RawClient(port: server.port)
            for (size, status) in [(100, 200), (101, 413), (100_000, 413), (100, 200)] {
                let body = String(repeating: "b", count: size)
                let announced = try client.request(
                    "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(size)\r\n\r\n\(body)"
                )
                #expect(announced.status == status)
                let size = String(size, radix: 16)
                let chunked = try client.request(
                    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n\(size)\r\n\(body)\r\n0\r\n\r\n"
                )
                #expect(chunked.status == status)
            }
        }
    }

    @Test func `chunks without end are cut`() async throws {
        try await withServer(RefusalTests.small) { server in
            let client = try RawClient(port: server.port)
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
            let chunk = "100000\r\n\(String(repeating: "c", count: 0x100000))\r\n"
            for _ in 0..<20 { client.send(chunk) }
            #expect(client.isClosed())
        }
    }

    /// Bytes that are no HTTP, or hardly.
    static let oddities: [String] = [
        "\r\n\r\n", "\n\n\n\n", "GET\r\n\r\n", "GET /\r\n\r\n", " / HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET  HTTP/1.1\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: h\r\n\r\n", "GET / HTTX\r\nHost: h\r\n\r\n", "\u{0}\u{0}\u{0}\u{0}\r\n\r\n",
        "GET /\u{0}x HTTP/1.1\r\nHost: h\r\n\r\n", "GET / HTTP/1.1\r\nNoColon\r\n\r\n", "GET / HTTP/1.1\r\n: v\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\n folded\r\n\r\n", "GET / HTTP/1.1\nHost: h\n\n",
        "GET /a b c HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET /%ZZ%?%=%&&&=%F HTTP/1.1\r\nHost: h\r\n\r\n", "GET /\u{ff}\u{fe} HTTP/1.1\r\nHost: h\r\n\r\n",
        "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", "BREW /pot HTTP/1.1\r\nHost: h\r\n\r\n",
        "CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\n", "get / http/1.1\r\nhost: h\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{fc}\u{3}\u{3}",
        "GET /?\(String(repeating: "a&", count: 5000)) HTTP/1.1\r\nHost: h\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: h\r\nCookie: \(String(repeating: "a=b;", count: 2000))\r\n\r\n",
    ]

    @Test func `odd bytes do the server no harm`() async throws {
        try await withServer(HTTPServerConfiguration(workers: 1, idleTimeoutSeconds: 1)) { server in
            for oddity in RefusalTests.oddities {
                let client = try RawClient(port: server.port)
                client.send(oddity)
                client.send("GET /after HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                _ = try? client.readResponse()
                let healthy = try RawClient(port: server.port)
                #expect(try healthy.request("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status == 200, "\(oddity)")
            }
            #expect(eventually { server.requestsInFlight == 0 })
        }
    }

    @Test func `a truncated request at any byte is forgotten`() async throws {
        try await withServer(HTTPServerConfiguration(workers: 2, idleTimeoutSeconds: 1)) { server in
            let request = Array("POST /p?q HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody".utf8)
            for length in 0..<request.count {
                let client = try RawClient(port: server.port)
                client.send(Array(request[..<length]))
                if length.isMultiple(of: 2) { client.resetOnClose() }
            }
            #expect(eventually { server.requestsInFlight == 0 })
            let response = try RawClient(port: server.port).request("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(response.status == 200)
        }
    }

    @Test func `one address may not have more than its connections`() async throws {
        try await withServer(HTTPServerConfiguration(workers: 1, maximumConnectionsPerAddress: 2)) { server in
            let first = try RawClient(port: server.port)
            let second = try RawClient(port: server.port)
            for client in [first, second] {
                #expect(try client.request("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status == 200)
            }
            let third = try RawClient(port: server.port)
            #expect(third.isClosed())
        }
    }
}

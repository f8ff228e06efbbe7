import Bytes
import MicroHTTP
import TestSupport
import Testing

/// HTTP/1.1 as clients speak it, over real sockets.
@Suite struct ConnectionTests {
    @Test func `one connection carries many requests`() async throws {
        try await withServer { server in
            let client = try RawClient(port: server.port)
            for path in ["/a", "/b", "/c"] {
                let response = try client.request("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(response.status == 200)
                #expect(response.header("X-Path") == path)
                #expect(response.header("Connection") == nil)
                #expect(response.header("Date") != nil)
            }
        }
    }

    @Test func `requests sent in one go are answered in their order`() async throws {
        try await withServer { server in
            let client = try RawClient(port: server.port)
            client.send(
                (0..<20).map { "POST /\($0) HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc" }.joined()
            )
            for index in 0..<20 {
                let response = try client.readResponse()
                #expect(response.header("X-Path") == "/\(index)")
                #expect(response.text == "abc")
            }
        }
    }

    @Test func `pipelined requests are answered in order when the first is answered later`() async throws {
        let handler = ClosureHandler { request in
            let path = request.path
            if path == "/slow" {
                return .later {
                    await Task.yield()
                    return .text(200, path)
                }
            }
            return .now(.text(200, path))
        }
        try await withServer(HTTPServerConfiguration(workers: 1), handler) { server in
            let client = try RawClient(port: server.port)
            client.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\nGET /fast HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try client.readResponse().text == "/slow")
            #expect(try client.readResponse().text == "/fast")
        }
    }

    @Test(arguments: [0, 1, 1000, 40_000, 1_000_000])
    func `a body arrives whole and leaves whole`(size: Int) async throws {
        try await withServer { server in
            let body = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
            let client = try RawClient(port: server.port)
            for _ in 0..<2 {
                client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(size)\r\n\r\n")
                client.send(body)
                #expect(try client.readResponse().body == body)
            }
        }
    }

    @Test func `a body in chunks arrives joined`() async throws {
        try await withServer { server in
            let client = try RawClient(port: server.port)
            let large = String(repeating: "z", count: 0x8000)
            client.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n")
            client.send("3;x=y\r\nbcd\r\n8000\r\n\(large)\r\n0\r\n\r\n")
            #expect(try client.readResponse().text == "abcd" + large)
            let empty = try client.request("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
            #expect(empty.body.isEmpty)
        }
    }

    @Test func `a request may come byte by byte`() async throws {
        try await withServer { server in
            let client = try RawClient(port: server.port)
            for byte in Array("POST /p HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello".utf8) {
                client.send([byte])
            }
            let response = try client.readResponse()
            #expect(response.header("X-Path") == "/p")
            #expect(response.text == "hello")
        }
    }

    @Test func `HEAD gets the header of GET and no body`() async throws {
        try await withServer(HTTPServerConfiguration(), ClosureHandler { _ in .now(.text(200, "twelve bytes")) }) {
            server in
            let client = try RawClient(port: server.port)
            let head = try client.request("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", head: true)
            #expect(head.status == 200)
            #expect(head.header("Content-Length") == "12")
            #expect(try client.request("GET / HTTP/1.1\r\nHost: h\r\n\r\n").text == "twelve bytes")
        }
    }

    @Test(arguments: [204, 304])
    func `a status without content is sent without content`(status: Int) async throws {
        let handler = ClosureHandler { _ in .now(.text(status, "nobody sees this")) }
        try await withServer(HTTPServerConfiguration(), handler) { server in
            let client = try RawClient(port: server.port)
            for _ in 0..<2 {
                #expect(try client.request("GET / HTTP/1.1\r\nHost: h\r\n\r\n").status == status)
            }
        }
    }

    @Test func `a client that asks for a go-ahead gets it`() async throws {
        try await withServer { server in
            let client = try RawClient(port: server.port)
            let go = try client.request(
                "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
            )
            #expect(go.status == 100)
            #expect(try client.request("ok").text == "ok")
        }
    }

    @Test func `a client of HTTP 1.0 gets its answer and the end of the connection`() async throws {
        try await withServer { server in
            let client = try RawClient(port: server.port)
            client.send("POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nok")
            let response = try client.readResponse()
            #expect(response.status == 200)
            #expect(response.text == "ok")
            #expect(client.isClosed())
        }
    }

    @Test func `what a client asks to be closed is closed`() async throws {
        try await withServer { server in
            let client = try RawClient(port: server.port)
            #expect(try client.request("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").status == 200)
            #expect(client.isClosed())
        }
    }

    @Test func `an idle connection is closed after its time`() async throws {
        try await withServer(HTTPServerConfiguration(idleTimeoutSeconds: 1)) { server in
            let client = try RawClient(port: server.port)
            client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nhalf")
            #expect(client.isClosed())
        }
    }

    @Test func `header fields are found in any case, and several of one name are one list`() async throws {
        let handler = ClosureHandler { request in
            let names = ["content-type", "X-LIST", "cookie", "x-empty", "x-missing"]
            let values = names.map { request.header($0) ?? "nil" }
            return .now(.text(200, (values + ["\(request.headers.count)"]).joined(separator: "|")))
        }
        try await withServer(HTTPServerConfiguration(), handler) { server in
            let client = try RawClient(port: server.port)
            let response = try client.request(
                """
                GET / HTTP/1.1\r\nHost: h\r\nContent-TYPE: text/csv\r\nx-list: a\r\nCookie: a=1\r\nX-List:  b, c \r\n\
                cookie: b=2\r\nX-Empty:\r\n\r\n
                """
            )
            #expect(response.text == "text/csv|a, b, c|a=1; b=2||nil|7")
        }
    }

    @Test func `target, query and address are told as the client sent them`() async throws {
        let handler = ClosureHandler { request in
            let items = request.queryItems.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
            return .now(
                .text(200, "\(request.path)|\(request.decodedPath)|\(items)|\(request.clientAddress ?? "nil")")
            )
        }
        try await withServer(HTTPServerConfiguration(), handler) { server in
            let client = try RawClient(port: server.port)
            let plain = try client.request("GET /q/a%20b?x=%7B%7D&y=1+2&x=%26 HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(plain.text == "/q/a%20b|/q/a b|x={},y=1 2,x=&|127.0.0.1")
            let absolute = try client.request("GET http://example.org/p?q HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(absolute.text == "/p|/p|q=|127.0.0.1")
        }
    }

    @Test func `a response header cannot be split`() async throws {
        let handler = ClosureHandler { _ in
            .now(
                HTTPResponse(
                    status: 200,
                    headers: [
                        ("X-Good", "a\u{e9}b"), ("X-Bad", "a\r\nX-Injected: 1"), ("X-Null", "a\u{0}b"), ("X Bad", "a"),
                        ("", "a"), ("Bad:Name", "a"), ("Content-Length", "1"), ("Transfer-Encoding", "gzip"),
                        ("Date", "Thu, 01 Jan 1970 00:00:00 GMT"),
                    ],
                    body: .bytes(ByteString("body"))
                )
            )
        }
        try await withServer(HTTPServerConfiguration(), handler) { server in
            let client = try RawClient(port: server.port)
            let response = try client.request("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(response.text == "body")
            #expect(response.headers.map { $0.name }.sorted() == ["Content-Length", "Date", "X-Good"])
            #expect(response.header("Date") == "Thu, 01 Jan 1970 00:00:00 GMT")
            #expect(response.header("X-Good") == "a\u{e9}b")
        }
    }

    @Test func `a body is released when it has been sent`() async throws {
        weak var sent: ByteString?
        let server = try HTTPServer(
            HTTPServerConfiguration(workers: 1),
            handler: ClosureHandler { request in .now(.init(status: 200, body: .bytes(ByteString(request.body)))) }
        )
        do {
            let bytes = ByteString("kept by nobody but the response")
            sent = bytes
            let other = try HTTPServer(
                HTTPServerConfiguration(workers: 1),
                handler: ClosureHandler { _ in .now(.init(status: 200, body: .bytes(bytes))) }
            )
            let port = other.port
            try await onThread {
                let client = try RawClient(port: port)
                for _ in 0..<3 { #expect(try client.request("GET / HTTP/1.1\r\nHost: h\r\n\r\n").body.count == 31) }
            }
            other.stop()
        }
        #expect(sent == nil)
        server.stop()
    }
}

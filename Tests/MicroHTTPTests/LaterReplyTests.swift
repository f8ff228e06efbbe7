import Bytes
import MicroHTTP
import TestSupport
import Testing

/// Requests that are answered after their handler has returned.
@Suite struct LaterReplyTests {
    @Test func `many wait at a time and each gets its own answer`() async throws {
        let gate = Gate()
        let handler = ClosureHandler { request in
            let body = request.body
            return .later {
                await gate.wait()
                return HTTPResponse(status: 200, body: .bytes(ByteString(body)))
            }
        }
        try await withServer(HTTPServerConfiguration(workers: 2), handler) { server in
            let clients = try (0..<200).map { _ in try RawClient(port: server.port) }
            for (index, client) in clients.enumerated() {
                let body = "client \(index)"
                client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            }
            #expect(eventually { gate.waitingCount == 200 })
            #expect(server.requestsInFlight == 200)
            gate.open()
            for (index, client) in clients.enumerated() {
                #expect(try client.readResponse().text == "client \(index)")
            }
            #expect(eventually { server.requestsInFlight == 0 })
        }
    }

    @Test func `work that ends before its handler has returned is not lost`() async throws {
        let handler = ClosureHandler { request in
            let path = request.path
            return .later { .text(200, path) }
        }
        try await withServer(HTTPServerConfiguration(workers: 2), handler) { server in
            let client = try RawClient(port: server.port)
            for index in 0..<2000 {
                #expect(try client.request("GET /\(index) HTTP/1.1\r\nHost: h\r\n\r\n").text == "/\(index)")
            }
        }
    }

    @Test(arguments: [false, true], [HTTPConnectionEnd.close, .reset])
    func `the connection can end in place of a response`(isLater: Bool, end: HTTPConnectionEnd) async throws {
        let handler = ClosureHandler { request in
            if request.path == "/sound" { return .now(.text(200, "sound")) }
            return isLater ? .later { .none(end) } : .now(.none(end))
        }
        try await withServer(HTTPServerConfiguration(workers: 1), handler) { server in
            for _ in 0..<20 {
                let client = try RawClient(port: server.port)
                #expect(try client.request("GET /sound HTTP/1.1\r\nHost: h\r\n\r\n").text == "sound")
                client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbody")
                #expect(client.isClosed())
                #expect(client.isReset == (end == .reset))
            }
            #expect(eventually { server.requestsInFlight == 0 })
        }
    }

    @Test(arguments: [false, true])
    func `a client that leaves while it waits leaves nothing behind`(resets: Bool) async throws {
        let gate = Gate()
        let handler = ClosureHandler { request in
            if request.path == "/now" { return .now(.text(200, "now")) }
            return .later {
                await gate.wait()
                return HTTPResponse(status: 200, body: .bytes(ByteString([UInt8](repeating: 1, count: 300_000))))
            }
        }
        try await withServer(HTTPServerConfiguration(workers: 2), handler) { server in
            for _ in 0..<100 {
                let client = try RawClient(port: server.port)
                let before = gate.waitingCount
                client.send("GET /later HTTP/1.1\r\nHost: h\r\n\r\n")
                if resets { client.resetOnClose() }
                // Half of them leave when they are known to wait, half of them anywhere.
                if before.isMultiple(of: 2) { #expect(eventually { gate.waitingCount > before }) }
            }
            gate.open()
            #expect(eventually { server.requestsInFlight == 0 })
            let response = try RawClient(port: server.port).request("GET /now HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(response.text == "now")
        }
    }

    @Test func `stopping answers those who wait and drops what comes too late`() async throws {
        let gate = Gate()
        let cancelled = Counter()
        let handler = ClosureHandler { _ in
            .later {
                await gate.wait()
                if Task.isCancelled { cancelled.increment() }
                return .text(200, "too late")
            }
        }
        let server = try HTTPServer(HTTPServerConfiguration(workers: 2), handler: handler)
        try await onThread {
            let clients = try (0..<20).map { _ in try RawClient(port: server.port) }
            for client in clients { client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n") }
            #expect(eventually { gate.waitingCount == 20 })
            server.stop()
            server.stop()
            #expect(server.requestsInFlight == 0)
            gate.open()
            #expect(eventually { cancelled.value == 20 })
        }
    }

    @Test func `a server can be stopped in the middle of heavy traffic`() async throws {
        for _ in 0..<10 {
            let handler = ClosureHandler { request in
                let path = request.path
                return path == "/now" ? .now(.text(200, path)) : .later { .text(200, path) }
            }
            let server = try HTTPServer(HTTPServerConfiguration(workers: 2), handler: handler)
            let port = server.port
            let answered = Counter()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for path in ["/now", "/later", "/later", "/now"] {
                    group.addTask {
                        try await onThread {
                            guard let client = try? RawClient(port: port) else { return }
                            while (try? client.request("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")) != nil {
                                answered.increment()
                            }
                        }
                    }
                }
                try await onThread { _ = eventually { answered.value > 200 } }
                server.stop()
                try await group.waitForAll()
            }
            #expect(server.requestsInFlight == 0)
        }
    }
}

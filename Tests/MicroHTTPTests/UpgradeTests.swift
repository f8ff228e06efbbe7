import Bytes
import MicroHTTP
import Synchronization
import TestSupport
import Testing

/// Connections that are no longer HTTP.
@Suite struct UpgradeTests {
    private static let request = "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: lines\r\nConnection: Upgrade\r\n\r\n"
    private static let plain = "GET /plain HTTP/1.1\r\nHost: h\r\n\r\n"

    /// Answers `/plain` in plain HTTP, and serves everything else so.
    private static func serving(_ serve: @escaping @Sendable (UpgradedConnection) async -> Void) -> ClosureHandler {
        ClosureHandler { request in
            if request.path == "/plain" { return .now(.text(200, "plain")) }
            return .now(.upgrade(to: "lines", headers: [("X-Lines", "yes")], serve: serve))
        }
    }

    /// Sends back what comes, until nothing does.
    private static let echoing = serving { connection in
        while let bytes = await connection.read() {
            guard await connection.write(ByteString(bytes)) else { return }
        }
    }

    private static func open(_ server: HTTPServer) throws -> RawClient {
        let client = try RawClient(port: server.port)
        let response = try client.request(request)
        #expect(response.status == 101)
        return client
    }

    @Test func `after 101 the bytes belong to the handler, in both directions`() async throws {
        try await withServer(HTTPServerConfiguration(workers: 2), UpgradeTests.echoing) { server in
            let client = try RawClient(port: server.port)
            let response = try client.request(UpgradeTests.request)
            #expect(response.status == 101)
            #expect(response.header("Upgrade") == "lines")
            #expect(response.header("Connection") == "Upgrade")
            #expect(response.header("X-Lines") == "yes")
            #expect(response.header("Content-Length") == nil)
            for text in ["one", "two", String(repeating: "three", count: 100_000)] {
                let bytes = Array(text.utf8)
                for start in stride(from: 0, to: bytes.count, by: 50_000) {
                    let piece = Array(bytes[start..<min(start + 50_000, bytes.count)])
                    client.send(piece)
                    #expect(client.readBytes(piece.count) == piece)
                }
            }
            #expect(server.requestsInFlight == 1)
        }
    }

    @Test func `what comes together with the request comes first`() async throws {
        try await withServer(HTTPServerConfiguration(workers: 1), UpgradeTests.echoing) { server in
            let client = try RawClient(port: server.port)
            client.send(UpgradeTests.request + "early")
            #expect(try client.readResponse().status == 101)
            client.send("late")
            #expect(client.readBytes(9) == Array("earlylate".utf8))
        }
    }

    @Test(arguments: [true, false])
    func `a client that leaves is noticed, and its connection is given back`(isReset: Bool) async throws {
        let ended = Counter()
        let handler = UpgradeTests.serving { connection in
            while await connection.read() != nil {}
            ended.increment()
        }
        // So few connections that each has to be given back for the next one.
        let configuration = HTTPServerConfiguration(workers: 1, maximumConnections: 2)
        try await withServer(configuration, handler) { server in
            for _ in 0..<20 {
                let client = try UpgradeTests.open(server)
                client.send("some bytes")
                if isReset { client.resetOnClose() }
            }
            #expect(eventually { ended.value == 20 && server.requestsInFlight == 0 })
        }
    }

    @Test func `the handler ends a connection by returning, and sends the end before`() async throws {
        let handler = UpgradeTests.serving { connection in
            #expect(await connection.write(ByteString("bye")))
            connection.finishWriting()
            while await connection.read() != nil {}
        }
        try await withServer(HTTPServerConfiguration(workers: 1), handler) { server in
            let client = try UpgradeTests.open(server)
            #expect(client.readBytes(3) == Array("bye".utf8))
            #expect(client.isClosed() && !client.isReset)
        }
    }

    @Test func `a client that does not read holds up its writer, and nobody else`() async throws {
        let written = Counter()
        let handler = UpgradeTests.serving { connection in
            // 64 MiB are far more than the buffers of two sockets.
            while await connection.write(UpgradeTests.megabyte) { written.increment() }
        }
        try await withServer(HTTPServerConfiguration(workers: 1), handler) { server in
            let client = try UpgradeTests.open(server)
            let other = try RawClient(port: server.port)
            for _ in 0..<500 { #expect(try other.request(UpgradeTests.plain).text == "plain") }
            #expect(written.value < 64)
            let before = written.value
            #expect(client.readBytes(32 << 20) != nil)
            #expect(eventually { written.value > before })
        }
    }

    private static let megabyte = ByteString([UInt8](repeating: 7, count: 1 << 20))

    @Test func `a closed connection neither reads nor writes`() async throws {
        let results = Mutex<[Bool]>([])
        let handler = UpgradeTests.serving { connection in
            connection.close()
            connection.close()
            let isWritten = await connection.write(ByteString("more"))
            let bytes = await connection.read()
            results.withLock { $0 = [isWritten, bytes != nil] }
        }
        try await withServer(HTTPServerConfiguration(workers: 1), handler) { server in
            let client = try UpgradeTests.open(server)
            #expect(client.isClosed())
            #expect(eventually { results.withLock { $0 } == [false, false] })
        }
    }

    @Test func `stopping ends all of them, readers and writers alike`() async throws {
        let ended = Counter()
        let begun = Counter()
        let handler = UpgradeTests.serving { connection in
            begun.increment()
            await withTaskGroup(of: Void.self) { group in
                group.addTask { while await connection.read() != nil {} }
                group.addTask { while await connection.write(UpgradeTests.megabyte) {} }
            }
            ended.increment()
        }
        for _ in 0..<20 {
            let server = try HTTPServer(HTTPServerConfiguration(workers: 2), handler: handler)
            let before = begun.value
            try await onThread {
                let clients = try (0..<10).map { _ in try UpgradeTests.open(server) }
                #expect(eventually { begun.value == before + 10 })
                server.stop()
                #expect(clients.count == 10)
            }
            #expect(server.requestsInFlight == 0)
            #expect(eventually { ended.value == begun.value })
        }
    }

    @Test func `stopping while they come leaves none behind`() async throws {
        let handler = UpgradeTests.echoing
        for round in 0..<30 {
            let server = try HTTPServer(HTTPServerConfiguration(workers: 2), handler: handler)
            let port = server.port
            let clients = Task {
                try await onThread {
                    for _ in 0..<20 {
                        guard let client = try? RawClient(port: port) else { return }
                        client.send(UpgradeTests.request + "x")
                        _ = try? client.readResponse()
                    }
                }
            }
            for _ in 0..<round * 20 { await Task.yield() }
            try await onThread { server.stop() }
            _ = try await clients.value
            #expect(server.requestsInFlight == 0)
        }
    }

    @Test func `draining waits for them as for requests, and takes no new ones`() async throws {
        let gate = Gate()
        let handler = UpgradeTests.serving { connection in
            await gate.wait()
            _ = await connection.write(ByteString("bye"))
        }
        let configuration = HTTPServerConfiguration(workers: 1, idleTimeoutSeconds: 600)
        let server = try HTTPServer(configuration, handler: handler)
        let drain = Task {
            try? await until { gate.waitingCount > 0 }
            await server.drain(within: 600)
        }
        try await onThread {
            let idle = try RawClient(port: server.port)
            #expect(try idle.request(UpgradeTests.plain).text == "plain")
            let client = try UpgradeTests.open(server)
            #expect(eventually { (try? RawClient(port: server.port)) == nil })
            #expect(try idle.request(UpgradeTests.request).status == 503)
            gate.open()
            #expect(client.readBytes(3) == Array("bye".utf8))
            #expect(client.isClosed())
        }
        await drain.value
        #expect(server.requestsInFlight == 0)
    }

    @Test func `HTTP 1.0 cannot be upgraded`() async throws {
        try await withServer(HTTPServerConfiguration(workers: 1), UpgradeTests.echoing) { server in
            let client = try RawClient(port: server.port)
            let response = try client.request("GET / HTTP/1.0\r\nUpgrade: lines\r\nConnection: Upgrade\r\n\r\n")
            #expect(response.status == 400)
            #expect(response.text == "An upgrade needs HTTP/1.1.\n")
        }
    }

    @Test func `a later reply can upgrade too`() async throws {
        let handler = ClosureHandler { _ in
            .later {
                await Task.yield()
                return .upgrade(to: "lines") { _ = await $0.write(ByteString("late")) }
            }
        }
        try await withServer(HTTPServerConfiguration(workers: 1), handler) { server in
            let client = try UpgradeTests.open(server)
            #expect(client.readBytes(4) == Array("late".utf8))
        }
    }
}

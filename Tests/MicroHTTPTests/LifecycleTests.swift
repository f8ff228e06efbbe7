import MicroHTTP
import TestSupport
import Testing

/// Starting, draining and stopping.
@Suite struct LifecycleTests {
    private static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test func `a port that somebody listens on is told`() async throws {
        try await withServer { server in
            #expect {
                _ = try HTTPServer(HTTPServerConfiguration(port: server.port), handler: echo)
            } throws: { error in
                (error as? HTTPServerError)?.code == .addressInUse(port: server.port)
                    && "\(error)" == "Port \(server.port) is already in use on 127.0.0.1."
            }
        }
    }

    @Test(arguments: ["", "example.org", "256.0.0.1", "192.0.2.1", "nonsense::1::"])
    func `a host that is no address of this machine is told`(host: String) {
        #expect {
            _ = try HTTPServer(HTTPServerConfiguration(host: host), handler: echo)
        } throws: { error in
            (error as? HTTPServerError)?.code == .badAddress(host: host)
        }
    }

    @Test(arguments: ["127.0.0.1", "localhost", "0.0.0.0"])
    func `a server listens where it is told, on a port it tells`(host: String) async throws {
        try await withServer(HTTPServerConfiguration(host: host)) { server in
            #expect(server.port > 0)
            let response = try RawClient(port: server.port).request(LifecycleTests.get)
            #expect(response.status == 200)
        }
    }

    @Test(arguments: [(0, 0), (1, 1), (7, 3), (-5, -5)])
    func `unusual numbers of workers and connections still serve`(workers: Int, connections: Int) async throws {
        let configuration = HTTPServerConfiguration(
            workers: workers,
            maximumConnections: connections,
            maximumBodyBytes: -1,
            idleTimeoutSeconds: -1
        )
        try await withServer(configuration) { server in
            let response = try RawClient(port: server.port).request(LifecycleTests.get)
            #expect(response.status == 200)
        }
    }

    @Test func `draining finishes what has begun and lets nobody in`() async throws {
        let gate = Gate()
        let handler = ClosureHandler { request in
            guard request.path == "/slow" else { return .now(.text(200, "quick")) }
            return .later {
                await gate.wait()
                return .text(200, "finished")
            }
        }
        let configuration = HTTPServerConfiguration(workers: 2, idleTimeoutSeconds: 600)
        let server = try HTTPServer(configuration, handler: handler)
        let port = server.port
        let drain = Task {
            try? await until { gate.waitingCount > 0 }
            await server.drain(within: 600)
        }
        try await onThread {
            let idle = try RawClient(port: port)
            #expect(try idle.request(LifecycleTests.get).text == "quick")
            let slow = try RawClient(port: port)
            slow.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(eventually { (try? RawClient(port: port)) == nil })
            let last = try idle.request(LifecycleTests.get)
            #expect(last.text == "quick")
            #expect(last.header("Connection")?.lowercased() == "close")
            gate.open()
            #expect(try slow.readResponse().text == "finished")
            #expect(idle.isClosed())
        }
        await drain.value
        #expect(server.requestsInFlight == 0)
    }

    /// Those that a client of IPv4 can reach; some machines have no IPv6.
    private static let hosts = ["127.0.0.1", "0.0.0.0", "::"].filter { host in
        (try? HTTPServer(HTTPServerConfiguration(host: host), handler: echo)) != nil
    }

    @Test(arguments: hosts)
    func `a new server takes the port while the old one drains`(host: String) async throws {
        let gate = Gate()
        let handler = ClosureHandler { _ in
            .later {
                await gate.wait()
                return .text(200, "old")
            }
        }
        let old = try HTTPServer(HTTPServerConfiguration(host: host, workers: 2), handler: handler)
        let port = old.port
        let drain = Task {
            try? await until { gate.waitingCount > 0 }
            await old.drain(within: 600)
        }
        try await onThread {
            let slow = try RawClient(port: port)
            slow.send(LifecycleTests.get)
            #expect(eventually { (try? RawClient(port: port)) == nil })
            let new = try HTTPServer(HTTPServerConfiguration(host: host, port: port, workers: 2), handler: echo)
            #expect(try RawClient(port: port).request(LifecycleTests.get).header("X-Method") == "GET")
            gate.open()
            #expect(try slow.readResponse().text == "old")
            new.stop()
        }
        await drain.value
    }

    @Test func `draining does not wait beyond its limit`() async throws {
        let gate = Gate()
        let handler = ClosureHandler { _ in
            .later {
                await gate.wait()
                return .text(200, "never")
            }
        }
        let server = try HTTPServer(HTTPServerConfiguration(workers: 1), handler: handler)
        let port = server.port
        let client = Task {
            try await onThread {
                let client = try RawClient(port: port)
                return try? client.request(LifecycleTests.get).status
            }
        }
        try await until { gate.waitingCount > 0 }
        await server.drain(within: 0)
        #expect([nil, 503].contains(try await client.value))
        #expect(server.requestsInFlight == 0)
        gate.open()
    }

    @Test func `a server that nobody holds stops`() async throws {
        var server: HTTPServer? = try HTTPServer(HTTPServerConfiguration(workers: 1), handler: echo)
        let port = try #require(server?.port)
        server = nil
        #expect(throws: RawClient.Failure.self) { _ = try RawClient(port: port) }
    }
}

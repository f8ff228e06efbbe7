import Engagement
import Synchronization
import TestSupport
import Testing

@testable import EngagementAPI

@Suite("libcurl against a server of bare sockets")
struct CurlTransportTests {
    static func transport(
        connections: Int = 8,
        lowSpeedSeconds: Int = 0
    ) -> CurlTransport {
        CurlTransport(
            CurlTransport.Configuration(
                lowSpeedSeconds: lowSpeedSeconds,
                maximumConnectionsPerHost: connections,
                proxy: .direct
            )
        )
    }

    /// Long enough for any machine.
    static var far: UnixTime { UnixTime.now().advanced(bySeconds: 60) }
    /// For servers that never answer: any deadline is right, so a short one.
    static var near: UnixTime { UnixTime(milliseconds: UnixTime.now().milliseconds + 200) }

    static func request(_ url: String, body: [UInt8] = Array("{}".utf8), limit: Int = 1 << 20) -> TransportRequest {
        TransportRequest(
            url: url,
            headers: [HTTPHeader("Content-Type", "application/json"), HTTPHeader("Accept-Encoding", "gzip")],
            body: body,
            maximumResponseBytes: limit
        )
    }

    static func outcome(
        _ transport: CurlTransport,
        _ request: TransportRequest,
        deadline: UnixTime = far
    ) async -> Result<TransportResponse, TransportError> {
        do throws(TransportError) {
            return .success(try await transport.send(request, deadline: deadline))
        } catch {
            return .failure(error)
        }
    }

    @Test("a request arrives as it was made, and the response as it was sent")
    func exchange() async throws {
        let seen = Recorder<String>()
        let server = RawServer { connection in
            if let text = connection.readRequest() { seen.record(text) }
            connection.write("HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\n")
            connection.write(
                response("404 Not Found", headers: ["X-A:  b c \t", "Content-Encoding: gzip"], body: [0, 255])
            )
        }
        let url = server.url + "/a/../b?c=%20"
        let answer = try #require(await CurlTransportTests.outcome(Self.transport(), Self.request(url)).value)
        #expect(answer.status == 404)
        #expect(answer["x-a"] == "b c")
        #expect(answer["x-interim"] == nil)
        #expect(answer.body == [0, 255])
        let text = try #require(seen.all.first)
        #expect(text.hasPrefix("POST /a/../b?c=%20 HTTP/1.1\r\n"))
        #expect(text.contains("\r\nAccept-Encoding: gzip\r\n"))
        #expect(text.contains("\r\nContent-Type: application/json\r\n"))
        #expect(!text.lowercased().contains("\r\nexpect:"))
        #expect(!text.lowercased().contains("\r\ncookie:"))
        #expect(text.hasSuffix("\r\n\r\n{}"))
    }

    @Test("a large body and an empty one arrive whole", arguments: [0, 5_000_000])
    func bodies(count: Int) async {
        let lengths = Recorder<Int>()
        let server = RawServer { connection in
            let text = connection.readHead(bodyBytes: count)
            lengths.record(text)
            connection.write(response("200 OK", body: []))
        }
        let body = [UInt8](repeating: UInt8(ascii: "x"), count: count)
        let answer = await Self.outcome(Self.transport(), Self.request(server.url, body: body))
        #expect(answer.value?.status == 200)
        #expect(lengths.all == [count])
    }

    struct Failure: Sendable, CustomTestStringConvertible {
        let name: String
        let code: TransportError.Code
        var isStalling = false
        let serve: @Sendable (RawConnection) -> Void
        var testDescription: String { name }
    }

    static let failures = [
        Failure(name: "a server that never answers", code: .timedOut, isStalling: true) { $0.waitForPeer() },
        Failure(name: "a server that stalls in the head", code: .timedOut, isStalling: true) {
            $0.write("HTTP/1.1 200 OK\r\nX-A: ")
            $0.waitForPeer()
        },
        Failure(name: "a server that stalls in the body", code: .timedOut, isStalling: true) {
            $0.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")
            $0.waitForPeer()
        },
        Failure(name: "a server that drips its head for ever", code: .timedOut, isStalling: true) {
            $0.write("HTTP/1.1 200 OK\r\nX-A: ")
            while $0.write("a") { pause() }
        },
        Failure(name: "a server that drips its body for ever", code: .timedOut, isStalling: true) {
            $0.write("HTTP/1.1 200 OK\r\n\r\n")
            while $0.write("a") { pause() }
        },
        Failure(name: "a connection closed without an answer", code: .connectionLost) { _ = $0.readRequest() },
        Failure(name: "a connection closed in the head", code: .connectionLost) {
            _ = $0.readRequest()
            $0.write("HTTP/1.1 200 OK\r\nContent-Le")
        },
        Failure(name: "a connection closed in the body", code: .connectionLost) {
            _ = $0.readRequest()
            $0.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345")
        },
        Failure(name: "a chunked body that ends early", code: .connectionLost) {
            _ = $0.readRequest()
            $0.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n")
        },
        Failure(name: "a connection reset before an answer", code: .connectionLost) {
            _ = $0.readRequest()
            $0.resetOnClose()
        },
        Failure(name: "something that is not HTTP", code: .invalidResponse) {
            _ = $0.readRequest()
            $0.write("SSH-2.0-OpenSSH_9.2\r\n\r\n")
        },
        Failure(name: "a body longer than the limit", code: .responseTooLarge) {
            _ = $0.readRequest()
            $0.write("HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n")
            $0.waitForPeer()
        },
        Failure(name: "a body without end", code: .responseTooLarge) {
            _ = $0.readRequest()
            $0.write("HTTP/1.1 200 OK\r\n\r\n")
            while $0.write([UInt8](repeating: 0, count: 65_536)) {}
        },
        Failure(name: "a head without end", code: .responseTooLarge) {
            _ = $0.readRequest()
            $0.write("HTTP/1.1 200 OK\r\n")
            while $0.write("X-A: \(String(repeating: "a", count: 1000))\r\n") {}
        },
    ]

    @Test("each failure has its code", arguments: failures)
    func failure(failure: Failure) async {
        let server = RawServer(failure.serve)
        let deadline = failure.isStalling ? Self.near : Self.far
        let outcome = await Self.outcome(Self.transport(), Self.request(server.url), deadline: deadline)
        #expect(outcome.error?.code == failure.code, "\(outcome)")
        #expect(outcome.error?.reason.isEmpty == false)
    }

    @Test("a closed port and an unknown name are failed connections")
    func noServer() async {
        for url in ["http://127.0.0.1:\(RawServer.closedPort())/", "http://no-such-host.invalid/"] {
            #expect(await Self.outcome(Self.transport(), Self.request(url)).error?.code == .connectionFailed)
        }
    }

    @Test("a server without TLS is a failed handshake, not a plain connection")
    func noTLS() async {
        let server = RawServer { connection in
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            connection.waitForPeer()
        }
        let url = "https://127.0.0.1:\(server.port)/"
        #expect(await Self.outcome(Self.transport(), Self.request(url)).error?.code == .tlsFailed)
    }

    @Test("a redirect is returned and not followed")
    func redirect() async {
        let other = RawServer { $0.write(response("200 OK", body: [])) }
        let location = "Location: \(other.url)/"
        let server = RawServer { connection in
            _ = connection.readRequest()
            connection.write(response("307 Temporary Redirect", headers: [location], body: []))
        }
        #expect(await Self.outcome(Self.transport(), Self.request(server.url)).value?.status == 307)
        #expect(other.connections == 0)
    }

    @Test(
        "addresses of other protocols and headers with line breaks are not sent",
        arguments: ["file:///etc/passwd", "gopher://127.0.0.1/", "nonsense", "http://127.0.0.1/ x"]
    )
    func unsendable(url: String) async {
        #expect(await Self.outcome(Self.transport(), Self.request(url)).error?.code == .invalidRequest)
        var request = Self.request("http://127.0.0.1:1/")
        request.headers = [HTTPHeader("X-A", "b\r\nX-C: d")]
        #expect(await Self.outcome(Self.transport(), request).error?.code == .invalidRequest)
    }

    @Test("a deadline that is over costs no connection")
    func pastDeadline() async {
        let server = RawServer { $0.waitForPeer() }
        let outcome = await Self.outcome(Self.transport(), Self.request(server.url), deadline: UnixTime(seconds: 0))
        #expect(outcome.error?.code == .timedOut)
        #expect(server.connections == 0)
    }

    @Test("a transfer that stands still is given up long before its deadline")
    func lowSpeed() async {
        let server = RawServer { $0.waitForPeer() }
        let transport = Self.transport(lowSpeedSeconds: 1)
        #expect(await Self.outcome(transport, Self.request(server.url)).error?.code == .timedOut)
    }

    @Test("many requests share few connections")
    func pool() async {
        let server = RawServer { connection in
            while connection.readRequest() != nil { connection.write(response("200 OK", body: [1])) }
        }
        let transport = Self.transport(connections: 4)
        let statuses = await withTaskGroup(of: Int?.self) { group in
            for _ in 0..<100 {
                group.addTask { await Self.outcome(transport, Self.request(server.url)).value?.status }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses == Array(repeating: 200, count: 100))
        #expect(server.connections <= 4)
    }

    @Test("a request that waits for a connection still has its deadline")
    func pending() async throws {
        let requests = Recorder<String?>()
        let server = RawServer { connection in
            requests.record(connection.readRequest())
            connection.waitForPeer()
        }
        let transport = Self.transport(connections: 1)
        let first = Task { await Self.outcome(transport, Self.request(server.url)) }
        try await until { requests.all.count == 1 }
        let second = await Self.outcome(transport, Self.request(server.url), deadline: Self.near)
        #expect(second.error?.code == .timedOut)
        #expect(server.connections == 1)
        first.cancel()
        #expect(await first.value.error?.code == .cancelled)
    }

    @Test("a cancelled task takes its transfer with it")
    func cancellation() async throws {
        let requests = Recorder<String?>()
        let departures = Recorder<Bool>()
        let server = RawServer { connection in
            requests.record(connection.readRequest())
            connection.waitForPeer()
            departures.record(true)
        }
        let transport = Self.transport()
        let task = Task { await Self.outcome(transport, Self.request(server.url)) }
        try await until { requests.all.count == 1 }
        task.cancel()
        #expect(await task.value.error?.code == .cancelled)
        try await until { departures.all.count == 1 }
        let early = Task { () -> TransportError? in
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            return await Self.outcome(transport, Self.request(server.url)).error
        }
        #expect(await early.value?.code == .cancelled)
    }

    @Test("shutting down fails what is under way and what comes later")
    func shutDown() async throws {
        let requests = Recorder<String?>()
        let server = RawServer { connection in
            requests.record(connection.readRequest())
            connection.waitForPeer()
        }
        let transport = Self.transport()
        let task = Task { await Self.outcome(transport, Self.request(server.url)) }
        try await until { requests.all.count == 1 }
        transport.shutDown()
        transport.shutDown()
        #expect(await task.value.error?.code == .shutDown)
        #expect(await Self.outcome(transport, Self.request(server.url)).error?.code == .shutDown)
    }

    @Test("transports come and go without waiting")
    func lifetimes() {
        for _ in 0..<50 { _ = Self.transport() }
    }
}

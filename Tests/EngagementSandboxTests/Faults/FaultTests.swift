import Engagement
import EngagementSandbox
import Gzip
import JSON
import TestSupport
import Testing

/// Every fault, over real HTTP.
@Suite struct FaultTests {
    private let likes = body([TweetID(rawValue: 1_785_265_636_840_173_569)], ["favorites", "retweets", "replies"])

    private func server(_ rules: [FaultPlan.Rule] = []) throws -> SandboxServer {
        var configuration = SandboxConfiguration()
        configuration.port = 0
        configuration.faults = FaultPlan(rules)
        return try SandboxServer(configuration)
    }

    private func call(_ server: SandboxServer, _ endpoint: Endpoint = .totals) async throws -> RawClient.Response {
        try await RawClient.send(
            "POST",
            endpoint.path,
            port: server.port,
            headers: [
                ("Accept-Encoding", "gzip"), ("Content-Type", "application/json"),
                ("Authorization", "Bearer SANDBOXBEARERTOKEN"),
            ],
            body: likes
        )
    }

    private func isSound(_ response: RawClient.Response) -> Bool {
        guard let plain = try? Gzip.decompress(response.body, limit: 100_000) else { return false }
        return (try? JSONValue(parsing: plain)) != nil
    }

    @Test("Without a fault a signed call is answered over HTTP")
    func soundAnswer() async throws {
        let server = try server()
        defer { server.stop() }
        let url = "\(server.baseURL)\(Endpoint.historical.path)"
        let response = try await RawClient.send(
            "POST",
            Endpoint.historical.path,
            port: server.port,
            headers: [
                ("Accept-Encoding", "gzip"), ("Content-Type", "application/json"),
                ("Authorization", Signer.acme.header(url, timestamp: server.now.seconds, nonce: "one")),
            ],
            body: likes
        )
        #expect(response.status == 200)
        #expect(response.isComplete)
        #expect(response.header("Content-Type") == "application/json")
        #expect(isSound(response))
        #expect(server.calls.map(\.account) == [AccountName("acme")])
    }

    @Test(
        "A fault answers instead of the API",
        arguments: [
            (Fault.tooManyRequests, 429), (.internalServerError, 500), (.badGateway, 502), (.serviceUnavailable, 503),
            (.rubbish, 200), (.redirect, 302),
        ]
    )
    func replacements(_ fault: Fault, _ status: Int) async throws {
        let server = try server([.init(fault, times: 1)])
        defer { server.stop() }
        let response = try await call(server)
        #expect(response.status == status)
        switch fault {
        case .badGateway:
            #expect(response.header("Content-Type")?.hasPrefix("text/html") == true)
            #expect(String(decoding: response.body, as: UTF8.self).contains("Proxy Error"))
        case .rubbish:
            #expect(throws: JSONError.self) {
                try JSONValue(parsing: try Gzip.decompress(response.body, limit: 1000))
            }
        case .redirect: #expect(response.header("Location") != nil)
        default: #expect(isSound(response))
        }
        #expect(server.calls.map(\.fault) == [fault])
        #expect(try await call(server).status == 200)
    }

    @Test(
        "A fault spoils the true answer",
        arguments: [
            Fault.wrongContentType, .notGzipped, .truncatedGzip, .corruptGzip, .cut, .resetInBody,
            .drip(milliseconds: 1),
            .delay(milliseconds: 5),
        ]
    )
    func spoiltAnswers(_ fault: Fault) async throws {
        let server = try server([.init(fault, times: 1)])
        defer { server.stop() }
        let response = try await call(server)
        #expect(response.status == 200)
        switch fault {
        case .wrongContentType:
            #expect(response.header("Content-Type") == "text/html")
            #expect(isSound(response))
        case .notGzipped:
            #expect(response.header("Content-Encoding") == nil)
            #expect(try JSONValue(parsing: response.body)["g"] != nil)
        case .truncatedGzip:
            #expect(response.isComplete)
            #expect(throws: GzipError.truncated) { try Gzip.decompress(response.body, limit: 100_000) }
        case .corruptGzip:
            #expect(response.isComplete)
            #expect(throws: GzipError.corrupt) { try Gzip.decompress(response.body, limit: 100_000) }
        case .cut, .resetInBody:
            #expect(!response.isComplete)
            #expect(!response.body.isEmpty)
            #expect(response.isReset == (fault == .resetInBody))
        default:
            #expect(response.isComplete)
            #expect(isSound(response))
        }
        #expect(isSound(try await call(server)))
    }

    @Test("The connection ends before the status line", arguments: [Fault.hangUp, .reset, .stall(milliseconds: 5)])
    func noAnswer(_ fault: Fault) async throws {
        let server = try server([.init(fault, times: 1)])
        defer { server.stop() }
        await #expect(throws: RawClient.Failure(isReset: fault == .reset)) { try await call(server) }
        #expect(server.calls.map(\.fault) == [fault])
        #expect(isSound(try await call(server)))
    }

    @Test("The connection closes after the head, without a byte of the body")
    func noBody() async throws {
        let server = try server([.init(.cutAfterHead, times: 1)])
        defer { server.stop() }
        let response = try await call(server)
        #expect(response.status == 200)
        #expect(response.body.isEmpty)
        #expect(!response.isComplete)
        #expect(isSound(try await call(server)))
    }

    @Test("A rule befalls so many calls of its endpoint, for so long")
    func rules() throws {
        let bench = try Bench {
            $0.faults = FaultPlan([
                .init(.serviceUnavailable, times: 2, endpoint: .historical), .init(.internalServerError, seconds: 60),
            ])
        }
        let body = body([TweetID(rawValue: 1_785_265_636_840_173_569)], ["favorites"])
        func statuses(_ endpoint: Endpoint, _ count: Int) throws -> [Int] {
            try (0..<count).map { _ in try bench.call(endpoint, body).status }
        }
        #expect(try statuses(.totals, 1) == [500])
        #expect(try statuses(.historical, 3) == [503, 503, 500])
        bench.clock.advance(seconds: 60)
        #expect(try statuses(.historical, 1) == [200])
    }

    @Test("A rule is read from a flag")
    func flags() {
        #expect(FaultPlan.Rule(flag: "429") == .init(.tooManyRequests))
        #expect(FaultPlan.Rule(flag: "cut@historical") == .init(.cut, endpoint: .historical))
        #expect(
            FaultPlan.Rule(flag: "delay=1500*10@28hr")
                == .init(.delay(milliseconds: 1500), times: 10, endpoint: .last28Hours)
        )
        #expect(FaultPlan.Rule(flag: "403-tweets=2*1") == .init(.forbiddenTweets(2), times: 1))
        #expect(FaultPlan.Rule(flag: "503@token") == .init(.serviceUnavailable, endpoint: .token))
        for wrong in [
            "refused-token", "403-tweets@token", "", "430", "429*", "429*0", "429@nowhere", "delay=x", "delay=-1",
            "429@totals*3",
        ] {
            #expect(FaultPlan.Rule(flag: wrong) == nil)
        }
    }

    @Test("Latency is added to every answer of the API, and a delay to it")
    func latency() throws {
        let bench = try Bench {
            $0.latencyMilliseconds = 40
            $0.faults = FaultPlan([.init(.delay(milliseconds: 2), times: 1)])
        }
        func delay() -> Int { bench.endpoint.respond(to: bench.request(.totals, likes)).delivery.delayMilliseconds }
        #expect([delay(), delay()] == [42, 40])
        #expect(
            bench.endpoint.respond(to: SandboxRequest(method: "GET", path: "/sandbox")).delivery.delayMilliseconds == 0
        )
    }
}

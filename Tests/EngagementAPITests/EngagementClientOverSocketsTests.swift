import Engagement
import Gzip
import TestSupport
import Testing

@testable import EngagementAPI

@Suite("The client over libcurl against servers that misbehave")
struct EngagementClientOverSocketsTests {
    struct Scenario: Sendable, CustomTestStringConvertible {
        let name: String
        let bytes: [UInt8]
        let code: EngagementAPIError.Code?
        var testDescription: String { name }
    }

    static let plain = Array(sampleBody.utf8)
    static let packed = Gzip.compress(plain)
    static let damaged = packed.enumerated().map { $0.offset == packed.count - 6 ? $0.element ^ 0xFF : $0.element }
    static let json = "Content-Type: application/json"
    static let gzip = "Content-Encoding: gzip"

    static let scenarios = [
        Scenario(name: "counts in gzip", bytes: response("200 OK", headers: [json, gzip], body: packed), code: nil),
        Scenario(name: "plain counts", bytes: response("200 OK", headers: [json], body: plain), code: nil),
        Scenario(
            name: "gzip cut, though the length agrees",
            bytes: response("200 OK", headers: [json, gzip], body: Array(packed.dropLast(9))),
            code: .invalidResponse
        ),
        Scenario(
            name: "gzip cut by a broken connection",
            bytes: Array(response("200 OK", headers: [json, gzip], body: packed).dropLast(9)),
            code: .connectionLost
        ),
        Scenario(
            name: "gzip with a wrong checksum",
            bytes: response("200 OK", headers: [json, gzip], body: damaged),
            code: .invalidResponse
        ),
        Scenario(
            name: "a 502 in HTML",
            bytes: response("502 Proxy Error", headers: ["Content-Type: text/html"], body: Array("<html>".utf8)),
            code: .badGateway
        ),
        Scenario(
            name: "a redirect",
            bytes: response("302 Found", headers: ["Location: http://127.0.0.1:1/"], body: []),
            code: .redirected
        ),
        Scenario(name: "rubbish", bytes: response("200 OK", body: [0, 1, 2, 3]), code: .invalidResponse),
        Scenario(
            name: "a login page",
            bytes: response("200 OK", headers: ["Content-Type: text/html"], body: plain),
            code: .invalidResponse
        ),
        Scenario(name: "an empty 200", bytes: response("200 OK", headers: [json], body: []), code: .invalidResponse),
        Scenario(
            name: "an error in gzip",
            bytes: response(
                "403 Forbidden",
                headers: [json, gzip],
                body: Gzip.compress(Array(#"{"errors":["Forbidden to access tweets: 223456789"]}"#.utf8))
            ),
            code: .forbiddenTweets([TweetID(rawValue: 223_456_789)])
        ),
        Scenario(
            name: "more than is accepted",
            bytes: response("200 OK", headers: [json], body: [UInt8](repeating: 0x20, count: 70_000)),
            code: .responseTooLarge
        ),
    ]

    @Test("each answer is counts or a typed error", arguments: scenarios)
    func answers(scenario: Scenario) async throws {
        let server = RawServer { connection in
            _ = connection.readRequest()
            connection.write(scenario.bytes)
        }
        let client = EngagementClient(
            baseURL: server.url,
            transport: CurlTransportTests.transport(),
            retry: .never,
            clock: UnixTime.now,
            limits: ResponseLimits(packedBytes: 65_536, bytes: 65_536)
        )
        do throws(EngagementAPIError) {
            let reply = try await client.perform(.sample, as: Known.user, deadline: CurlTransportTests.far)
            #expect(scenario.code == nil)
            #expect(reply.counts.map(\.value) == [69, 26])
        } catch {
            #expect(error.code == scenario.code)
        }
    }

    /// A signature is good for one request: what was sent may have been taken, whatever became of the answer.
    @Test("a call that a kept connection loses is signed anew, never sent twice as it is", arguments: [false, true])
    func keptConnection(resets: Bool) async throws {
        let nonces = Recorder<String>()
        let server = RawServer { connection in
            var isFirst = true
            while let request = connection.readRequest() {
                let nonce = request.split(separator: "oauth_nonce=\"").dropFirst().first?.prefix { $0 != "\"" }
                nonces.record(String(nonce ?? "none"))
                guard isFirst else {
                    if resets { connection.resetOnClose() }
                    return
                }
                isFirst = false
                connection.write(response("200 OK", headers: [Self.json], body: Self.plain))
            }
        }
        let client = EngagementClient(
            baseURL: server.url,
            transport: CurlTransportTests.transport(),
            retry: RetryPolicy(maximumAttempts: 2, firstDelayMilliseconds: 0),
            clock: UnixTime.now
        )
        for _ in 0..<2 {
            let reply = try await client.perform(.sample, as: Known.user, deadline: CurlTransportTests.far)
            #expect(reply.counts.map(\.value) == [69, 26])
        }
        #expect(nonces.all.count == 3)
        #expect(Set(nonces.all).count == 3)
    }

    @Test("a cancelled call ends as cancelled")
    func cancellation() async throws {
        let requests = Recorder<String?>()
        let server = RawServer { connection in
            requests.record(connection.readRequest())
            connection.waitForPeer()
        }
        let client = EngagementClient(
            baseURL: server.url,
            transport: CurlTransportTests.transport(),
            retry: RetryPolicy(),
            clock: UnixTime.now
        )
        let task = Task { try await client.perform(.sample, as: Known.user, deadline: CurlTransportTests.far) }
        try await until { requests.all.count == 1 }
        task.cancel()
        await #expect(throws: EngagementAPIError(.cancelled, "")) { try await task.value }
        #expect(server.connections == 1)
    }
}

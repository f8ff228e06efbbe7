import Bytes
import Engagement
import EngagementAPI
import EngagementSandbox
import Foundation
import JSON
import Logging
import MicroHTTP
import Settings
import Synchronization
import TestSupport
import Testing

@testable import EngagementServer

@Suite("Webhooks")
struct WebhookTests {
    /// An address that answers as a test says, and remembers what it was sent.
    private final class Receiver: HTTPHandler {
        struct Request {
            let body: [UInt8]
            let headers: [String: String]
        }

        let requests = Mutex<[Request]>([])
        let statuses: Mutex<[Int]>
        /// What has to be before anything is answered.
        let condition: @Sendable () -> Bool

        init(statuses: [Int] = [], answering condition: @escaping @Sendable () -> Bool = { true }) {
            self.statuses = Mutex(statuses)
            self.condition = condition
        }

        func respond(to request: borrowing HTTPRequest) -> HTTPReply {
            let headers = Dictionary(request.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
            let sent = Request(body: request.body, headers: headers)
            requests.withLock { $0.append(sent) }
            let status = statuses.withLock { $0.isEmpty ? 204 : $0.removeFirst() }
            return .later { [condition] in
                try? await until { condition() }
                return HTTPResponse(status: status)
            }
        }

        func wait(_ count: Int) async throws -> [Request] {
            try await until { requests.withLock { $0.count } >= count }
            return requests.withLock { $0 }
        }
    }

    private static let secret = Secret("s3cret-of-the-hook")

    private static func webhook(_ server: HTTPServer, _ document: String) -> WebhookConfiguration {
        WebhookConfiguration(
            name: "hot",
            url: Secret("http://127.0.0.1:\(server.port)/t0ken-in-the-path"),
            secret: secret,
            document: document
        )
    }

    /// RFC 2104 over what a receiver has in its hands, by another implementation: `printf '1700000000.{}' | openssl dgst -sha256
    /// -hmac key`.
    @Test("The signature is what openssl computes")
    func signature() {
        let signature = WebhookRequest.signature(
            Array("{}".utf8),
            key: Secret("key"),
            at: UnixTime(seconds: 1_700_000_000)
        )
        #expect(signature == "t=1700000000,v1=9d713ed406bb7076d4123f0dc2c39d2df5c654ed4b0cd56b52c8b4c940bd63ae")
    }

    @Test("Waits double up to the longest, and are spread over their second half")
    func delays() {
        var pacing = WebhookPacing()
        pacing.longestDelayMilliseconds = 60_000
        #expect(
            [1, 2, 3, 7, 8, 100].map { pacing.delay(after: $0, random: 0.999_999) + 1 } == [
                1000, 2000, 4000, 60_000, 60_000, 60_000,
            ]
        )
        #expect([1, 2, 100].map { pacing.delay(after: $0, random: 0) } == [500, 1000, 30_000])
    }

    @Test("An event is posted with its signature, and again with the same id until it is accepted")
    func delivery() async throws {
        let receiver = Receiver(statuses: [500, 302, 204])
        let http = try HTTPServer(HTTPServerConfiguration(port: 0), handler: receiver)
        let document = "subscription { totals(tweetIds: [\"\(LiveBed.tweet)\"]) { favorites } }"
        let live = try LiveBed { server, _ in
            server.webhooks = [Self.webhook(http, document)]
            server.webhookPacing.sleep = { _ in await Task.yield() }
        }
        let requests = try await receiver.wait(3)
        #expect(Set(requests.map(\.body)).count == 1)
        #expect(Set(requests.map { $0.headers["engageql-event-id"] }).count == 1)
        let first = try #require(requests.first)
        let body = try JSONValue(parsing: first.body)
        #expect(body["id"]?.string == first.headers["engageql-event-id"])
        #expect(body["webhook"] == .string("hot") && first.headers["engageql-webhook"] == "hot")
        #expect(body["payload"]?["data"]?["totals"]?[0]?["favorites"] == .integer(live.favorites()))
        #expect(
            first.headers["engageql-signature"]
                == WebhookRequest.signature(first.body, key: Self.secret, at: live.now)
        )
        // The next change is the next event.
        let before = live.favorites()
        while live.favorites() == before { try await live.minute() }
        let next = try #require(try await receiver.wait(4).last)
        #expect(next.headers["engageql-event-id"] != first.headers["engageql-event-id"])
        #expect(
            try JSONValue(parsing: next.body)["payload"]?["data"]?["totals"]?[0]?["favorites"]
                == .integer(live.favorites())
        )
        await live.bed.server.drain()
        #expect(live.bed.log.text.contains("webhook event was not accepted"))
        for secret in ["s3cret", "t0ken"] { #expect(!live.bed.log.text.contains(secret)) }
    }

    @Test("After a restart it goes on where it was: what was reached meanwhile is told, and nothing twice")
    func restart() async throws {
        let receiver = Receiver()
        let http = try HTTPServer(HTTPServerConfiguration(port: 0), handler: receiver)
        let other = SandboxWorld.tweetID(postedAt: LiveBed.start.advanced(bySeconds: -86_400 * 20), sequence: 2)
        let document = """
            subscription {
              thresholdReached(
                tweetIds: ["\(LiveBed.tweet)", "\(other)"], metric: FAVORITES, atLeast: 1, includeReached: true
              ) { tweetId }
            }
            """
        let live = try LiveBed { server, _ in server.webhooks = [Self.webhook(http, document)] }
        try #require(live.favorites(other) >= 1 && live.favorites() == 0)
        func told(_ requests: [Receiver.Request]) throws -> [String?] {
            try requests.map {
                try JSONValue(parsing: $0.body)["payload"]?["data"]?["thresholdReached"]?["tweetId"]?.string
            }
        }
        #expect(try told(try await receiver.wait(1)) == ["\(other)"])
        try await live.settle(2)
        while live.favorites() == 0 { live.bed.clock.advance(seconds: 3600) }
        try await live.bed.restart()
        #expect(try told(try await receiver.wait(2)) == ["\(other)", "\(LiveBed.tweet)"])
        try await live.settle(2)
        try await live.bed.restart()
        try await live.settle(2)
        await live.bed.server.drain()
        #expect(try told(receiver.requests.withLock { $0 }).count == 2)
    }

    @Test("What is sent when the server stops has its answer, and is not sent again after a restart")
    func drain() async throws {
        let mayAnswer = Atomic(false)
        let receiver = Receiver(answering: { mayAnswer.load(ordering: .relaxed) })
        let http = try HTTPServer(HTTPServerConfiguration(port: 0), handler: receiver)
        let document = "subscription { totals(tweetIds: [\"\(LiveBed.tweet)\"]) { favorites } }"
        let live = try LiveBed { server, _ in
            server.drainSeconds = 86_400
            server.webhooks = [Self.webhook(http, document)]
        }
        _ = try await receiver.wait(1)
        weak let stoppedHub = live.bed.server.live
        let stopped = Task { [port = live.bed.server.port] in
            try await until { (try? RawClient(port: port)) == nil }
            mayAnswer.store(true, ordering: .relaxed)
        }
        try await live.bed.restart()
        try await stopped.value
        // Nothing of the one that has stopped is kept for as long as it might have waited.
        try await until { stoppedHub == nil }
        try await live.settle(2)
        await live.bed.server.drain()
        #expect(receiver.requests.withLock { $0.count } == 1)
    }

    @Test(
        "A document that is no subscription keeps the server from starting",
        arguments: ["{ __typename }", "subscription { nothing }", "subscription"]
    )
    func badDocument(_ document: String) {
        let webhook = WebhookConfiguration(
            name: "hot",
            url: Secret("http://h"),
            secret: Secret("s"),
            document: document
        )
        #expect(throws: ServerError.self) { try TestBed { server, _ in server.webhooks = [webhook] } }
    }

    @Test("The configuration names documents and where secrets are")
    func configuration() throws {
        let text = """
            webhooks:
              - {name: a, url: https://example.com/x, secret: {env: HOOK}, subscription: "subscription { x }"}
              - {name: b, url: {env: HOOK_URL}, secret: {env: HOOK}, file: hook.graphql}
            """
        let webhooks = try configuration(text).webhooks
        #expect(webhooks.map(\.name) == ["a", "b"])
        #expect(webhooks.map { $0.url.reveal() } == ["https://example.com/x", "https://example.com/y"])
        #expect(webhooks.map(\.document) == ["subscription { x }", "subscription { y }"])
        #expect(webhooks.allSatisfy { $0.secret.reveal() == "hidden" })
        #expect(!"\(webhooks)".contains("hidden"))
    }

    @Test(
        "Mistakes are told with file, line and key",
        arguments: [
            ("{name: a, url: 'ftp://x', secret: {env: HOOK}, subscription: s}", "begins with https:// or http://"),
            ("{name: a, url: 'http://x', secret: plain, subscription: s}", "secrets do not stand in this file"),
            ("{name: a, url: 'http://x', secret: {env: NONE}, subscription: s}", "NONE is not set"),
            ("{name: a, url: 'http://x', secret: {env: HOOK}}", "expected subscription or file"),
            ("{name: a, url: 'http://x', secret: {env: HOOK}, file: none.graphql}", "cannot be read"),
            ("{name: a b, url: 'http://x', secret: {env: HOOK}, subscription: s}", "expected 1 to 100 letters"),
        ]
    )
    func mistakes(_ element: String, _ expected: String) {
        let error = #expect(throws: SettingsError.self) { try configuration("webhooks:\n  - \(element)") }
        #expect("\(String(describing: error))".contains(expected))
    }

    private func configuration(_ text: String) throws -> ServerConfiguration {
        let folder = try TemporaryFolder()
        try Data("subscription { y }".utf8).write(to: URL(filePath: folder.path("hook.graphql")))
        let path = folder.path("engageql.yaml")
        try Data(text.utf8).write(to: URL(filePath: path))
        let environment = ["HOOK": "hidden", "HOOK_URL": "https://example.com/y"]
        return try ServerConfiguration(path: path, environment: environment)
    }
}

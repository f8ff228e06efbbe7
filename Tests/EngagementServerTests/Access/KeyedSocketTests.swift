import Engagement
import EngagementServer
import JSON
import TestSupport
import Testing

/// What a key may do over a WebSocket is what it may do by requests.
@Suite("Keys over WebSockets")
struct KeyedSocketTests {
    private static let impressions = "{ totals(tweetIds: [\"\(KeyedBed.tweetOfAcme)\"]) { impressions } }"

    private func greeted(_ bed: TestBed, _ key: String) async throws -> SocketClient {
        let client = try await SocketClient(bed, headers: TestKey.bearer(key))
        try await client.greet()
        return client
    }

    private func bed() throws -> TestBed {
        try KeyedBed.make { $0.live.sleep = { _ in try await Task.sleep(for: .seconds(86_400)) } }
    }

    @Test("The handshake needs one")
    func handshake() async throws {
        let bed = try bed()
        #expect(try await SocketClient(bed).response.status == 401)
        #expect(try await SocketClient(bed, headers: TestKey.bearer(TestKey.unknown)).response.status == 401)
        #expect(try await SocketClient(bed, headers: TestKey.bearer(TestKey.acme)).response.status == 101)
    }

    @Test("Private numbers are seen with the key of their account alone", arguments: ["", "subscription "])
    func isolation(_ kind: String) async throws {
        let bed = try bed()
        let own = try await greeted(bed, TestKey.acme)
        own.subscribe(kind + Self.impressions)
        let seen = try await own.receive()?.text ?? ""
        #expect(seen.contains(#""impressions":"#) && !seen.contains(#""impressions":null"#))
        for key in [TestKey.globex, TestKey.open] {
            let foreign = try await greeted(bed, key)
            foreign.subscribe(kind + Self.impressions)
            let answer = try await foreign.receive()?.text ?? ""
            #expect(answer.contains(#""impressions":null"#) && answer.contains("TWEET_FORBIDDEN"))
        }
    }

    @Test("A page of another site uses a key of its own, and not what its browser remembers")
    func borrowed() async throws {
        let bed = try KeyedBed.make {
            $0.origins = ["*"]
            $0.live.sleep = { _ in try await Task.sleep(for: .seconds(86_400)) }
        }
        let page = [(name: "Origin", value: "https://shop.example"), (name: "Sec-Fetch-Site", value: "cross-site")]
        let borrowed = try await SocketClient(bed, headers: page + TestKey.bearer(TestKey.globex))
        #expect(borrowed.response.status == 403)
        let own = try await SocketClient(bed, path: "/graphql?key=\(TestKey.globex)", headers: page)
        #expect(own.response.status == 101)
    }

    @Test("A key that may change nothing changes nothing")
    func mutation() async throws {
        let bed = try bed()
        let mutation = "mutation { saveList(name: \"spring\", tweetIds: [\"\(KeyedBed.tweetOfAcme)\"]) { size } }"
        let reader = try await greeted(bed, TestKey.both)
        reader.subscribe(mutation)
        let refusal = try await reader.receive()
        #expect(refusal?["type"] == "error" && refusal?.text.contains("FORBIDDEN") == true)
        let writer = try await greeted(bed, TestKey.acme)
        writer.subscribe(mutation)
        #expect(try await writer.receive()?["payload"] == ["data": ["saveList": ["size": 1]]])
    }

    @Test("Each operation is one of the minute's requests")
    func rate() async throws {
        let bed = try bed()
        // The handshake was the first of two.
        let client = try await greeted(bed, TestKey.limited)
        client.subscribe("{ __typename }")
        #expect(try await client.receive()?["type"] == "next")
        #expect(try await client.receive()?["type"] == "complete")
        client.subscribe("{ __typename }", id: "2")
        let refusal = try await client.receive()
        #expect(refusal?["type"] == "error" && refusal?.text.contains("RATE_LIMITED") == true)
    }

    @Test("Subscriptions end when their key expires")
    func expiry() async throws {
        let live = try LiveBed { server, _ in
            server.keys = TestKey.configured
            server.keys[0].expires = LiveBed.start.advanced(bySeconds: 90)
            server.live.keepAliveSeconds = 60
        }
        let client = try await greeted(live.bed, TestKey.acme)
        client.subscribe("subscription { totals(tweetIds: [\"\(LiveBed.tweet)\"]) { tweetId } }")
        #expect(try await client.receive()?["type"] == "next")
        try await live.minute(3)
        live.bed.clock.advance(seconds: 60)
        live.sleep.advance(seconds: 60)
        #expect(try await client.receive() == ["id": "1", "type": "complete"])
        client.subscribe("{ __typename }")
        #expect(try await client.receive()?.text.contains("UNAUTHENTICATED") == true)
    }
}

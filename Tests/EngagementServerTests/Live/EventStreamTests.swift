import Engagement
import EngagementSandbox
import JSON
import TestSupport
import Testing

@testable import EngagementServer

/// Subscriptions as clients see them: GraphQL over server-sent events, distinct connections.
@Suite("Streams of events")
struct EventStreamTests {
    private static let totals = "subscription { totals(tweetIds: [\"\(LiveBed.tweet)\"]) { favorites } }"
    private static let stream = (name: "Accept", value: "text/event-stream")

    private static func threshold(_ count: Int64, _ arguments: String = "") -> String {
        "subscription { thresholdReached(tweetIds: [\"\(LiveBed.tweet)\"], metric: FAVORITES, atLeast: \(count)\(arguments)) { count } }"
    }

    @Test("begin at once, go on with each change, and end in good order when the server stops")
    func whole() async throws {
        let live = try LiveBed()
        let client = try live.open(Self.totals)
        #expect(try await client.begin() == "HTTP/1.1 200 OK")
        for line in [
            "Content-Type: text/event-stream; charset=utf-8", "Cache-Control: no-store", "X-Accel-Buffering: no",
        ] {
            #expect(client.head.contains(line))
        }
        let first = try #require(try await client.next())
        #expect(first.name == "next" && first.id != nil)
        #expect(first.data == "{\"data\":{\"totals\":[{\"favorites\":\(live.favorites())}]}}")
        let before = live.favorites()
        while live.favorites() == before { try await live.minute() }
        let second = try #require(try await client.next())
        #expect(second.data == "{\"data\":{\"totals\":[{\"favorites\":\(live.favorites())}]}}")
        #expect(second.id != first.id)

        // Somebody who has it already comes along: nothing to tell until it changes again.
        let other = try live.open(Self.totals, headers: [(name: "Last-Event-ID", value: second.id ?? "")])
        #expect(try await other.begin() == "HTTP/1.1 200 OK")
        try await until { try await live.metrics().contains("engageql_live_subscriptions 2\n") }
        let drained = Task { [server = live.bed.server] in await server.drain() }
        #expect(try await other.next() == EventClient.Event(name: "complete", data: ""))
        #expect(try await client.next()?.name == "complete")
        #expect(try await client.next() == nil)
        await drained.value
    }

    @Test("come by GET too")
    func get() async throws {
        let live = try LiveBed()
        let probe = Probe.get([(name: "query", value: Self.totals)], headers: [Self.stream])
        let request = "GET \(probe.path) HTTP/1.1\r\nHost: test\r\nAccept: text/event-stream\r\n\r\n"
        let client = try EventClient(live.bed, Array(request.utf8))
        #expect(try await client.begin() == "HTTP/1.1 200 OK")
        #expect(try await client.next()?.json?["data"]?["totals"]?[0]?["favorites"] == .integer(live.favorites()))
    }

    @Test("tell a crossing once, also across reconnects, and one that nobody was there for")
    func threshold() async throws {
        let live = try LiveBed()
        let begin = live.favorites()
        let later = live.bed.sandbox.metrics.total(
            tweet: LiveBed.tweet,
            type: .favorites,
            asOf: live.now.advanced(bySeconds: 3600)
        )
        try #require(later > begin + 1)
        // Reached already: it is not told, but the client learns where it is.
        let reached = try live.open(Self.threshold(begin > 0 ? begin : 1))
        _ = try await reached.begin()
        let query = Self.threshold(begin + 1)
        var client = try live.open(query)
        _ = try await client.begin()
        let place = try #require(try await client.next())
        #expect(place.name == nil && place.data == nil)
        let id = try #require(place.id)
        client = try live.open(Self.totals)

        live.bed.clock.advance(seconds: 3600)
        live.sleep.advance(seconds: 3600)
        let back = try live.open(query, headers: [(name: "Last-Event-ID", value: id)])
        _ = try await back.begin()
        let told = try #require(try await back.next())
        #expect(told.json?["data"]?["thresholdReached"]?["count"] == .integer(live.favorites()))

        let again = try live.open(query, headers: [(name: "Last-Event-ID", value: told.id ?? "")])
        _ = try await again.begin()
        let fresh = try live.open(query)
        _ = try await fresh.begin()
        #expect(try await fresh.next()?.data == nil)
        let included = try live.open(Self.threshold(begin + 1, ", includeReached: true"))
        _ = try await included.begin()
        #expect(try await included.next()?.json?["data"]?["thresholdReached"] != nil)
        // Whoever has been told has nothing else to read.
        live.bed.server.live.close()
        for client in [back, again, fresh, included] {
            #expect(try await client.next()?.name == "complete")
        }
    }

    @Test("say what cannot be seen, once")
    func unseen() async throws {
        let live = try LiveBed()
        let query = """
            subscription { thresholdReached(tweetIds: ["1"], metric: IMPRESSIONS, atLeast: 5) { count } }
            """
        let client = try live.open(query)
        _ = try await client.begin()
        let event = try #require(try await client.next())
        #expect(event.json?["data"] == .null)
        #expect(event.json?["errors"]?[0]?["extensions"]?["code"]?.string?.isEmpty == false)
    }

    @Test("have one response and the end for whatever is no subscription, or is refused")
    func single() async throws {
        let bed = try TestBed()
        let cases: [(query: String, data: String)] = [
            ("{ __typename }", "{\"data\":{\"__typename\":\"Query\"}}"),
            ("{ nothing }", "{\"errors\":["),
            ("subscription { totals(tweetIds: []) { nothing } }", "{\"errors\":["),
            ("subscription { totals(tweetIds: [], everySeconds: 0) { favorites } }", "{\"errors\":["),
        ]
        for (query, data) in cases {
            let response = try await bed.send(headers: TestBed.json + [Self.stream], body: TestBed.body(query, nil))
            #expect(response.status == 200)
            #expect(response.contentType == "text/event-stream; charset=utf-8")
            #expect(response.text.hasPrefix("event: next\ndata: \(data)"))
            #expect(response.text.hasSuffix("\n\nevent: complete\ndata:\n\n"))
        }
    }

    /// What is accepted, and what a query and a subscription get.
    private static let negotiationCases: [(accept: String, query: String, subscription: String)] = [
        ("*/*", "application/json", "application/json"),
        ("application/json", "application/json", "application/json"),
        ("text/event-stream", "text/event-stream", "text/event-stream"),
        ("text/event-stream, */*;q=0.1", "text/event-stream", "text/event-stream"),
        (
            "application/graphql-response+json, application/json, text/event-stream, multipart/mixed",
            "application/graphql-response+json", "text/event-stream"
        ),
        ("application/json, text/event-stream;q=0", "application/json", "application/json"),
    ]

    @Test("come to whoever accepts them by name", arguments: negotiationCases)
    func negotiation(_ accept: String, _ query: String, _ subscription: String) async throws {
        let live = try LiveBed()
        let response = try await live.bed.send(.post(TestBed.body("{ __typename }", nil), accept: accept))
        #expect(response.contentType.hasPrefix(query))
        let body = TestBed.body(Self.totals, nil)
        let head = "POST /graphql HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nAccept: \(accept)\r\n"
        let client = try EventClient(live.bed, Array((head + "Content-Length: \(body.count)\r\n\r\n").utf8) + body)
        _ = try await client.begin()
        #expect(client.head.contains("Content-Type: \(subscription)"))
    }

    @Test("are refused to pages of other sites, beyond the limit, and with an id of another subscription")
    func refused() async throws {
        let live = try LiveBed { server, _ in server.live.maximumSubscriptions = 1 }
        let bed = live.bed
        let page = [Self.stream, (name: "Origin", value: "https://page.example")]
        let foreign = try await bed.send(.get([(name: "query", value: Self.totals)], headers: page))
        #expect(foreign.status == 403 && foreign.code == "CROSS_ORIGIN")
        let headers = TestBed.json + [Self.stream, (name: "Last-Event-ID", value: "rubbish")]
        let id = try await bed.send(headers: headers, body: TestBed.body(Self.threshold(5), nil))
        #expect(id.status == 400 && id.code == "UNKNOWN_EVENT_ID")
        let client = try live.open(Self.totals)
        _ = try await client.begin()
        _ = try await client.next()
        let many = try await bed.send(headers: TestBed.json + [Self.stream], body: TestBed.body(Self.totals, nil))
        #expect(many.status == 503 && many.code == "TOO_MANY_SUBSCRIPTIONS")
        #expect(many.header("Retry-After") != nil)
    }

    @Test("end when their client has left: a sign of life finds out", arguments: [true, false])
    func abandoned(_ isReset: Bool) async throws {
        let live = try LiveBed { server, _ in server.live.keepAliveSeconds = 60 }
        do {
            let client = try live.open(Self.totals)
            _ = try await client.begin()
            _ = try await client.next()
            if isReset { client.client.resetOnClose() }
        }
        // The system tells only after something was sent, or after the second time.
        try await until {
            live.sleep.advance(seconds: 60)
            return try await live.metrics().contains("engageql_live_subscriptions 0\n")
        }
        try await live.settle(0)
    }

    @Test("Without a stream a subscription is refused, and says what to send")
    func noStream() async throws {
        let bed = try TestBed()
        let response = try await bed.send(body: TestBed.body(Self.totals, nil))
        #expect(response.code == "NEEDS_EVENT_STREAM" && response.data == .null)
        #expect(bed.sandbox.calls.isEmpty)
    }
}

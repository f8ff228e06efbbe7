import Engagement
import EngagementSandbox
import Foundation
import JSON
import MicroHTTP
import Synchronization
import TestSupport
import Testing

@testable import EngagementServer

/// Subscriptions over WebSocket, and what keeps clients within bounds.
@Suite("WebSockets")
struct SocketTests {
    private static let totals = "subscription { totals(tweetIds: [\"\(LiveBed.tweet)\"]) { favorites } }"

    private static func threshold(_ count: Int64) -> String {
        "subscription { thresholdReached(tweetIds: [\"\(LiveBed.tweet)\"], metric: FAVORITES, atLeast: \(count)) { count } }"
    }

    private static func event(_ count: Int64) -> JSONValue {
        ["id": "1", "type": "next", "payload": ["data": ["totals": [["favorites": .integer(count)]]]]]
    }

    @Test("tell each change, and go away with the server, so that clients come back")
    func whole() async throws {
        let live = try LiveBed()
        let client = try await SocketClient.greeted(live.bed)
        #expect(client.response.header("Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
        #expect(client.response.header("Sec-WebSocket-Protocol") == "graphql-transport-ws")
        client.subscribe(Self.totals)
        #expect(try await client.receive() == Self.event(live.favorites()))
        let before = live.favorites()
        // Those who sleep: the channel, the signs of life of subscriptions, and those of sockets.
        while live.favorites() == before { try await live.minute(3) }
        #expect(try await client.receive() == Self.event(live.favorites()))
        let metrics = try await live.metrics()
        #expect(metrics.contains("engageql_live_sockets 1\n") && metrics.contains("engageql_live_operations_total 1\n"))
        let drained = Task { [server = live.bed.server] in await server.drain() }
        #expect(try await client.frame()?.closure == "1001 The server is stopping")
        client.client.send(.close(1001, ""))
        #expect(try await client.frame() == nil)
        await drained.value
        #expect(live.bed.server.sockets.count == 0)
    }

    @Test("A subscription that its client ends says no more, and gives its place up")
    func complete() async throws {
        let live = try LiveBed()
        let client = try await SocketClient.greeted(live.bed)
        for id in ["2", "1"] {
            client.subscribe(Self.totals, id: id)
            #expect(try await client.receive()?["id"] == .string(id))
        }
        client.send(["id": "2", "type": "complete"])
        try await until { try await live.metrics().contains("engageql_live_subscriptions 1\n") }
        let before = live.favorites()
        while live.favorites() == before { try await live.minute(3) }
        #expect(try await client.receive() == Self.event(live.favorites()))
        client.send(["type": "ping"])
        #expect(try await client.receive() == ["type": "pong"])
    }

    @Test("A query that its client ends holds up nothing, and its id is free")
    func cancelledQuery() async throws {
        let bed = try TestBed.patient()
        try await bed.put("faults", ["faults": [["fault": "stall", "milliseconds": 600_000]]])
        let client = try await SocketClient.greeted(bed)
        client.subscribe("{ totals(tweetIds: [\"12\"]) { favorites } }")
        client.send(["id": "1", "type": "complete"])
        client.subscribe("{ __typename }")
        #expect(try await client.receive()?["payload"] == ["data": ["__typename": "Query"]])
        #expect(try await client.receive() == ["id": "1", "type": "complete"])
    }

    @Test("Places: who asks is told where it is, and goes on from there")
    func places() async throws {
        let live = try LiveBed()
        let begin = live.favorites()
        let later = live.bed.sandbox.metrics.total(
            tweet: LiveBed.tweet,
            type: .favorites,
            asOf: live.now.advanced(bySeconds: 3600)
        )
        try #require(later > begin + 1)
        let target = begin + (later - begin) / 2
        let first = try await SocketClient.greeted(live.bed)
        first.subscribe(Self.threshold(target), extensions: ["lastEventId": ""])
        // It is not reached yet: nothing to see, but a place.
        let place = try #require(try await first.receive())
        #expect(place["payload"]?["data"] == .null)
        let id = try #require(place["payload"]?["extensions"]?["lastEventId"]?.string)
        first.client.send(.close(1000, ""))
        #expect(try await first.frame()?.closure == "1000 ")
        try await until { try await live.metrics().contains("engageql_live_subscriptions 0\n") }

        // It is reached while nobody is there.
        live.bed.clock.advance(seconds: 3600)
        let second = try await SocketClient.greeted(live.bed)
        second.subscribe(Self.threshold(target), extensions: ["lastEventId": .string(id)])
        let crossing = try #require(try await second.receive())
        #expect(crossing["payload"]?["data"]?["thresholdReached"]?["count"] == .integer(live.favorites()))
        let next = try #require(crossing["payload"]?["extensions"]?["lastEventId"])
        #expect(next != .string(id))

        // And is not told again, nor to one that begins now.
        let third = try await SocketClient.greeted(live.bed)
        third.subscribe(Self.threshold(target), extensions: ["lastEventId": next])
        third.subscribe(Self.threshold(target), id: "2")
        try await until { try await live.metrics().contains("engageql_live_subscriptions 3\n") }
        third.send(["type": "ping"])
        #expect(try await third.receive() == ["type": "pong"])
    }

    @Test("Of totals too; who does not ask is not told")
    func totalPlaces() async throws {
        let live = try LiveBed()
        let client = try await SocketClient.greeted(live.bed)
        client.subscribe(Self.totals)
        let plain = try await client.receive()
        #expect(plain == Self.event(live.favorites()))
        client.subscribe(Self.totals, id: "2", extensions: ["lastEventId": ""])
        let event = try #require(try await client.receive())
        let id = try #require(event["payload"]?["extensions"]?["lastEventId"])
        // Who has it already is told nothing; the answer to a ping shows it.
        client.subscribe(Self.totals, id: "3", extensions: ["lastEventId": id])
        client.send(["type": "ping"])
        #expect(try await client.receive() == ["type": "pong"])
        #expect(live.bed.server.live.counts == (3, 1))
    }

    @Test("Subscribers over both protocols share one channel")
    func shared() async throws {
        let live = try LiveBed()
        let client = try await SocketClient.greeted(live.bed)
        client.subscribe(Self.totals)
        _ = try await client.receive()
        let stream = try live.open(Self.totals)
        _ = try await stream.begin()
        _ = try await stream.next()
        #expect(live.bed.server.live.counts == (2, 1))
        #expect(live.bed.sandbox.calls.count == 1)
    }

    /// The whole schema: some hundred kilobytes.
    private static let introspection =
        "{ __schema { types { name description fields { name description args { name description } } } } }"

    // MARK: - Bounds

    @Test("A client that does not say hello is let go")
    func greetingTimeout() async throws {
        let live = try LiveBed { server, _ in server.live.initSeconds = 7 }
        let silent = try await SocketClient(live.bed)
        let greeted = try await SocketClient.greeted(live.bed)
        // The signs of life, and one who waits for a hello.
        try await live.settle(2)
        live.sleep.advance(seconds: 7)
        #expect(try await silent.frame()?.closure == "4408 Connection initialisation timeout")
        greeted.subscribe("{ __typename }")
        #expect(try await greeted.receive()?["type"] == "next")
    }

    @Test("No more sockets than there may be; who leaves makes room")
    func sockets() async throws {
        let bed = try TestBed.patient { server in server.live.maximumSockets = 2 }
        var clients = try await [SocketClient.greeted(bed), SocketClient.greeted(bed)]
        let refused = try await SocketClient(bed)
        #expect(refused.response.status == 503 && refused.response.code == "TOO_MANY_SOCKETS")
        #expect(refused.response.header("Retry-After") == "30")
        clients.removeLast()
        try await until { try await SocketClient(bed).response.status == 101 }
    }

    @Test("Switched off, they are refused")
    func off() async throws {
        let bed = try TestBed.patient { server in server.live.maximumSockets = 0 }
        let refused = try await SocketClient(bed)
        #expect(refused.response.status == 400 && refused.response.code == "NO_WEBSOCKETS")
    }

    @Test("A message that is too large, and a flood of small ones, end the connection")
    func flood() async throws {
        let bed = try TestBed.patient { server in
            server.live.maximumMessageBytes = 1024
            server.live.maximumMessages = 100
        }
        let large = try await SocketClient.greeted(bed)
        large.subscribe("{ __typename } # " + String(repeating: "x", count: 1024))
        #expect(try await large.frame()?.closure?.hasPrefix("1009 ") == true)
        for frame in [
            WebSocketFrame.ping, .text("{\"type\":\"pong\"}"), WebSocketFrame(opcode: 0, payload: [], isFinal: false),
        ] {
            let many = try await SocketClient.greeted(bed)
            if frame.opcode == 0 { many.client.send(WebSocketFrame(opcode: 1, payload: [], isFinal: false)) }
            for _ in 0..<100 { many.client.send(frame) }
            var closure: String?
            while closure == nil, let frame = try await many.frame() { closure = frame.closure }
            #expect(closure == "1008 Too many messages (live.messages)")
        }
    }

    @Test("Who is silent gets pings; who does not answer two of them is gone")
    func silence() async throws {
        let live = try LiveBed { server, _ in server.live.keepAliveSeconds = 60 }
        let alive = try await SocketClient.greeted(live.bed)
        let dead = try await SocketClient.greeted(live.bed)
        for _ in 0..<5 {
            try await live.settle(1)
            live.sleep.advance(seconds: 60)
            let ping = try await onThread { try alive.client.readFrame() }
            #expect(ping == .ping)
            alive.client.send(WebSocketFrame(opcode: 10, payload: []))
            // The answer has arrived when that to the next message has.
            alive.send(["type": "ping"])
            #expect(try await alive.receive() == ["type": "pong"])
        }
        try await until { live.bed.server.sockets.count == 1 }
        let frames = try await onThread {
            var frames: [WebSocketFrame] = []
            while let frame = try dead.client.readFrame() { frames.append(frame) }
            return frames
        }
        #expect(frames == [.ping, .ping])
    }

    @Test("A client that does not read gets the newest when it does, and not what was in between")
    func slowReader() async throws {
        let live = try LiveBed()
        let client = try await SocketClient.greeted(live.bed)
        client.subscribe(Self.totals)
        #expect(try await client.receive() == Self.event(live.favorites()))
        // Answers that are more than the buffers of two sockets have room for, so that what comes behind them waits.
        for index in 2...60 { client.subscribe(Self.introspection, id: "\(index)") }
        var counts: [Int64] = []
        for _ in 0..<10 {
            try await live.minute(3)
            counts.append(live.favorites())
        }
        try #require(Set(counts).count > 3)
        var told: [Int64] = []
        while told.last != counts.last {
            let message = try #require(try await client.receive())
            if let count = message["payload"]?["data"]?["totals"]?[0]?["favorites"]?.integer { told.append(count) }
        }
        // The first may have been on its way already when it was no longer the newest.
        #expect(told.count <= 2)
    }

    @Test("A client that takes nothing of what it asks for is gone, whatever it sends meanwhile")
    func takesNothing() async throws {
        let live = try LiveBed { server, _ in server.live.keepAliveSeconds = 60 }
        let client = try await SocketClient.greeted(live.bed)
        // More than the buffers of two sockets have room for.
        for index in 1...60 { client.subscribe(Self.introspection, id: "\(index)") }
        try await until {
            client.send(["id": "none", "type": "complete"])
            if live.sleep.count == 1 { live.sleep.advance(seconds: 60) }
            return live.bed.server.sockets.count == 0
        }
    }

    @Test(
        "A thousand sockets with a subscription each cost the calls of one, no threads, and are told each change",
        .enabled(if: SocketTests.hasDescriptors)
    )
    func thousand() async throws {
        let live = try LiveBed { server, _ in
            server.http.maximumConnections = 2000
            server.live.maximumSockets = 1000
        }
        let threads = Self.threads
        var clients: [SocketClient] = []
        for _ in 0..<1000 {
            let client = try await SocketClient.greeted(live.bed)
            client.subscribe(Self.totals)
            clients.append(client)
        }
        for client in clients { #expect(try await client.receive() == Self.event(live.favorites())) }
        #expect(live.bed.server.live.counts == (1000, 1))
        let before = live.favorites()
        while live.favorites() == before { try await live.minute(3) }
        for client in clients { #expect(try await client.receive() == Self.event(live.favorites())) }
        let looks = (live.now.milliseconds - LiveBed.start.milliseconds) / 60_000 + 1
        #expect(live.bed.sandbox.calls.count == Int(looks))
        // One waits for all sockets. Tests beside this one have some of their own.
        #expect(Self.threads - threads < 500)
        clients.removeAll()
        try await until { live.bed.server.live.counts.subscriptions == 0 }
        try await until { live.bed.server.sockets.count == 0 }
    }

    /// How many threads this process has.
    private static var threads: Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count) ?? 0
    }

    /// Whether this process may have both ends of a thousand sockets, and files besides.
    private static let hasDescriptors: Bool = {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return false }
        limit.rlim_cur = max(limit.rlim_cur, min(limit.rlim_max, 8192))
        return unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 && limit.rlim_cur >= 4096
    }()
}

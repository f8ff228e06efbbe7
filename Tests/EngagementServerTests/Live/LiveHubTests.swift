import Bytes
import Engagement
import EngagementAPI
import EngagementGraph
import EngagementSandbox
import GraphQL
import JSON
import Synchronization
import TestSupport
import Testing

@testable import EngagementServer

@Suite("Those who watch the same are served by the same calls")
struct LiveHubTests {
    /// What each subscriber was told.
    private final class Told: Sendable {
        private let lists: Mutex<[[String]]>

        init(_ count: Int) { lists = Mutex(Array(repeating: [], count: count)) }

        var all: [[String]] { lists.withLock { $0 } }

        func note(_ text: String, _ subscriber: Int) { lists.withLock { $0[subscriber].append(text) } }
    }

    /// How many calls so many subscribers cost in ten minutes, and what each was told.
    private func watch(_ subscribers: Int) async throws -> (calls: Int, told: [[String]], expected: [String]) {
        let live = try LiveBed()
        let hub = live.bed.server.live
        // Every tenth asks in words of its own.
        let queries = (0..<subscribers).map { index in
            let alias = index % 10 == 9 ? "n\(index): " : "n: "
            return "subscription { \(alias)totals(tweetIds: [\"\(LiveBed.tweet)\"]) { n: favorites } }"
        }
        let channels = Set(queries).count
        let told = Told(subscribers)
        var readers: [Task<Void, Never>] = []
        for (index, query) in queries.enumerated() {
            let ticket = try hub.subscribe(try operation(query), key: Array(query.utf8))
            readers.append(
                Task {
                    while case .next(let bytes, _) = await ticket.mailbox.next() {
                        let number =
                            bytes.text.split(separator: ":").last.map { String($0.prefix { $0.isNumber }) } ?? ""
                        told.note(number, index)
                    }
                }
            )
        }
        var expected = ["\(live.favorites())"]
        try await live.settle(channels + 1)
        for _ in 0..<10 {
            try await live.minute(channels + 1)
            let count = "\(live.favorites())"
            if count != expected.last { expected.append(count) }
            // Everybody has read it before the next look: else they would be told the newest only.
            try await until { !told.all.contains { $0.last != count } }
        }
        #expect(hub.counts == (subscribers, channels))
        hub.close()
        for reader in readers { await reader.value }
        return (live.bed.sandbox.calls.count, told.all, expected)
    }

    @Test("A thousand subscribers to one Tweet cost the calls of one, and each is told each change once")
    func thousand() async throws {
        let one = try await watch(1)
        #expect(one.expected.count > 5)
        #expect(one.told == [one.expected])
        // One at once, and one at each look, since the number lives for half a minute.
        #expect(one.calls == 11)
        let thousand = try await watch(1000)
        #expect(thousand.told.allSatisfy { $0 == thousand.expected })
        #expect(thousand.calls == one.calls)
    }

    @Test("The last to leave ends the looks")
    func leave() async throws {
        let live = try LiveBed()
        let hub = live.bed.server.live
        let query = "subscription { totals(tweetIds: [\"\(LiveBed.tweet)\"]) { favorites } }"
        var tickets = try (0..<3).map { _ in try hub.subscribe(try operation(query), key: [1]) }
        try await live.settle(2)
        tickets.removeLast(2)
        #expect(hub.counts == (1, 1))
        tickets = []
        #expect(hub.counts == (0, 0))
        try await live.settle(0)
        // And the next one begins anew.
        tickets = [try hub.subscribe(try operation(query), key: [1])]
        try await live.settle(2)
        #expect(live.bed.sandbox.calls.count == 1)
        #expect(tickets.count == 1)
    }

    @Test("A channel that has come to its end takes nobody in, who would wait for ever")
    func ended() async throws {
        let live = try LiveBed()
        let runner = live.bed.server.router.own.runner
        let query = "subscription { totals(list: \"gone\") { favorites } }"
        let sleep = live.sleep
        let channel = LiveChannel(try operation(query), everySeconds: 60, runner: runner) { try await sleep.sleep($0) }
        let mailbox = LiveMailbox()
        #expect(channel.add(mailbox))
        var isComplete = false
        while !isComplete { if case .complete = await mailbox.next() { isComplete = true } }
        #expect(!channel.add(LiveMailbox()))
        #expect(channel.mailboxes.count == 1)
    }

    @Test("No more than there may be, and none when the server stops")
    func limits() async throws {
        let live = try LiveBed { server, _ in server.live.maximumSubscriptions = 2 }
        let hub = live.bed.server.live
        let query = "subscription { totals(tweetIds: [\"\(LiveBed.tweet)\"]) { favorites } }"
        var tickets = try (0..<2).map { try hub.subscribe(try operation(query), key: [UInt8($0)]) }
        #expect(throws: LiveRefusal.self) { try hub.subscribe(try operation(query), key: [7]) }
        tickets.removeLast()
        tickets.append(try hub.subscribe(try operation(query), key: [7]))
        hub.close()
        #expect(throws: LiveRefusal.self) { try hub.subscribe(try operation(query), key: [7]) }
        for ticket in tickets {
            var isComplete = false
            while !isComplete { if case .complete = await ticket.mailbox.next() { isComplete = true } }
        }
    }

    @Test("What cannot be renewed is said to be old, once, and no event comes for it again")
    func outage() async throws {
        let live = try LiveBed { server, sandbox in
            sandbox.quotaPerMinute = 100_000
            server.upstream.breaker.failures = 1000
        }
        let client = try live.open("subscription { totals(tweetIds: [\"\(LiveBed.tweet)\"]) { favorites } }")
        _ = try await client.begin()
        let first = try await client.next()
        let count = live.favorites()
        #expect(first?.json?["data"]?["totals"]?[0]?["favorites"] == .integer(count))
        try await live.settle(2)
        try await live.bed.put(
            "faults",
            .object([.init("faults", .array([.object([.init("fault", .string("503"))])]))])
        )
        for _ in 0..<3 { try await live.minute() }
        let stale = try await client.next()
        #expect(stale?.json?["data"]?["totals"]?[0]?["favorites"] == .integer(count))
        #expect(stale?.json?["extensions"]?["warnings"]?[0]?["code"] == .string("STALE"))
        try await live.bed.put("faults", .object([.init("faults", .array([]))]))
        try await live.minute()
        let fresh = try await client.next()
        #expect(fresh?.json?["data"]?["totals"]?[0]?["favorites"] == .integer(live.favorites()))
        #expect(fresh?.json?["extensions"] == nil)
    }

    private func operation(_ query: String) throws -> GraphQL.Operation {
        try PreparedDocument(Source(query), schema: try Self.schema.get().schema).operation(named: nil).bind()
    }

    private static let schema = Result {
        try EngagementSchema(Source(try Server.contents(of: TestBed.packageFolder + "/schema.graphql")))
    }
}

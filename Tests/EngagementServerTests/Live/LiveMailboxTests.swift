import Bytes
import Engagement
import EngagementGraph
import Foundation
import GraphQL
import JSON
import TestSupport
import Testing

@testable import EngagementServer

@Suite("What a subscriber is sent")
struct LiveMailboxTests {
    private static let threshold = Threshold(metric: .favorites, atLeast: 100, includesReached: false)

    private static func cells(_ counts: [Int64?]) -> [(tweet: TweetID, cell: Cell)] {
        counts.enumerated().map { index, count in
            let tweet = TweetID(rawValue: 2_000_000_000_000_000_000 + UInt64(index))
            let state: Cell.State = count == nil ? .missing : .counted
            return (tweet, Cell(count: count ?? 0, fetchedAt: 1, state: state, freshness: .fresh))
        }
    }

    private static func told(_ crossings: [ThresholdCrossing]) -> [Int] {
        crossings.map { Int($0.tweet.rawValue - 2_000_000_000_000_000_000) }
    }

    // MARK: - Thresholds

    /// Looks one after the other, and who is told at each.
    private static let looks: [(includesReached: Bool, looks: [[Int64?]], told: [[Int]])] = [
        // Who has as many at the beginning is not told; who reaches it is, once, whatever comes after.
        (
            false, [[100, 99, 5], [101, 100, 5], [99, 99, 5], [100, 100, 5], [100, 100, 500]], [[], [1], [], [], [2]]
        ),
        (true, [[100, 99], [100, 100], [100, 100]], [[0], [1], []]),
        // The first number that there is, is where a Tweet begins.
        (false, [[nil, nil], [100, 1], [100, 100]], [[], [], [1]]),
        // What cannot be seen for a while is told when it can.
        (false, [[99, 99], [nil, nil], [nil, 100], [100, nil]], [[], [], [1], [0]]),
    ]

    @Test("Each Tweet is told once that it has reached a threshold", arguments: looks)
    func thresholds(_ includesReached: Bool, _ looks: [[Int64?]], _ told: [[Int]]) {
        let threshold = Threshold(metric: .favorites, atLeast: 100, includesReached: includesReached)
        var progress = ThresholdProgress(threshold)
        for (look, expected) in zip(looks, told) {
            #expect(Self.told(progress.advance(Self.cells(look))) == expected)
            // Whoever goes on from the id is where the other one is.
            let again = ThresholdProgress(eventID: progress.eventID, of: threshold)
            #expect(again == progress)
        }
    }

    @Test("An id is the version, the metric, the number, and two sets of Tweets as steps of seven bits a byte")
    func eventID() throws {
        let threshold = Threshold(metric: .favorites, atLeast: 300, includesReached: true)
        var progress = ThresholdProgress(threshold)
        let tweets = [TweetID(rawValue: 1000), TweetID(rawValue: 1003), TweetID(rawValue: 7)]
        let counts: [Int64?] = [300, 301, nil]
        _ = progress.advance(
            zip(tweets, counts).map { tweet, count in
                (
                    tweet,
                    Cell(count: count ?? 0, fetchedAt: 1, state: count == nil ? .missing : .counted, freshness: .fresh)
                )
            }
        )
        // 300 = 2·128 + 44, 1000 = 7·128 + 104; 1003 is 3 more.
        let bytes: [UInt8] = [1, EngagementType.favorites.rawValue, 0xAC, 2, 2, 0xE8, 7, 3, 1, 7]
        #expect(progress.eventID == Data(bytes).base64EncodedString())
    }

    @Test("An id that is none of the threshold's is not taken for one")
    func foreignIDs() throws {
        var progress = ThresholdProgress(Self.threshold)
        _ = progress.advance(Self.cells([100, 1]))
        let id = progress.eventID
        for other in [
            Threshold(metric: .replies, atLeast: 100, includesReached: false),
            Threshold(metric: .favorites, atLeast: 101, includesReached: false),
        ] {
            #expect(ThresholdProgress(eventID: id, of: other) == nil)
        }
        let bytes = [UInt8](try #require(Data(base64Encoded: id)))
        for count in 0..<bytes.count {
            #expect(ThresholdProgress(eventID: Data(bytes[..<count]).base64EncodedString(), of: Self.threshold) == nil)
        }
        for text in ["", "x", "AQ==", "AQIB//////////////8=", id + "AAAA"] {
            #expect(ThresholdProgress(eventID: text, of: Self.threshold) == nil)
        }
    }

    @Test("Across reconnects at any moment each Tweet is told exactly once", arguments: 0..<200)
    func reconnects(_ seed: Int) async throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let writer = try Self.writer()
        var counts = (0..<12).map { _ in Int64.random(in: 80...105, using: &random) }
        let initial = counts
        var highest = counts
        var told: [Int: Int] = [:]
        var id: String?
        var mailbox = LiveMailbox(progress: ThresholdProgress(Self.threshold), writer: writer)
        for number in 1...60 {
            for tweet in counts.indices { counts[tweet] += Int64.random(in: -2...3, using: &random) }
            if number == 1 { counts = initial }
            highest = zip(highest, counts).map { max($0, $1) }
            mailbox.receive(LiveLook(number: number, response: nil, mark: "", watched: Self.cells(counts)))
            // The client reads some of what there is, and may leave in the midst of it. The first look is told whole.
            var unread = number == 1 || number == 60 ? 100 : Int.random(in: 0...2, using: &random)
            while unread > 0 {
                unread -= 1
                mailbox.beat()
                let event = await Self.nextOrBeat(mailbox)
                guard let event else { break }
                if case .next(let bytes, let next) = event {
                    let tweet = try #require(
                        try JSONValue(parsing: bytes.array)["data"]?["thresholdReached"]?["tweetId"]?.string
                    )
                    told[Int(try #require(UInt64(tweet)) - 2_000_000_000_000_000_000), default: 0] += 1
                    id = next
                } else if case .place(let next) = event {
                    id = next
                }
            }
            if number < 60, number > 1, Bool.random(using: &random) {
                let earlier = try #require(id.flatMap { ThresholdProgress(eventID: $0, of: Self.threshold) })
                mailbox = LiveMailbox(progress: earlier, writer: writer)
                mailbox.receive(LiveLook(number: number, response: nil, mark: "", watched: Self.cells(counts)))
            }
        }
        for tweet in counts.indices {
            let count = told[tweet] ?? 0
            if initial[tweet] >= 100 || highest[tweet] < 100 { #expect(count == 0) } else { #expect(count <= 1) }
            // Seen above by the last look: told by now.
            if initial[tweet] < 100, counts[tweet] >= 100 { #expect(count == 1) }
        }
    }

    // MARK: - Changes

    private static func look(_ number: Int, _ text: String) -> LiveLook {
        LiveLook(number: number, response: ByteString(text), mark: text)
    }

    @Test("A client that reads slowly gets the newest, and nothing piles up")
    func slow() async {
        let mailbox = LiveMailbox()
        mailbox.receive(Self.look(1, "first"))
        #expect(await Self.texts(mailbox) == ["first"])
        for number in 2...10_000 { mailbox.receive(Self.look(number, "\(number)")) }
        #expect(await Self.texts(mailbox) == ["10000"])
        // Back where the client is: there is nothing to tell.
        mailbox.receive(Self.look(10_001, "other"))
        mailbox.receive(Self.look(10_002, "10000"))
        #expect(await Self.texts(mailbox) == [])
    }

    @Test("Who comes back with the mark of what there is gets nothing until it changes")
    func comeBack() async {
        let mailbox = LiveMailbox(seenMark: "same")
        mailbox.receive(Self.look(1, "same"))
        #expect(await Self.texts(mailbox) == [])
        mailbox.receive(Self.look(2, "new"))
        #expect(await Self.texts(mailbox) == ["new"])
        mailbox.receive(Self.look(2, "late"))
        mailbox.receive(Self.look(1, "later"))
        #expect(await Self.texts(mailbox) == [])
    }

    @Test("The end comes after what is there, and to whoever waits, also when its task is cancelled")
    func complete() async {
        let mailbox = LiveMailbox()
        mailbox.receive(Self.look(1, "last"))
        mailbox.complete()
        #expect(await Self.texts(mailbox) == ["last", "complete"])
        let waiting = Task { await LiveMailbox().next() }
        waiting.cancel()
        guard case .complete = await waiting.value else {
            Issue.record("a cancelled task waits for events")
            return
        }
    }

    // MARK: - Helpers

    /// What there is to be sent, up to the end.
    private static func texts(_ mailbox: LiveMailbox) async -> [String] {
        var texts: [String] = []
        while let event = await nextOrBeat(mailbox) {
            if case .next(let bytes, _) = event { texts.append(bytes.text) }
            if case .complete = event { return texts + ["complete"] }
        }
        return texts
    }

    /// The next event, or nil if there is none now.
    private static func nextOrBeat(_ mailbox: LiveMailbox) async -> LiveMailbox.Event? {
        let event = Task { await mailbox.next() }
        let beats = Task {
            while !Task.isCancelled {
                mailbox.beat()
                await Task.yield()
            }
        }
        defer { beats.cancel() }
        if case .beat = await event.value { return nil }
        return await event.value
    }

    private static func writer() throws -> CrossingWriter {
        let schema = try EngagementSchema(Source(try Server.contents(of: TestBed.packageFolder + "/schema.graphql")))
        let query = "subscription { thresholdReached(tweetIds: [1], metric: FAVORITES, atLeast: 100) { tweetId } }"
        let operation = try PreparedDocument(Source(query), schema: schema.schema).operation(named: nil).bind()
        let plan = try Planner(schema).plan(operation, account: AccountName("a"), now: TestBed.start)
        return CrossingWriter(operation: operation, plan: plan, schema: schema)
    }
}

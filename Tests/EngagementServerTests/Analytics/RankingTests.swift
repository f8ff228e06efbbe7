import Engagement
import EngagementGraph
import EngagementSandbox
import EngagementServer
import JSON
import TestSupport
import Testing

/// `orderBy` and `first` over more Tweets than a response may have, against the sandbox's arithmetic.
@Suite("The best rows of very many Tweets")
struct RankingTests {
    private static let count = 3000
    private static let tweets = (0..<count).map { tweet(hoursOld: 500, UInt64($0)) }
    private static let variables = JSONValue.object([
        .init("ids", .array(tweets.map { .string($0.description) }))
    ])

    /// Three thousand Tweets at a time for ranking, ten for everything else.
    private static func bed(
        adjust: (inout ServerConfiguration) -> Void = { _ in }
    ) throws -> TestBed {
        try TestBed { server, _ in
            server.limits.plan.maximumTweets = 10
            server.limits.rankedTweets = count
            adjust(&server)
        }
    }

    private static let query = """
        query($ids: [ID!]!) { totals(tweetIds: $ids, orderBy: [{field: FAVORITES}, {field: REPLIES}], first: 7) {
          tweetId favorites rate(of: REPLIES, per: FAVORITES) } }
        """

    private func expected(_ bed: TestBed) -> [(tweet: String, favorites: Int64)] {
        let rows = Self.tweets.map { tweet in
            (
                tweet: tweet.description,
                favorites: bed.sandbox.metrics.total(tweet: tweet, type: .favorites, asOf: TestBed.start),
                replies: bed.sandbox.metrics.total(tweet: tweet, type: .replies, asOf: TestBed.start)
            )
        }
        let sorted = rows.enumerated().sorted { left, right in
            let (a, b) = (left.element, right.element)
            if a.favorites != b.favorites { return a.favorites > b.favorites }
            return a.replies != b.replies ? a.replies > b.replies : left.offset < right.offset
        }
        return sorted.prefix(7).map { ($0.element.tweet, $0.element.favorites) }
    }

    @Test("are exact, and say to caches that any other Tweet may come to the front")
    func exact() async throws {
        let bed = try Self.bed()
        let response = try await bed.send(body: TestBed.body(Self.query, Self.variables))
        let rows = try JSONValue(parsing: response.body)["data"]?["totals"]?.array ?? []
        let expected = expected(bed)
        #expect(rows.map { $0["tweetId"]?.string } == expected.map(\.tweet))
        #expect(rows.map { $0["favorites"]?.integer } == expected.map(\.favorites))
        #expect(response.header("ETag") == nil)
        // 250 Tweets a call.
        #expect(bed.sandbox.calls.count == 12)
        bed.sandbox.forgetCalls()
        #expect(try await bed.ask(Self.query, Self.variables)["data"]?["totals"]?.array == rows)
        #expect(bed.sandbox.calls.isEmpty)
    }

    @Test("are rows of a table too")
    func table() async throws {
        let bed = try Self.bed()
        let headers = TestBed.json + [(name: "Accept", value: "text/csv")]
        let response = try await bed.send(headers: headers, body: TestBed.body(Self.query, Self.variables))
        #expect(response.status == 200)
        let lines = response.text.split(separator: "\r\n")
        #expect(lines.first == "tweetId,favorites,rate")
        #expect(lines.dropFirst().map { $0.prefix { $0 != "," } } == expected(bed).map { $0.tweet[...] })
    }

    @Test("of a series, whose cells are more than a response may have")
    func series() async throws {
        let bed = try TestBed { server, _ in
            server.limits.plan.maximumCells = 5000
        }
        let ids = Self.tweets.prefix(150)
        let variables = JSONValue.object([.init("ids", .array(ids.map { .string($0.description) }))])
        let answer = try await bed.ask(
            """
            query($ids: [ID!]!) { historical(tweetIds: $ids, start: "2026-10-31", end: "2026-11-20", groupBy: [TWEET, HOUR],
              orderBy: [{field: IMPRESSIONS}], first: 4) { tweetId start impressions } }
            """,
            variables
        )
        let window = HourWindow(
            start: UTCHour(index: TestBed.start.flooredHour.day.advanced(by: -20).firstHour.index),
            end: TestBed.start.flooredHour.day.firstHour
        )
        var counts: [(tweet: TweetID, hour: UTCHour, count: Int64)] = []
        for tweet in ids {
            for step in 0..<window.hours {
                let hour = window.start.advanced(by: step)
                let hours = HourWindow(start: hour, end: hour.advanced(by: 1))
                let count = bed.sandbox.metrics.count(tweet: tweet, type: .impressions, in: hours, asOf: TestBed.start)
                counts.append((tweet, hour, count))
            }
        }
        let best = counts.enumerated()
            .sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
            .prefix(4).map(\.element)
        let rows = answer["data"]?["historical"]?.array ?? []
        #expect(rows.map { $0["tweetId"]?.string } == best.map { $0.tweet.description })
        #expect(rows.map { $0["start"]?.string } == best.map { $0.hour.start.iso8601 })
        #expect(rows.map { $0["impressions"]?.integer } == best.map(\.count))
    }

    @Test("say which Tweets could not be looked at, also those that would not be shown")
    func absences() async throws {
        let bed = try Self.bed { $0.limits.plan.maximumTweets = 1 }
        let ids = Self.tweets.prefix(20).map(\.description)
        let variables = JSONValue.object([.init("ids", .array(ids.map { .string($0) }))])
        try await bed.put("faults", .object([.init("faults", .array([.object([.init("fault", .string("503"))])]))]))
        let query = """
            query($ids: [ID!]!) { totals(tweetIds: $ids, orderBy: [{field: REPLIES}], first: 1) { tweetId replies } }
            """
        let failed = try await bed.ask(query, variables)
        #expect(failed["errors"]?.array?.count == 1)
        #expect(failed["errors"]?[0]?["extensions"]?["code"]?.string == "UPSTREAM_UNAVAILABLE")
        #expect(failed["errors"]?[0]?["extensions"]?["tweetIds"]?.array == ids.map { .string($0) })
        #expect(failed["data"]?["totals"]?[0]?["replies"] == .null)
    }

    @Test("cost what nobody can tell before: an explanation is refused, and nothing is looked up")
    func explained() async throws {
        let bed = try Self.bed()
        let extensions = JSONValue.object([.init("explain", .boolean(true))])
        let body = TestBed.body(Self.query, Self.variables, extensions: extensions)
        let answer = try JSONValue(parsing: try await bed.send(body: body).body)
        #expect(answer["errors"]?[0]?["extensions"]?["code"]?.string == "TOO_MANY_TWEETS")
        #expect(bed.sandbox.calls.isEmpty)
    }

    @Test("are refused beyond their limits, and where more are wanted than a response may have")
    func limits() async throws {
        let bed = try Self.bed { $0.limits.rankedTweets = Self.count - 1 }
        let tooMany = try await bed.ask(Self.query, Self.variables)
        #expect(tooMany["errors"]?[0]?["extensions"]?["code"]?.string == "TOO_MANY_TWEETS")
        let wide = try Self.bed()
        let query = Self.query.split(separator: "first: 7").joined(separator: "first: 11")
        let tooWide = try await wide.ask(query, Self.variables)
        #expect(tooWide["errors"]?[0]?["extensions"]?["code"]?.string == "TOO_MANY_TWEETS")
        #expect(wide.sandbox.calls.isEmpty)
    }
}

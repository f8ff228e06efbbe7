import Bytes
import Engagement
import EngagementGraph
import GraphQL
import Testing

/// Growth from histories that are written down: nothing between two observations is ever made up.
@Suite("Rows of growth")
struct GrowthTests {
    /// What was seen of a Tweet, in the order of time.
    private typealias History = [(at: String, count: Int64)]

    /// Posted long ago; the id carries no time.
    private static let old = TweetID(rawValue: 7)
    private static let other = TweetID(rawValue: 8)
    /// Posted on 2026-03-29 at 08:00 of UTC.
    private static let young = TweetID(rawValue: (1_774_771_200_000 - 1_288_834_974_657) << 22)

    private func respond(
        _ query: String,
        _ histories: [TweetID: History],
        states: [TweetID: Cell.State] = [:]
    ) throws -> String {
        let fixture = try GraphFixture()
        let operation = try fixture.operation(query)
        let plan = try fixture.plan(query)
        let tables = plan.needs.map { need in
            var table = MetricTable(need)
            for (row, tweet) in need.tweets.enumerated() {
                for type in need.types.types {
                    for (bucket, moment) in (need.moments ?? []).enumerated() {
                        let seen = histories[tweet]?.last { time($0.at) <= moment }
                        table[row, type, bucket] = Cell(
                            count: seen?.count ?? 0,
                            fetchedAt: seen.map { UInt32(time($0.at).seconds) } ?? 0,
                            state: states[tweet] ?? (seen == nil ? .missing : .counted),
                            freshness: .fresh
                        )
                    }
                }
            }
            return table
        }
        let resolver = EngagementResolver(plan, schema: fixture.schema, tables: tables)
        var buffer = ByteBuffer()
        Executor.execute(operation, with: resolver, additionalErrors: resolver.absences, into: &buffer)
        return buffer.freeze().text
    }

    private static let window = #"start: "2026-03-27", end: "2026-03-31""#

    @Test("Counts at the end of each day, and gains where both ends were seen")
    func days() throws {
        let answer = try respond(
            "{ growth(tweetIds: [7], \(GrowthTests.window)) { date favorites favoritesGained asOf } }",
            [
                GrowthTests.old: [
                    // Nothing on the 28th; twice on the 29th.
                    ("2026-03-27T10:00:00Z", 10), ("2026-03-29T10:00:00Z", 30), ("2026-03-29T23:00:00Z", 34),
                    // At midnight the 30th is over; likes were taken back.
                    ("2026-03-31T00:00:00Z", 31),
                ]
            ]
        )
        #expect(
            answer.contains(
                """
                {"growth":[{"date":"2026-03-27","favorites":10,"favoritesGained":null,"asOf":"2026-03-27T10:00:00Z"},\
                {"date":"2026-03-28","favorites":null,"favoritesGained":null,"asOf":null},\
                {"date":"2026-03-29","favorites":34,"favoritesGained":null,"asOf":"2026-03-29T23:00:00Z"},\
                {"date":"2026-03-30","favorites":31,"favoritesGained":-3,"asOf":"2026-03-31T00:00:00Z"}]}
                """
            )
        )
        #expect(answer.contains(#""code":"NOT_OBSERVED","tweetIds":["7"],"engagementTypes":["FAVORITES"]"#))
    }

    @Test("A Tweet that was posted in a bucket began it with nothing")
    func posted() throws {
        let id = GrowthTests.young
        let answer = try respond(
            "{ growth(tweetIds: [\(id)], start: \"2026-03-28\", end: \"2026-03-31\") { repliesGained } }",
            [id: [("2026-03-29T09:00:00Z", 4), ("2026-03-30T09:00:00Z", 9)]]
        )
        #expect(answer.contains(#"{"growth":[{"repliesGained":null},{"repliesGained":4},{"repliesGained":5}]}"#))
    }

    @Test("The bucket before the first one must have been seen too")
    func first() throws {
        for (before, gained) in [("2026-03-26T00:00:01Z", "6"), ("2026-03-26T00:00:00Z", "null")] {
            let answer = try respond(
                #"{ growth(tweetIds: [7], start: "2026-03-27", end: "2026-03-28") { favorites favoritesGained } }"#,
                [GrowthTests.old: [(before, 10), ("2026-03-27T10:00:00Z", 16)]]
            )
            #expect(answer.contains(#"{"growth":[{"favorites":16,"favoritesGained":\#(gained)}]}"#))
        }
    }

    @Test("A sum is null where one of its Tweets was not seen, and leaves out those that are gone")
    func sums() throws {
        let histories: [TweetID: History] = [
            GrowthTests.old: [
                ("2026-03-27T10:00:00Z", 10), ("2026-03-28T10:00:00Z", 12), ("2026-03-29T10:00:00Z", 15),
            ],
            GrowthTests.other: [("2026-03-28T12:00:00Z", 100), ("2026-03-29T11:00:00Z", 101)],
        ]
        let query = """
            { growth(tweetIds: [7, 8], start: "2026-03-27", end: "2026-03-30", groupBy: [DAY]) { favorites favoritesGained } }
            """
        #expect(
            try respond(query, histories).contains(
                """
                {"growth":[{"favorites":null,"favoritesGained":null},{"favorites":112,"favoritesGained":null},\
                {"favorites":116,"favoritesGained":4}]}
                """
            )
        )
        let answer = try respond(query, histories, states: [GrowthTests.other: .unavailable])
        #expect(
            answer.contains(
                """
                {"growth":[{"favorites":10,"favoritesGained":null},{"favorites":12,"favoritesGained":2},\
                {"favorites":15,"favoritesGained":3}]}
                """
            )
        )
        #expect(answer.contains(#""code":"TWEET_UNAVAILABLE","tweetIds":["8"]"#))
    }

    @Test("Rows are sorted by what was gained, those without a gain last; days are those of the zone")
    func sorted() throws {
        let answer = try respond(
            """
            { growth(tweetIds: [7], start: "2026-03-26T23:00:00Z", end: "2026-03-30T22:00:00Z", timeZone: "Europe/Berlin",
              orderBy: [{field: FAVORITES_GAINED, direction: ASCENDING}], first: 3) { date start } }
            """,
            [
                GrowthTests.old: [
                    // Two hours before noon of each day, but for the 28th, at whose end clocks go forward.
                    ("2026-03-27T22:30:00Z", 10), ("2026-03-28T22:59:00Z", 19), ("2026-03-29T21:59:00Z", 21),
                    ("2026-03-30T21:00:00Z", 26),
                ]
            ]
        )
        #expect(
            answer.contains(
                """
                {"growth":[{"date":"2026-03-29","start":"2026-03-28T23:00:00Z"},\
                {"date":"2026-03-30","start":"2026-03-29T22:00:00Z"},\
                {"date":"2026-03-28","start":"2026-03-27T23:00:00Z"}]}
                """
            )
        )
    }

    @Test("The plan asks for lifetime counts as of the ends of the buckets, and for the types that are shown")
    func plan() throws {
        let plan = try GraphFixture().plan(
            "{ growth(tweetIds: [7], \(GrowthTests.window), groupBy: [WEEK]) { favorites impressionsGained } }"
        )
        let need = try #require(plan.needs.first)
        // The 30th is a Monday.
        #expect(need.moments == ["2026-03-27", "2026-03-30", "2026-03-31"].map { time($0) })
        #expect(need.family == .totals && need.window == nil)
        #expect(need.types == EngagementTypeSet([.favorites, .impressions]))
    }

    @Test(
        "Totals of different moments are different needs; of the same moment one",
        arguments: [
            (
                "{ a: totals(tweetIds: [1], asOf: \"2026-03-01\") { favorites } b: totals(tweetIds: [2], asOf: \"2026-03-01\") { favorites } }",
                1
            ),
            (
                "{ a: totals(tweetIds: [1], asOf: \"2026-03-01\") { favorites } b: totals(tweetIds: [1]) { favorites } }",
                2
            ),
            ("{ a: totals(tweetIds: [1], asOf: null) { favorites } b: totals(tweetIds: [1]) { favorites } }", 1),
        ]
    )
    func needs(_ query: String, _ count: Int) throws {
        #expect(try GraphFixture().plan(query).needs.count == count)
    }

    @Test("The moment of totals has come", arguments: [("2026-03-31T10:30:00Z", 0), ("2026-03-31T10:30:01Z", 1)])
    func future(_ moment: String, _ refusals: Int) throws {
        let query = "{ tweet(id: 1) { totals(asOf: \"\(moment)\") { favorites } } }"
        let found = try GraphFixture().refusals(query)
        #expect(found.map(\.code) == Array(repeating: "INVALID_AS_OF", count: refusals))
    }
}

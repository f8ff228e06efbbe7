import Bytes
import Engagement
import EngagementGraph
import GraphQL
import JSON
import TestSupport
import Testing

@Suite("The best rows, found a few Tweets at a time")
struct PlanRankingTests {
    private static let groupings = ["[TWEET]", "[TWEET, DAY]", "[TWEET, ENGAGEMENT_TYPE]", "[TWEET, HOUR_OF_DAY, DAY]"]
    private static let keys = ["REPLIES", "FAVORITES", "ENGAGEMENT_RATE", "TWEET_ID", "START", "COUNT"]

    @Test("are those of the whole, ties and rows without a number included", arguments: 0..<60)
    func exact(_ part: Int) throws {
        var generator = SeededGenerator(seed: runSeed &+ UInt64(part) &* 104_729)
        let fixture = try GraphFixture()
        let ids = Array(1...Int.random(in: 1...60, using: &generator)).shuffled(using: &generator)
        let grouping = Self.groupings.randomElement(using: &generator) ?? "[TWEET]"
        let order = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
            let direction = Bool.random(using: &generator) ? "ASCENDING" : "DESCENDING"
            return "{field: \(Self.keys.randomElement(using: &generator) ?? "REPLIES"), direction: \(direction)}"
        }
        let query = """
            { historical(tweetIds: [\(ids.map(String.init).joined(separator: ","))], start: "2026-03-01", end: "2026-03-04",
              groupBy: \(grouping), orderBy: [\(order.joined(separator: ","))], first: \(Int.random(in: 0...9, using: &generator))) {
              tweetId engagementType start hourOfDay replies favorites impressions engagements engagementRate
              sum: replies(as: RUNNING_TOTAL) rate(of: REPLIES) count asOf } }
            """
        // Few different numbers, so that many rows are equal, and some that are not there.
        var cells: [String: Cell] = [:]
        func cell(_ tweet: TweetID, _ type: EngagementType, _ hours: HourWindow?) -> Cell {
            let key = "\(tweet) \(type.rawValue) \(hours?.start.index ?? 0)"
            if let cell = cells[key] { return cell }
            let cell: Cell =
                switch Int.random(in: 0..<30, using: &generator) {
                case 0: .missing
                case 1: absent(.unavailable)
                case let number: counted(Int64(number % 4), secondsOld: Int64(number))
                }
            cells[key] = cell
            return cell
        }
        let operation = try fixture.operation(query)
        let plan = try fixture.plan(query)
        let whole = plan.needs.map { table($0, cell) }
        let expected = text(operation, EngagementResolver(plan, schema: fixture.schema, tables: whole))

        var ranking = try #require(PlanRanking(plan))
        var start = 0
        while start < ranking.slices.tweets {
            let end = min(ranking.slices.tweets, start + Int.random(in: 1...20, using: &generator))
            ranking.add(start..<end, table(ranking.slices[start..<end].needs[0], cell), gaps: [])
            start = end
            #expect(ranking.table.need.tweets.count <= ranking.maximumTweets)
            #expect(ranking.table.cells.count <= ranking.maximumKept)
        }
        let resolver = EngagementResolver(
            ranking.plan,
            schema: fixture.schema,
            tables: [ranking.table],
            absences: ranking.errors
        )
        #expect(text(operation, resolver) == expected, "ENGAGEQL_SEED=\(runSeed): \(query)")
    }

    private func text(_ operation: GraphQL.Operation, _ resolver: EngagementResolver) -> String {
        var buffer = ByteBuffer()
        Executor.execute(operation, with: resolver, additionalErrors: resolver.absences, into: &buffer)
        return buffer.freeze().text
    }

    @Test("Calls of several slices that failed alike are one error, with the Tweets of all")
    func gaps() throws {
        let fixture = try GraphFixture()
        let plan = try fixture.plan(
            "{ totals(tweetIds: [1, 2, 3, 4], orderBy: [{field: REPLIES}], first: 1) { tweetId replies } }"
        )
        var ranking = try #require(PlanRanking(plan))
        for range in [0..<2, 2..<4] {
            let need = ranking.slices[range].needs[0]
            let gap = AnswerGap(
                family: .totals,
                tweets: Set(need.tweets),
                types: types(.replies),
                window: nil,
                code: "UPSTREAM_UNAVAILABLE",
                message: "It is down."
            )
            ranking.add(range, table(need) { _, _, _ in .missing }, gaps: [gap])
        }
        #expect(ranking.errors.map(\.message) == ["It is down."])
        let ids = ranking.errors.first?.extensions.first { $0.name == "tweetIds" }?.value
        #expect(ids == .array(["1", "2", "3", "4"].map { .string($0) }))
    }

    @Test(
        "are found of a plan only in which each row is one Tweet's, sorted and counted off",
        arguments: [
            "totals(tweetIds: [1, 2], first: 1) { replies }",
            "totals(tweetIds: [1, 2], orderBy: [{field: REPLIES}]) { replies }",
            "last28Hours(tweetIds: [1], groupBy: [HOUR, TWEET], orderBy: [{field: REPLIES}], first: 1) { replies }",
            "totals(tweetIds: [1, 2], groupBy: [], orderBy: [{field: REPLIES}], first: 1) { replies }",
            "growth(tweetIds: [1, 2], orderBy: [{field: REPLIES}], first: 1) { replies }",
            "tweets(ids: [1, 2]) { totals { replies } }",
        ]
    )
    func unfit(_ field: String) throws {
        #expect(try PlanRanking(GraphFixture().plan("{ \(field) }")) == nil)
    }
}

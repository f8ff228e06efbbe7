import Bytes
import Engagement
import EngagementGraph
import GraphQL
import TestSupport
import Testing

@Suite("Subscriptions are planned")
struct LivePlanningTests {
    private static let two = "tweetIds: [\"2105568396702646272\", \"2120788687057846272\"]"

    @Test("A watch of totals is that of the query, and an interval")
    func totals() throws {
        let fixture = try GraphFixture()
        let rest = "groupBy: [], orderBy: [{field: FAVORITES}], first: 1"
        let plan = try fixture.plan("subscription { totals(\(Self.two), \(rest)) { favorites retweets } }")
        #expect(plan.live == LivePlan(everySeconds: 60, threshold: nil))
        let query = try fixture.plan("{ totals(\(Self.two), \(rest)) { favorites retweets } }")
        #expect(plan.needs == query.needs)
        #expect(query.live == nil)
    }

    @Test("A threshold needs its metric, whatever is selected")
    func threshold() throws {
        let arguments = "\(Self.two), metric: REPLIES, atLeast: 5000000000, everySeconds: 30"
        let plan = try GraphFixture().plan("subscription { thresholdReached(\(arguments)) { tweetId } }")
        let threshold = Threshold(metric: .replies, atLeast: 5_000_000_000, includesReached: false)
        #expect(plan.live == LivePlan(everySeconds: 30, threshold: threshold))
        #expect(plan.needs.map(\.types) == [EngagementTypeSet(.replies)])
        #expect(plan.needs.map(\.tweets.count) == [2])
        var table = MetricTable(plan.needs[0])
        table[1, .replies] = Cell(count: 7, fetchedAt: 9, state: .counted, freshness: .fresh)
        let watched = plan.watched(in: [table])
        #expect(watched.map(\.tweet.description) == ["2105568396702646272", "2120788687057846272"])
        #expect(watched.map(\.cell.count) == [0, 7])
    }

    @Test("A Tweet that has reached a threshold is an event")
    func event() throws {
        let fixture = try GraphFixture()
        let query = """
            subscription {
              hot: thresholdReached(\(Self.two), metric: FAVORITES, atLeast: 100) { tweetId metric atLeast count asOf }
            }
            """
        let operation = try fixture.operation(query)
        let plan = try fixture.plan(query)
        let threshold = try #require(plan.live?.threshold)
        let crossing = ThresholdCrossing(
            threshold: threshold,
            tweet: TweetID(rawValue: 2_105_568_396_702_646_272),
            count: 101,
            fetchedAt: time("2026-03-31T10:00:00Z")
        )
        var buffer = ByteBuffer()
        Executor.execute(
            operation,
            with: EngagementResolver(crossing, of: plan, schema: fixture.schema),
            into: &buffer
        )
        #expect(
            buffer.freeze().text == """
                {"data":{"hot":{"tweetId":"2105568396702646272","metric":"FAVORITES","atLeast":100,"count":101,\
                "asOf":"2026-03-31T10:00:00Z"}}}
                """
        )
    }

    private static let refusalCases: [(field: String, code: String)] = [
        ("totals(\(two), everySeconds: 9) { favorites }", "INVALID_INTERVAL"),
        ("totals(\(two), everySeconds: 86401) { favorites }", "INVALID_INTERVAL"),
        ("totals { favorites }", "TWEETS_OR_LIST"),
        ("totals(list: \"none\") { favorites }", "UNKNOWN_LIST"),
        ("thresholdReached(\(two), metric: URL_CLICKS, atLeast: 1) { count }", "INVALID_THRESHOLD"),
        ("thresholdReached(\(two), metric: REPLIES, atLeast: 0) { count }", "INVALID_THRESHOLD"),
        ("thresholdReached(\(two), metric: REPLIES, atLeast: 1, everySeconds: 1) { count }", "INVALID_INTERVAL"),
        ("thresholdReached(tweetIds: [\(many(251))], metric: REPLIES, atLeast: 1) { count }", "INVALID_THRESHOLD"),
        ("thresholdReached(tweetIds: [\(many(250))], metric: REPLIES, atLeast: 1) { count }", ""),
    ]

    @Test("What cannot be watched is refused before the stream begins", arguments: refusalCases)
    func refusals(_ field: String, _ code: String) throws {
        let refusals = try GraphFixture().refusals("subscription { \(field) }")
        #expect(refusals.map(\.code) == (code.isEmpty ? [] : [code]))
    }

    private static func many(_ count: Int) -> String { (1...count).map { "\"\($0)\"" }.joined(separator: " ") }
}

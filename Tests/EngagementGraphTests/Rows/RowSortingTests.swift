import Engagement
import EngagementGraph
import Testing

@Suite("The order of rows")
struct RowSortingTests {
    /// Replies and favorites of Tweets; Tweet 3 is gone.
    private static let numbers: [UInt64: (replies: Int64, favorites: Int64)] = [
        1: (7, 3), 2: (9, 1), 4: (7, 4), 5: (0, 4),
    ]

    private static func cells(_ tweet: TweetID, _ type: EngagementType, _ hours: HourWindow?) -> Cell {
        guard let numbers = numbers[tweet.rawValue] else { return absent(.unavailable) }
        switch type {
        case .replies: return counted(numbers.replies)
        case .impressions: return counted(numbers.replies)
        default: return counted(numbers.favorites)
        }
    }

    struct Case: CustomStringConvertible, Sendable {
        let arguments: String
        let ids: [UInt64]
        var description: String { arguments }
    }

    @Test(
        "Rows without a number come last, and equal rows keep the order asked",
        arguments: [
            Case(arguments: "orderBy: []", ids: [5, 3, 1, 4, 2]),
            Case(arguments: "orderBy: {field: REPLIES}", ids: [2, 1, 4, 5, 3]),
            Case(arguments: "orderBy: {field: REPLIES, direction: ASCENDING}", ids: [5, 1, 4, 2, 3]),
            Case(arguments: "orderBy: [{field: REPLIES}, {field: FAVORITES}]", ids: [2, 4, 1, 5, 3]),
            Case(
                arguments: "orderBy: [{field: FAVORITES}, {field: REPLIES, direction: ASCENDING}]",
                ids: [5, 4, 1, 2, 3]
            ),
            Case(arguments: "orderBy: {field: TWEET_ID, direction: ASCENDING}", ids: [1, 2, 3, 4, 5]),
            Case(arguments: "orderBy: {field: TWEET_ID}", ids: [5, 4, 3, 2, 1]),
            // 4/7, 3/7, 1/9; none for 5, which has no impressions, and for 3.
            Case(arguments: "orderBy: {field: ENGAGEMENT_RATE}", ids: [4, 1, 2, 5, 3]),
            // Nothing has a count here.
            Case(arguments: "orderBy: {field: COUNT}", ids: [5, 3, 1, 4, 2]),
            Case(arguments: "first: 2", ids: [5, 3]),
            Case(arguments: "first: 0", ids: []),
            Case(arguments: "first: 99", ids: [5, 3, 1, 4, 2]),
            Case(arguments: "first: null, orderBy: null", ids: [5, 3, 1, 4, 2]),
            Case(arguments: "orderBy: {field: REPLIES}, first: 3", ids: [2, 1, 4]),
        ]
    )
    func totals(_ test: Case) throws {
        let graph = try GraphFixture()
        let response = try graph.respond(
            "{ totals(tweetIds: [5, 3, 1, 4, 2], \(test.arguments)) { tweetId } }",
            cells: RowSortingTests.cells
        )
        let rows = test.ids.map { "{\"tweetId\":\"\($0)\"}" }.joined(separator: ",")
        #expect(response.hasPrefix("{\"data\":{\"totals\":[\(rows)]}"), "\(response)")
    }

    @Test("Rows of the long form are sorted by their count, or by one type's")
    func longForm() throws {
        let graph = try GraphFixture()
        let byCount =
            "{ totals(tweetIds: [1], groupBy: [ENGAGEMENT_TYPE], orderBy: {field: COUNT}, first: 2) { count } }"
        #expect(try graph.respond(byCount) == #"{"data":{"totals":[{"count":106},{"count":105}]}}"#)
        let byReplies =
            "{ totals(tweetIds: [1], groupBy: [ENGAGEMENT_TYPE], orderBy: {field: REPLIES}, first: 2) { count } }"
        #expect(try graph.respond(byReplies) == #"{"data":{"totals":[{"count":105},{"count":100}]}}"#)
    }

    @Test("Rows of a series are sorted by time, by number, and by both")
    func series() throws {
        let graph = try GraphFixture()
        let fields = "{ tweetId start replies }"
        let window = #"start: "2026-03-01", end: "2026-03-03", groupBy: [TWEET, DAY]"#
        let order = "[{field: START}, {field: REPLIES, direction: ASCENDING}]"
        #expect(
            try graph.respond("{ historical(tweetIds: [2, 1], \(window), orderBy: \(order), first: 3) \(fields) }")
                == """
                {"data":{"historical":[{"tweetId":"1","start":"2026-03-02T00:00:00Z","replies":24},\
                {"tweetId":"2","start":"2026-03-02T00:00:00Z","replies":48},\
                {"tweetId":"1","start":"2026-03-01T00:00:00Z","replies":24}]}}
                """
        )
    }
}

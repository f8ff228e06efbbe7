import Engagement
import EngagementGraph
import GraphQL
import Testing

@Suite("Operations that ask for what cannot be had")
struct RefusalTests {
    struct Case: CustomStringConvertible, Sendable {
        let arguments: String
        let code: String
        let words: String
        var description: String { arguments }
    }

    @Test(
        "Each is refused with a code and a reason",
        arguments: [
            Case(
                arguments: #"end: "2026-03-31T11:00:01Z""#,
                code: "INVALID_WINDOW",
                words: "end 2026-03-31T11:00:01Z lies in the future"
            ),
            Case(arguments: #"start: "2026-03-31T11:00:00Z""#, code: "INVALID_WINDOW", words: "lies in the future"),
            Case(
                arguments: #"start: "2026-03-02", end: "2026-03-01""#,
                code: "INVALID_WINDOW",
                words: "is not after start"
            ),
            Case(
                arguments: #"start: "2026-03-02", end: "2026-03-02""#,
                code: "INVALID_WINDOW",
                words: "is not after start"
            ),
            Case(
                arguments: #"start: "2014-08-31T23:59:59Z""#,
                code: "INVALID_WINDOW",
                words: "begins at 2014-09-01T00:00:00Z"
            ),
            Case(arguments: #"end: "2014-08-31""#, code: "INVALID_WINDOW", words: "is not after start"),
            Case(arguments: #"start: "0000-01-01""#, code: "INVALID_WINDOW", words: "is too early"),
            Case(arguments: #"end: "9999-12-31T23:59:59.999Z""#, code: "INVALID_WINDOW", words: "lies in the future"),
            Case(
                arguments: #"timeZone: "Mars/Olympus""#,
                code: "INVALID_TIME_ZONE",
                words: "There is no time zone \"Mars/Olympus\""
            ),
            Case(
                arguments: #"timeZone: "UTC+1""#,
                code: "INVALID_TIME_ZONE",
                words: "There is no time zone \"UTC+1\": give the name of an IANA zone"
            ),
            Case(
                arguments: #"timeZone: "BST""#,
                code: "INVALID_TIME_ZONE",
                words: "There is no time zone \"BST\": give the name of an IANA zone"
            ),
            Case(arguments: #"timeZone: """#, code: "INVALID_TIME_ZONE", words: "There is no time zone \"\""),
            Case(
                arguments: #"timeZone: "../../etc/passwd""#,
                code: "INVALID_TIME_ZONE",
                words: "There is no time zone"
            ),
            Case(
                arguments: #"timeZone: "Asia/Kolkata", groupBy: [DAY]"#,
                code: "INVALID_TIME_ZONE",
                words: "not whole hours from UTC"
            ),
            Case(
                arguments: #"timeZone: "Asia/Kathmandu", groupBy: [WEEK]"#,
                code: "INVALID_TIME_ZONE",
                words: "Asia/Kathmandu"
            ),
            Case(
                arguments: #"timeZone: "Asia/Kolkata", groupBy: [MONTH]"#,
                code: "INVALID_TIME_ZONE",
                words: "HOUR can"
            ),
            Case(
                arguments: #"timeZone: "Asia/Kolkata", groupBy: [HOUR, HOUR_OF_DAY]"#,
                code: "INVALID_TIME_ZONE",
                words: "HOUR can"
            ),
            Case(arguments: "first: -1", code: "INVALID_FIRST", words: "first is -1"),
        ]
    )
    func refuses(_ test: Case) throws {
        let refusals = try GraphFixture().refusals(
            "{ rows: historical(tweetIds: [1], \(test.arguments)) { impressions } }"
        )
        #expect(refusals.map(\.code) == [test.code])
        #expect(refusals.first?.error.message.contains(test.words) == true, "\(refusals)")
        #expect(refusals.first?.error.path == [.key("rows")])
        #expect(refusals.first?.error.locations == [SourceLocation(line: 1, column: 3)])
    }

    @Test("Hours of a zone with half hours can be had")
    func halfHourZones() throws {
        let query = #"{ historical(tweetIds: [1], timeZone: "Asia/Kolkata", groupBy: [HOUR]) { impressions } }"#
        #expect(try GraphFixture().refusals(query).isEmpty)
    }

    @Test("A zone with half hours in one half of the year is refused for that half only")
    func seasonalHalfHours() throws {
        // Lord Howe is eleven hours ahead in its summer, ten and a half in its winter.
        let zone = #"timeZone: "Australia/Lord_Howe", groupBy: [DAY]"#
        let summer = #"{ historical(tweetIds: [1], start: "2026-01-05", end: "2026-01-20", \#(zone)) { impressions } }"#
        #expect(try GraphFixture().refusals(summer).isEmpty)
        let winter = #"{ historical(tweetIds: [1], start: "2025-07-05", end: "2025-07-20", \#(zone)) { impressions } }"#
        #expect(try GraphFixture().refusals(winter).map(\.code) == ["INVALID_TIME_ZONE"])
    }

    @Test("All fields that are wrong are reported, those of Tweets at their first Tweet")
    func reportsAll() throws {
        let refusals = try GraphFixture().refusals(
            """
            {
              tweets(ids: [1, 2]) { past: historical(end: "2030-01-01") { impressions } }
              tweet(id: 1) { last28Hours(timeZone: "Nowhere") { impressions } }
              totals(tweetIds: [1], first: -5) { favorites }
            }
            """
        )
        #expect(refusals.map(\.code) == ["INVALID_WINDOW", "INVALID_TIME_ZONE", "INVALID_FIRST"])
        #expect(
            refusals.map(\.error.path) == [
                [.key("tweets"), .index(0), .key("past")], [.key("tweet"), .key("last28Hours")], [.key("totals")],
            ]
        )
    }

    // MARK: - Limits

    @Test("As many Tweets as the limit, but not one more")
    func tweetLimit() throws {
        var graph = try GraphFixture()
        graph.limits = PlanLimits(maximumTweets: 4)
        #expect(try graph.refusals("{ tweets(ids: [1, 2, 1]) { id } tweet(id: 1) { id } }").isEmpty)
        let refusals = try graph.refusals("{ tweets(ids: [1, 2, 1]) { id } totals(tweetIds: [1, 2]) { favorites } }")
        #expect(refusals.map(\.code) == ["TOO_MANY_TWEETS"])
        #expect(refusals.first?.error.message.contains("names 5 Tweets") == true)
    }

    @Test("As many look-ups as the limit, each Tweet once for each kind of number, but not one more")
    func lookupLimit() throws {
        var graph = try GraphFixture()
        let query =
            "{ tweets(ids: [1, 2, 1]) { totals { favorites } last28Hours { replies } again: totals { favorites } } }"
        graph.limits = PlanLimits(maximumLookups: 4)
        #expect(try graph.refusals(query).isEmpty)
        graph.limits = PlanLimits(maximumLookups: 3)
        let refusals = try graph.refusals(query)
        #expect(refusals.map(\.code) == ["TOO_COMPLEX"])
        #expect(refusals.first?.error.message.contains("costs 4 look-ups") == true)
    }

    struct SizeCase: CustomStringConvertible, Sendable {
        let query: String
        let cells: Int
        var description: String { query }
    }

    @Test(
        "Cells are counted for each field, and as many as the limit are allowed",
        arguments: [
            SizeCase(query: "{ totals(tweetIds: [1, 2]) { favorites replies } }", cells: 4),
            SizeCase(query: "{ totals(tweetIds: [1, 2]) { tweetId } }", cells: 2),
            SizeCase(query: "{ totals(tweetIds: []) { favorites } }", cells: 1),
            SizeCase(query: "{ last28Hours(tweetIds: [1]) { favorites replies } }", cells: 58),
            SizeCase(
                query: #"{ historical(tweetIds: [1], start: "2026-03-01", end: "2026-03-11") { replies } }"#,
                cells: 10
            ),
            SizeCase(
                query:
                    #"{ historical(tweetIds: [1], start: "2026-03-01", end: "2026-03-11", groupBy: [HOUR]) { replies } }"#,
                cells: 240
            ),
            // A Tweet that is named three times is shown three times.
            SizeCase(query: "{ tweets(ids: [1, 1, 1]) { last28Hours { replies } } }", cells: 87),
            // Fields that share their cells still have rows of their own.
            SizeCase(
                query: "{ tweets(ids: [1]) { a: last28Hours { replies } b: last28Hours { replies } } }",
                cells: 58
            ),
            SizeCase(query: "{ last28Hours(tweetIds: [1], groupBy: [HOUR_OF_DAY, HOUR]) { replies } }", cells: 29 * 24),
        ]
    )
    func cellLimit(_ test: SizeCase) throws {
        var graph = try GraphFixture()
        graph.limits = PlanLimits(maximumCells: test.cells)
        #expect(try graph.refusals(test.query).isEmpty)
        graph.limits = PlanLimits(maximumCells: test.cells - 1)
        let refusals = try graph.refusals(test.query)
        #expect(refusals.map(\.code) == ["TOO_MANY_CELLS"])
        #expect(refusals.first?.error.message.contains("spans \(test.cells) cells") == true, "\(refusals)")
    }

    @Test("The hours of years are not gone through before the limit is checked, however often they are asked for")
    func limitsComeFirst() throws {
        let fields = (0..<500).map { index in
            #"f\#(index): historical(tweetIds: [], start: "2014-09-01T0\#(index % 10):00:00Z", timeZone: "Europe/Berlin", groupBy: [HOUR]) { start }"#
        }
        // Gone through one by one, these would be 50 million hours.
        let refusals = try GraphFixture().refusals("{ \(fields.joined(separator: " ")) }")
        #expect(refusals.map(\.code) == ["TOO_MANY_CELLS"])
    }
}

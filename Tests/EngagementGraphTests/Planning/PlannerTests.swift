import Engagement
import EngagementGraph
import Testing

@Suite("The plan of an operation")
struct PlannerTests {
    private func totals(_ tweets: [TweetID], _ types: EngagementTypeSet) -> MetricNeed {
        .totals(account: GraphFixture.account, tweets: tweets, types: types)
    }

    private func series(
        _ tweets: [TweetID],
        _ types: EngagementTypeSet,
        _ window: HourWindow,
        _ grain: MetricNeed.Grain = .hour
    ) -> MetricNeed {
        .series(account: GraphFixture.account, tweets: tweets, types: types, window: window, grain: grain)
    }

    @Test("The selected fields are the types, through aliases, fragments and conditions")
    func typesAreFields() throws {
        let plan = try GraphFixture().plan(
            """
            query($yes: Boolean = true) {
              totals(tweetIds: [1]) { likes: favorites ...more replies @skip(if: $yes) retweets @include(if: $yes) }
            }
            fragment more on TotalsRow { ... { videoViews } tweetId asOf }
            """
        )
        #expect(plan.needs == [totals(tweets(1), types(.favorites, .retweets, .videoViews))])
    }

    @Test("A rate needs both of its numbers, and so does sorting by it")
    func typesOfRates() throws {
        let both = [totals(tweets(1), types(.impressions, .engagements))]
        #expect(try GraphFixture().plan("{ totals(tweetIds: [1]) { engagementRate } }").needs == both)
        let sorted = "{ totals(tweetIds: [1], orderBy: {field: ENGAGEMENT_RATE}) { tweetId } }"
        #expect(try GraphFixture().plan(sorted).needs == both)
    }

    @Test("In the long form metric fields choose the types; without any there are all")
    func typesOfTheLongForm() throws {
        let graph = try GraphFixture()
        let all = "{ totals(tweetIds: [1], groupBy: [ENGAGEMENT_TYPE]) { engagementType count engagementRate } }"
        #expect(try graph.plan(all).needs == [totals(tweets(1), .totals)])
        let sorted = "{ totals(tweetIds: [1], groupBy: [ENGAGEMENT_TYPE], orderBy: {field: REPLIES}) { count } }"
        #expect(try graph.plan(sorted).needs == [totals(tweets(1), .totals)])
        let chosen = "{ totals(tweetIds: [1], groupBy: [ENGAGEMENT_TYPE]) { count replies favorites } }"
        #expect(try graph.plan(chosen).needs == [totals(tweets(1), types(.replies, .favorites))])
    }

    @Test("Fields of the same kind share a need, however many kinds there are", arguments: [2, 8, 9, 30])
    func manyNeeds(_ kinds: Int) throws {
        let fields = (0..<kinds * 3).map { field in
            "f\(field): totals(tweetIds: [\(field / kinds + 1)]) @fresh(maxAge: \(field % kinds)) { favorites }"
        }
        let plan = try GraphFixture().plan("{ \(fields.joined(separator: " ")) }")
        #expect(plan.needs.map(\.freshness.maxAge) == Array(0..<kinds))
        #expect(plan.needs.allSatisfy { $0.tweets == tweets(1, 2, 3) })
        #expect(plan.fieldCells.map(\.need) == (0..<kinds * 3).map { $0 % kinds })
    }

    @Test("Cards of a page share one need, each Tweet once")
    func sharedNeeds() throws {
        let plan = try GraphFixture().plan(
            """
            {
              a: tweet(id: 1) { totals { favorites } }
              b: tweet(id: 2) { totals { favorites } again: totals { likes: favorites } }
              c: tweets(ids: [3, 2, 3]) { totals { favorites } }
              d: totals(tweetIds: [4, 1], groupBy: []) { favorites }
            }
            """
        )
        #expect(plan.needs == [totals(tweets(1, 2, 3, 4), types(.favorites))])
    }

    @Test("Fields with other types do not share: private numbers are not asked for of everybody's Tweets")
    func separateNeeds() throws {
        let plan = try GraphFixture().plan(
            "{ mine: tweet(id: 1) { totals { impressions } } other: tweet(id: 2) { totals { favorites } } }"
        )
        #expect(plan.needs == [totals(tweets(1), types(.impressions)), totals(tweets(2), types(.favorites))])
    }

    @Test(
        "What shows no metrics needs nothing",
        arguments: ["{ __typename }", "{ tweet(id: 1) { id createdAt __typename } }"]
    )
    func emptyPlans(_ query: String) throws {
        #expect(try GraphFixture().plan(query).isEmpty)
    }

    // MARK: - Windows

    struct WindowCase: CustomStringConvertible, Sendable {
        let arguments: String
        var now = "2026-03-31T10:30:00Z"
        let start: String
        let end: String
        var grain = MetricNeed.Grain.hour
        var description: String { "\(arguments) at \(now)" }
    }

    @Test(
        "Windows of historical",
        arguments: [
            WindowCase(arguments: "", start: "2026-03-03T11:00:00Z", end: "2026-03-31T11:00:00Z"),
            WindowCase(
                arguments: "",
                now: "2026-03-31T10:00:00Z",
                start: "2026-03-03T10:00:00Z",
                end: "2026-03-31T10:00:00Z"
            ),
            // The API has no fractions of seconds: the hour that began 999 ms ago cannot be asked for yet.
            WindowCase(
                arguments: "",
                now: "2026-03-31T10:00:00.999Z",
                start: "2026-03-03T10:00:00Z",
                end: "2026-03-31T10:00:00Z"
            ),
            WindowCase(
                arguments: "",
                now: "2026-03-31T10:00:01Z",
                start: "2026-03-03T11:00:00Z",
                end: "2026-03-31T11:00:00Z"
            ),
            WindowCase(
                arguments: #"start: "2026-03-01T12:24:00Z", end: "2026-03-02T08:37:00Z""#,
                start: "2026-03-01T12:00:00Z",
                end: "2026-03-02T09:00:00Z"
            ),
            WindowCase(
                arguments: #"start: "2026-03-01T12:00:00+02:00", end: "2026-03-02T08:00:00+02:00""#,
                start: "2026-03-01T10:00:00Z",
                end: "2026-03-02T06:00:00Z"
            ),
            WindowCase(arguments: #"start: "2014-09-01""#, start: "2014-09-01T00:00:00Z", end: "2026-03-31T11:00:00Z"),
            WindowCase(
                arguments: #"end: "2014-09-10""#,
                start: "2014-09-01T00:00:00Z",
                end: "2014-09-10T00:00:00Z",
                grain: .day
            ),
            WindowCase(
                arguments: #"end: "2026-03-31T11:00:00Z""#,
                start: "2026-03-03T11:00:00Z",
                end: "2026-03-31T11:00:00Z"
            ),
            WindowCase(
                arguments: #"start: "2026-03-01", end: "2026-03-03", groupBy: [WEEK, TWEET]"#,
                start: "2026-03-01T00:00:00Z",
                end: "2026-03-03T00:00:00Z",
                grain: .day
            ),
            WindowCase(
                arguments: #"start: "2026-03-01", end: "2026-03-03", groupBy: [HOUR_OF_DAY]"#,
                start: "2026-03-01T00:00:00Z",
                end: "2026-03-03T00:00:00Z"
            ),
            WindowCase(
                arguments: #"start: "2026-03-01", end: "2026-03-03", groupBy: [DAY, HOUR]"#,
                start: "2026-03-01T00:00:00Z",
                end: "2026-03-03T00:00:00Z"
            ),
            WindowCase(
                arguments: #"start: "2026-03-01", end: "2026-03-03", groupBy: [DAY], timeZone: "Europe/Berlin""#,
                start: "2026-03-01T00:00:00Z",
                end: "2026-03-03T00:00:00Z"
            ),
            // Some zones of IANA have names that are no paths.
            WindowCase(
                arguments: #"start: "2026-03-01", end: "2026-03-03", groupBy: [DAY], timeZone: "Japan""#,
                start: "2026-03-01T00:00:00Z",
                end: "2026-03-03T00:00:00Z"
            ),
            // Without a division of time the zone is of no account.
            WindowCase(
                arguments: #"start: "2026-03-01", end: "2026-03-03", groupBy: [], timeZone: "Asia/Kolkata""#,
                start: "2026-03-01T00:00:00Z",
                end: "2026-03-03T00:00:00Z",
                grain: .day
            ),
        ]
    )
    func historicalWindows(_ test: WindowCase) throws {
        let arguments = test.arguments.isEmpty ? "" : ", " + test.arguments
        let plan = try GraphFixture(now: test.now).plan("{ historical(tweetIds: [1]\(arguments)) { impressions } }")
        #expect(plan.needs == [series(tweets(1), types(.impressions), window(test.start, test.end), test.grain)])
    }

    @Test(
        "28 hours before the current hour, and the current one",
        arguments: [
            WindowCase(arguments: "", start: "2026-03-30T06:00:00Z", end: "2026-03-31T11:00:00Z"),
            WindowCase(
                arguments: "",
                now: "2026-03-31T10:00:00.5Z",
                start: "2026-03-30T06:00:00Z",
                end: "2026-03-31T10:00:00Z"
            ),
        ]
    )
    func last28Hours(_ test: WindowCase) throws {
        let plan = try GraphFixture(now: test.now).plan("{ last28Hours(tweetIds: [1]) { impressions } }")
        #expect(plan.needs == [series(tweets(1), types(.impressions), window(test.start, test.end))])
    }
}

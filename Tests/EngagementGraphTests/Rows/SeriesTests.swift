import Engagement
import EngagementGraph
import Testing

@Suite("Rows of a series")
struct SeriesTests {
    @Test(
        "Buckets of time",
        arguments: [
            ResponseCase(
                "one row for the whole window",
                #"{ historical(tweetIds: [1, 2], start: "2026-03-01", end: "2026-03-03", groupBy: []) { start end replies hourOfDay } }"#,
                """
                {"historical":[{"start":"2026-03-01T00:00:00Z","end":"2026-03-03T00:00:00Z","replies":144,"hourOfDay":null}]}
                """
            ),
            ResponseCase(
                "days of a window that is not aligned to days",
                """
                { historical(tweetIds: [1], start: "2026-03-01T22:00:00Z", end: "2026-03-03T01:00:00Z", groupBy: [DAY]) { start end replies } }
                """,
                """
                {"historical":[{"start":"2026-03-01T22:00:00Z","end":"2026-03-02T00:00:00Z","replies":2},\
                {"start":"2026-03-02T00:00:00Z","end":"2026-03-03T00:00:00Z","replies":24},\
                {"start":"2026-03-03T00:00:00Z","end":"2026-03-03T01:00:00Z","replies":1}]}
                """
            ),
            ResponseCase(
                "the date of a bucket is its first day in the zone, also of one that begins before the window",
                """
                {
                  days: historical(tweetIds: [1], start: "2026-03-27T23:00:00Z", end: "2026-03-28T23:00:00Z", groupBy: [DAY],
                    timeZone: "Europe/Berlin") { start date }
                  weeks: historical(tweetIds: [1], start: "2026-03-28", end: "2026-03-31", groupBy: [WEEK]) { start date }
                  months: historical(tweetIds: [1], start: "2026-02-28", end: "2026-03-02", groupBy: [MONTH]) { start date }
                  hours: historical(tweetIds: [1], start: "2026-03-30", end: "2026-03-30T01:00:00Z", groupBy: [HOUR]) { date }
                }
                """,
                """
                {"days":[{"start":"2026-03-27T23:00:00Z","date":"2026-03-28"}],\
                "weeks":[{"start":"2026-03-28T00:00:00Z","date":"2026-03-23"},{"start":"2026-03-30T00:00:00Z","date":"2026-03-30"}],\
                "months":[{"start":"2026-02-28T00:00:00Z","date":"2026-02-01"},{"start":"2026-03-01T00:00:00Z","date":"2026-03-01"}],\
                "hours":[{"date":null}]}
                """
            ),
            ResponseCase(
                "a day of 23 hours when Berlin's clocks go forward",
                """
                { historical(tweetIds: [1], start: "2026-03-27T23:00:00Z", end: "2026-03-30T22:00:00Z", groupBy: [DAY],
                    timeZone: "Europe/Berlin") { start end replies } }
                """,
                """
                {"historical":[{"start":"2026-03-27T23:00:00Z","end":"2026-03-28T23:00:00Z","replies":24},\
                {"start":"2026-03-28T23:00:00Z","end":"2026-03-29T22:00:00Z","replies":23},\
                {"start":"2026-03-29T22:00:00Z","end":"2026-03-30T22:00:00Z","replies":24}]}
                """
            ),
            ResponseCase(
                "a day of 25 hours when they go back, and its two hours of one name",
                """
                {
                  days: historical(tweetIds: [1], start: "2025-10-25T22:00:00Z", end: "2025-10-26T23:00:00Z", groupBy: [DAY],
                    timeZone: "Europe/Berlin") { start end replies }
                  hours: historical(tweetIds: [1], start: "2025-10-26T00:00:00Z", end: "2025-10-26T02:00:00Z",
                    groupBy: [HOUR_OF_DAY], timeZone: "Europe/Berlin") { hourOfDay start end replies }
                }
                """,
                """
                {"days":[{"start":"2025-10-25T22:00:00Z","end":"2025-10-26T23:00:00Z","replies":25}],\
                "hours":[{"hourOfDay":2,"start":"2025-10-26T00:00:00Z","end":"2025-10-26T02:00:00Z","replies":2}]}
                """
            ),
            ResponseCase(
                "weeks begin on Monday, in the zone",
                """
                { historical(tweetIds: [1], start: "2026-03-20", end: "2026-03-31", groupBy: [WEEK], timeZone: "Europe/Berlin")
                    { start end replies } }
                """,
                """
                {"historical":[{"start":"2026-03-20T00:00:00Z","end":"2026-03-22T23:00:00Z","replies":71},\
                {"start":"2026-03-22T23:00:00Z","end":"2026-03-29T22:00:00Z","replies":167},\
                {"start":"2026-03-29T22:00:00Z","end":"2026-03-31T00:00:00Z","replies":26}]}
                """
            ),
            ResponseCase(
                "months of UTC are put together from days",
                #"{ historical(tweetIds: [1], start: "2026-01-30", end: "2026-03-02", groupBy: [MONTH]) { start replies } }"#,
                """
                {"historical":[{"start":"2026-01-30T00:00:00Z","replies":48},{"start":"2026-02-01T00:00:00Z","replies":672},\
                {"start":"2026-03-01T00:00:00Z","replies":24}]}
                """
            ),
            ResponseCase(
                "months of a zone west of Greenwich",
                """
                { historical(tweetIds: [1], start: "2026-02-27", end: "2026-03-02", groupBy: [MONTH], timeZone: "America/New_York")
                    { start replies } }
                """,
                """
                {"historical":[{"start":"2026-02-27T00:00:00Z","replies":53},{"start":"2026-03-01T05:00:00Z","replies":19}]}
                """
            ),
            ResponseCase(
                "of hours, days and months the finest counts, at the first's place",
                """
                { historical(tweetIds: [2, 1], start: "2026-03-01T23:00:00Z", end: "2026-03-02T01:00:00Z",
                    groupBy: [MONTH, TWEET, HOUR]) { start tweetId } }
                """,
                """
                {"historical":[{"start":"2026-03-01T23:00:00Z","tweetId":"2"},{"start":"2026-03-01T23:00:00Z","tweetId":"1"},\
                {"start":"2026-03-02T00:00:00Z","tweetId":"2"},{"start":"2026-03-02T00:00:00Z","tweetId":"1"}]}
                """
            ),
            ResponseCase(
                "hours of the day over all days; hours that are not in the window have no row",
                """
                { historical(tweetIds: [1], start: "2026-03-01T22:00:00Z", end: "2026-03-02T23:00:00Z", groupBy: [HOUR_OF_DAY],
                    orderBy: {field: REPLIES}, first: 2) { hourOfDay replies start end } }
                """,
                """
                {"historical":[{"hourOfDay":22,"replies":2,"start":"2026-03-01T22:00:00Z","end":"2026-03-02T23:00:00Z"},\
                {"hourOfDay":0,"replies":1,"start":"2026-03-01T22:00:00Z","end":"2026-03-02T23:00:00Z"}]}
                """
            ),
            ResponseCase(
                "hours of each day",
                """
                { historical(tweetIds: [1], start: "2026-03-01T22:00:00Z", end: "2026-03-02T01:00:00Z", groupBy: [DAY, HOUR_OF_DAY])
                    { start hourOfDay replies } }
                """,
                """
                {"historical":[{"start":"2026-03-01T22:00:00Z","hourOfDay":22,"replies":1},\
                {"start":"2026-03-01T22:00:00Z","hourOfDay":23,"replies":1},\
                {"start":"2026-03-02T00:00:00Z","hourOfDay":0,"replies":1}]}
                """
            ),
            ResponseCase(
                "days of each hour: the first dimension listed comes first",
                """
                { historical(tweetIds: [1], start: "2026-03-01T22:00:00Z", end: "2026-03-02T23:00:00Z", groupBy: [HOUR_OF_DAY, DAY],
                    orderBy: [], first: 1) { start hourOfDay replies } }
                """,
                #"{"historical":[{"start":"2026-03-02T00:00:00Z","hourOfDay":0,"replies":1}]}"#
            ),
            ResponseCase(
                "hours of a zone with half hours",
                """
                { historical(tweetIds: [1], start: "2026-03-01T22:00:00Z", end: "2026-03-02T00:00:00Z", groupBy: [HOUR],
                    timeZone: "Asia/Kolkata") { start replies } }
                """,
                """
                {"historical":[{"start":"2026-03-01T22:00:00Z","replies":1},{"start":"2026-03-01T23:00:00Z","replies":1}]}
                """
            ),
            ResponseCase(
                "the old name of media engagements",
                "{ last28Hours(tweetIds: [1], groupBy: []) { mediaClicks mediaEngagements } }",
                #"{"last28Hours":[{"mediaClicks":29,"mediaEngagements":29}]}"#
            ),
        ]
    )
    func buckets(_ test: ResponseCase) throws {
        #expect(try GraphFixture().respond(test.query) == test.response)
    }

    @Test(
        "Tweets show their own rows",
        arguments: [
            ResponseCase(
                "one row in all by default, repeated ids included",
                "{ tweets(ids: [2, 1, 2]) { last28Hours { tweetId replies start } } }",
                """
                {"tweets":[{"last28Hours":[{"tweetId":"2","replies":58,"start":"2026-03-30T06:00:00Z"}]},\
                {"last28Hours":[{"tweetId":"1","replies":29,"start":"2026-03-30T06:00:00Z"}]},\
                {"last28Hours":[{"tweetId":"2","replies":58,"start":"2026-03-30T06:00:00Z"}]}]}
                """
            ),
            ResponseCase(
                "several buckets each; a Tweet is the first dimension wherever it is listed",
                """
                {
                  tweets(ids: [2, 1]) {
                    historical(start: "2026-03-01", end: "2026-03-03", groupBy: [DAY, TWEET]) { start tweetId replies }
                  }
                }
                """,
                """
                {"tweets":[{"historical":[{"start":"2026-03-01T00:00:00Z","tweetId":"2","replies":48},\
                {"start":"2026-03-02T00:00:00Z","tweetId":"2","replies":48}]},\
                {"historical":[{"start":"2026-03-01T00:00:00Z","tweetId":"1","replies":24},\
                {"start":"2026-03-02T00:00:00Z","tweetId":"1","replies":24}]}]}
                """
            ),
            ResponseCase(
                "rows without a metric are rows",
                "{ tweet(id: 1) { last28Hours { start end } } }",
                #"{"tweet":{"last28Hours":[{"start":"2026-03-30T06:00:00Z","end":"2026-03-31T11:00:00Z"}]}}"#
            ),
        ]
    )
    func tweets(_ test: ResponseCase) throws {
        #expect(try GraphFixture().respond(test.query) == test.response)
    }
}

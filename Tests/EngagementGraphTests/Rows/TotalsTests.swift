import Engagement
import EngagementGraph
import Testing

@Suite("Rows of totals")
struct TotalsTests {
    @Test(
        "One row for each combination, in the order of groupBy",
        arguments: [
            ResponseCase(
                "by Tweet, in the order asked",
                "{ totals(tweetIds: [3, 1]) { tweetId favorites replies engagementType count } }",
                """
                {"totals":[{"tweetId":"3","favorites":302,"replies":305,"engagementType":null,"count":null},\
                {"tweetId":"1","favorites":102,"replies":105,"engagementType":null,"count":null}]}
                """
            ),
            ResponseCase(
                "the grand total",
                "{ totals(tweetIds: [3, 1], groupBy: []) { tweetId favorites asOf } }",
                #"{"totals":[{"tweetId":null,"favorites":404,"asOf":"2026-03-31T10:29:57Z"}]}"#
            ),
            ResponseCase(
                "the long form",
                "{ totals(tweetIds: [3, 1], groupBy: [ENGAGEMENT_TYPE]) { engagementType count favorites replies tweetId } }",
                """
                {"totals":[{"engagementType":"FAVORITES","count":404,"favorites":404,"replies":null,"tweetId":null},\
                {"engagementType":"REPLIES","count":410,"favorites":null,"replies":410,"tweetId":null}]}
                """
            ),
            ResponseCase(
                "the long form of all types",
                "{ totals(tweetIds: [1], groupBy: [ENGAGEMENT_TYPE]) { engagementType count engagementRate } }",
                """
                {"totals":[{"engagementType":"IMPRESSIONS","count":100,"engagementRate":null},\
                {"engagementType":"ENGAGEMENTS","count":101,"engagementRate":null},\
                {"engagementType":"FAVORITES","count":102,"engagementRate":null},\
                {"engagementType":"RETWEETS","count":103,"engagementRate":null},\
                {"engagementType":"QUOTE_TWEETS","count":104,"engagementRate":null},\
                {"engagementType":"REPLIES","count":105,"engagementRate":null},\
                {"engagementType":"VIDEO_VIEWS","count":106,"engagementRate":null}]}
                """
            ),
            ResponseCase(
                "Tweets, then types",
                "{ totals(tweetIds: [3, 1], groupBy: [TWEET, ENGAGEMENT_TYPE]) { tweetId favorites replies } }",
                """
                {"totals":[{"tweetId":"3","favorites":302,"replies":null},{"tweetId":"3","favorites":null,"replies":305},\
                {"tweetId":"1","favorites":102,"replies":null},{"tweetId":"1","favorites":null,"replies":105}]}
                """
            ),
            ResponseCase(
                "types, then Tweets; a dimension that is listed again changes nothing",
                """
                { totals(tweetIds: [3, 1], groupBy: [ENGAGEMENT_TYPE, TWEET, ENGAGEMENT_TYPE]) { tweetId count favorites replies } }
                """,
                """
                {"totals":[{"tweetId":"3","count":302,"favorites":302,"replies":null},\
                {"tweetId":"1","count":102,"favorites":102,"replies":null},\
                {"tweetId":"3","count":305,"favorites":null,"replies":305},\
                {"tweetId":"1","count":105,"favorites":null,"replies":105}]}
                """
            ),
            ResponseCase(
                "a Tweet that is named twice has one row and counts once",
                "{ a: totals(tweetIds: [1, 2, 1]) { tweetId } b: totals(tweetIds: [1, 2, 1], groupBy: []) { favorites } }",
                #"{"a":[{"tweetId":"1"},{"tweetId":"2"}],"b":[{"favorites":304}]}"#
            ),
            ResponseCase(
                "no Tweets, no rows",
                """
                {
                  a: totals(tweetIds: []) { favorites } b: totals(tweetIds: [], groupBy: []) { favorites }
                  c: totals(tweetIds: [], groupBy: [ENGAGEMENT_TYPE]) { count } d: tweets(ids: []) { totals { favorites } }
                }
                """,
                #"{"a":[],"b":[],"c":[],"d":[]}"#
            ),
            ResponseCase(
                "rows without a metric are rows",
                """
                {
                  a: totals(tweetIds: [2, 1]) { tweetId asOf } b: totals(tweetIds: [2, 1], groupBy: []) { __typename }
                  c: tweet(id: 1) { totals { asOf } }
                }
                """,
                """
                {"a":[{"tweetId":"2","asOf":null},{"tweetId":"1","asOf":null}],"b":[{"__typename":"TotalsRow"}],\
                "c":{"totals":{"asOf":null}}}
                """
            ),
            ResponseCase(
                "a rate",
                "{ totals(tweetIds: [1], groupBy: []) { engagementRate } }",
                #"{"totals":[{"engagementRate":1.01}]}"#
            ),
        ]
    )
    func groupings(_ test: ResponseCase) throws {
        #expect(try GraphFixture().respond(test.query) == test.response)
    }

    @Test(
        "Tweets show their own rows",
        arguments: [
            ResponseCase(
                "a list with repetitions",
                "{ tweets(ids: [2, 1, 2]) { id totals { tweetId replies } } }",
                """
                {"tweets":[{"id":"2","totals":{"tweetId":"2","replies":205}},{"id":"1","totals":{"tweetId":"1","replies":105}},\
                {"id":"2","totals":{"tweetId":"2","replies":205}}]}
                """
            ),
            ResponseCase(
                "cards in another order than the need that they share",
                """
                {
                  a: tweets(ids: [2, 1]) { totals { replies } } b: tweet(id: 1) { totals { replies } }
                  c: tweets(ids: [3, 1, 3]) { totals { replies } } d: totals(tweetIds: [1, 3, 2], groupBy: []) { replies }
                }
                """,
                """
                {"a":[{"totals":{"replies":205}},{"totals":{"replies":105}}],"b":{"totals":{"replies":105}},\
                "c":[{"totals":{"replies":305}},{"totals":{"replies":105}},{"totals":{"replies":305}}],"d":[{"replies":615}]}
                """
            ),
            ResponseCase(
                "aliases of one field with different metrics",
                "{ tweet(id: 1) { a: totals { replies } b: totals { favorites engagementRate } a2: totals { replies } } }",
                #"{"tweet":{"a":{"replies":105},"b":{"favorites":102,"engagementRate":1.01},"a2":{"replies":105}}}"#
            ),
        ]
    )
    func tweets(_ test: ResponseCase) throws {
        #expect(try GraphFixture().respond(test.query) == test.response)
    }

    @Test("A sum that 64 bits cannot hold is null")
    func overflow() throws {
        let response = try GraphFixture().respond("{ totals(tweetIds: [1, 2, 3], groupBy: []) { replies favorites } }")
        {
            _,
            type,
            _ in counted(type == .replies ? .max - 1 : 5)
        }
        #expect(response == #"{"data":{"totals":[{"replies":null,"favorites":15}]}}"#)
    }

    @Test("There is no rate without impressions")
    func noImpressions() throws {
        let response = try GraphFixture().respond("{ totals(tweetIds: [1]) { impressions engagementRate } }") {
            _,
            type,
            _ in
            counted(type == .impressions ? 0 : 5)
        }
        #expect(response == #"{"data":{"totals":[{"impressions":0,"engagementRate":null}]}}"#)
    }
}

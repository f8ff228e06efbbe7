import Engagement
import EngagementGraph
import GraphQL
import Testing

/// `rate(of:per:times:)`.
@Suite("Rates")
struct RateTests {
    @Test(
        "One number for each of another",
        arguments: [
            ResponseCase(
                "of impressions, unless another type is named, and for each thousand",
                """
                { totals(tweetIds: [1, 2]) { rate(of: FAVORITES) perThousand: rate(of: FAVORITES, times: 1000)
                    perReply: rate(of: FAVORITES, per: REPLIES) impressions favorites replies } }
                """,
                """
                {"totals":[{"rate":1.02,"perThousand":1020.0,"perReply":0.9714285714285714,"impressions":100,"favorites":102,"replies":105},\
                {"rate":1.01,"perThousand":1010.0,"perReply":0.9853658536585366,"impressions":200,"favorites":202,"replies":205}]}
                """
            ),
            ResponseCase(
                "of sums, not the mean of rates",
                "{ totals(tweetIds: [1, 3], groupBy: []) { rate(of: ENGAGEMENTS) engagementRate } }",
                #"{"totals":[{"rate":1.005,"engagementRate":1.005}]}"#
            ),
            ResponseCase(
                "of nothing in the long form",
                "{ totals(tweetIds: [1], groupBy: [ENGAGEMENT_TYPE]) { rate(of: FAVORITES) impressions } }",
                #"{"totals":[{"rate":null,"impressions":100}]}"#
            ),
            ResponseCase(
                "of a Tweet's days",
                """
                { tweet(id: 2) { historical(start: "2026-03-01", end: "2026-03-02", groupBy: [DAY]) {
                    rate(of: URL_CLICKS, times: 100) } } }
                """,
                #"{"tweet":{"historical":[{"rate":100.0}]}}"#
            ),
        ]
    )
    func values(_ example: ResponseCase) throws {
        #expect(try GraphFixture().respond(example.query) == example.response)
    }

    @Test("is null without any of what it is divided by, and where the two are known of different Tweets")
    func null() throws {
        let query =
            "{ totals(tweetIds: [1, 2], groupBy: []) { a: rate(of: REPLIES, per: FAVORITES) b: rate(of: REPLIES, per: RETWEETS) } }"
        let lopsided = try GraphFixture().respond(query) { tweet, type, hours in
            type == .favorites && tweet.rawValue == 2 ? absent(.tooOld) : counts(tweet, type, hours)
        }
        #expect(lopsided.contains(#"[{"a":null,"b":1.0"#), "\(lopsided)")
        let without = try GraphFixture().respond(query) { tweet, type, hours in
            type == .favorites ? counted(0) : counts(tweet, type, hours)
        }
        #expect(without.contains(#"[{"a":null,"b":1.0"#), "\(without)")
    }

    @Test(
        "of what the rows do not have is refused",
        arguments: [
            ("totals(tweetIds: [1]) { rate(of: URL_CLICKS) }", "Lifetime counts have no URL_CLICKS"),
            (
                "last28Hours(tweetIds: [1]) { rate(of: REPLIES, per: QUOTE_TWEETS) }",
                "Counts over time have no QUOTE_TWEETS"
            ),
            ("totals(tweetIds: [1]) { rate(of: REPLIES, times: 0) }", "times is 0"),
        ]
    )
    func refusals(_ field: String, _ words: String) throws {
        let refusals = try GraphFixture().refusals("{ \(field) }")
        #expect(refusals.map(\.code) == ["INVALID_RATE"])
        #expect(refusals.first?.error.message.contains(words) == true)
    }
}

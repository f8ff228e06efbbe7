import Engagement
import EngagementGraph
import Testing

@Suite("Numbers that are not there")
struct AbsenceTests {
    private func failed(
        _ tweets: [TweetID],
        _ types: EngagementTypeSet,
        _ family: MetricFamily = .totals,
        window: HourWindow? = nil,
        code: String = "UPSTREAM_TIMEOUT"
    ) -> AnswerGap {
        AnswerGap(
            family: family,
            tweets: Set(tweets),
            types: types,
            window: window,
            code: code,
            message: "It took too long."
        )
    }

    @Test("A Tweet that is gone is null itself, is left out of sums, and is reported once")
    func permanentAbsence() throws {
        let query =
            "{ each: totals(tweetIds: [1, 2, 3]) { favorites replies } sum: totals(tweetIds: [1, 2, 3], groupBy: []) { favorites } }"
        let response = try GraphFixture().respond(query) { tweet, type, hours in
            tweet.rawValue == 2 ? absent(.unavailable) : counts(tweet, type, hours)
        }
        #expect(
            response == """
                {"data":{"each":[{"favorites":102,"replies":105},{"favorites":null,"replies":null},{"favorites":302,"replies":305}],\
                "sum":[{"favorites":404}]},"errors":[\
                {"message":"1 Tweet is deleted, protected or suspended, or never existed.","path":["each"],"extensions":\
                {"code":"TWEET_UNAVAILABLE","tweetIds":["2"],"engagementTypes":["FAVORITES","REPLIES"]}},\
                {"message":"1 Tweet is deleted, protected or suspended, or never existed.","path":["sum"],"extensions":\
                {"code":"TWEET_UNAVAILABLE","tweetIds":["2"],"engagementTypes":["FAVORITES"]}}]}
                """
        )
    }

    @Test("A sum of Tweets that are all gone is null")
    func nothingLeft() throws {
        let response = try GraphFixture().respond("{ totals(tweetIds: [1, 2], groupBy: []) { favorites } }") {
            _,
            _,
            _ in
            absent(.forbidden)
        }
        #expect(
            response.hasPrefix(
                #"{"data":{"totals":[{"favorites":null}]},"errors":[{"message":"2 Tweets belong to another"#
            )
        )
    }

    @Test("A number that upstream did not give makes every sum null that needs it, and no other")
    func transientAbsence() throws {
        let query =
            "{ each: totals(tweetIds: [1, 2]) { favorites replies } sum: totals(tweetIds: [1, 2], groupBy: []) { favorites replies } }"
        let gaps = [failed(tweets(2), types(.favorites))]
        let response = try GraphFixture().respond(query, gaps: gaps) { tweet, type, hours in
            tweet.rawValue == 2 && type == .favorites ? .missing : counts(tweet, type, hours)
        }
        #expect(
            response == """
                {"data":{"each":[{"favorites":102,"replies":105},{"favorites":null,"replies":205}],\
                "sum":[{"favorites":null,"replies":310}]},"errors":[\
                {"message":"It took too long.","path":["each"],"extensions":\
                {"code":"UPSTREAM_TIMEOUT","tweetIds":["2"],"engagementTypes":["FAVORITES"]}},\
                {"message":"It took too long.","path":["sum"],"extensions":\
                {"code":"UPSTREAM_TIMEOUT","tweetIds":["2"],"engagementTypes":["FAVORITES"]}}]}
                """
        )
    }

    @Test("A number that is missing stays missing, whether counts come before it or after", arguments: [0, 1, 2])
    func missingAnywhere(_ place: Int) throws {
        let query = "{ totals(tweetIds: [1, 2, 3], groupBy: []) { replies } }"
        let response = try GraphFixture().respond(query) { tweet, type, hours in
            Int(tweet.rawValue) == place + 1 ? .missing : counts(tweet, type, hours)
        }
        #expect(response.hasPrefix(#"{"data":{"totals":[{"replies":null}]},"errors""#))
        #expect(response.contains("UPSTREAM_INCOMPLETE"))
    }

    @Test("Each reason is reported once, in the order in which it is met")
    func severalReasons() throws {
        let response = try GraphFixture().respond("{ totals(tweetIds: [1, 2, 3, 4, 5]) { impressions videoViews } }") {
            tweet,
            type,
            hours in
            switch (tweet.rawValue, type) {
            case (1, .impressions), (4, .videoViews): absent(.tooOld)
            case (2, _), (5, _): absent(.forbidden)
            case (3, .videoViews): .missing
            default: counts(tweet, type, hours)
            }
        }
        let codes = response.matches(of: #/"code":"(\w+)","tweetIds":(\[[^\]]*\])/#).map { "\($0.1) \($0.2)" }
        #expect(codes == [#"TWEET_TOO_OLD ["1","4"]"#, #"TWEET_FORBIDDEN ["2","5"]"#, #"UPSTREAM_INCOMPLETE ["3"]"#])
    }

    @Test("Of a Tweet in a list, the path leads to where it is shown first")
    func pathOfRepeatedTweets() throws {
        let response = try GraphFixture().respond("{ tweets(ids: [1, 1, 2]) { past: last28Hours { replies } } }") {
            tweet,
            type,
            hours in tweet.rawValue == 2 ? absent(.unavailable) : counts(tweet, type, hours)
        }
        #expect(response.contains(#""path":["tweets",2,"past"]"#), "\(response)")
    }

    @Test("An hour that failed is explained by the call that was for it")
    func explanationsByTime() throws {
        let query =
            #"{ historical(tweetIds: [1], start: "2026-03-01", end: "2026-03-04", groupBy: [DAY]) { replies } }"#
        let first = window("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z")
        let gaps = [failed(tweets(1), types(.replies), .series, window: first)]
        let response = try GraphFixture().respond(query, gaps: gaps) { tweet, type, hours in
            hours.map { $0.start < time("2026-03-03").flooredHour } == true ? .missing : counts(tweet, type, hours)
        }
        #expect(response.hasPrefix(#"{"data":{"historical":[{"replies":null},{"replies":null},{"replies":24}]}"#))
        let codes = response.matches(of: #/"code":"(\w+)"/#).map { String($0.1) }
        #expect(codes == ["UPSTREAM_TIMEOUT", "UPSTREAM_INCOMPLETE"])
    }

    @Test("Failures of totals do not explain a series, nor those of other Tweets and types")
    func unrelatedFailures() throws {
        let gaps = [
            failed(tweets(1), types(.replies), .totals), failed(tweets(2), types(.replies), .series),
            failed(tweets(1), types(.favorites), .series),
        ]
        let response = try GraphFixture().respond("{ last28Hours(tweetIds: [1]) { replies } }", gaps: gaps) { _, _, _ in
            .missing
        }
        #expect(response.contains("UPSTREAM_INCOMPLETE"))
        #expect(!response.contains("UPSTREAM_TIMEOUT"))
    }

    @Test("A rate is null if its two numbers are sums over different Tweets, and a number otherwise")
    func lopsidedRates() throws {
        let graph = try GraphFixture()
        let query = "{ totals(tweetIds: [1, 2], groupBy: []) { impressions engagements engagementRate } }"
        let lopsided = try graph.respond(query) { tweet, type, _ in
            tweet.rawValue == 2 && type == .impressions ? absent(.tooOld) : counted(10)
        }
        #expect(lopsided.hasPrefix(#"{"data":{"totals":[{"impressions":10,"engagements":20,"engagementRate":null}]}"#))
        let even = try graph.respond(query) { tweet, type, _ in
            tweet.rawValue == 2 ? absent(type == .impressions ? .tooOld : .unavailable) : counted(10)
        }
        #expect(
            even.hasPrefix(#"{"data":{"totals":[{"impressions":10,"engagements":10,"engagementRate":1.0}]}"#),
            "\(even)"
        )
    }

    @Test("Old numbers are numbers: what is stale is shown with its age")
    func staleNumbers() throws {
        let response = try GraphFixture().respond("{ totals(tweetIds: [1], groupBy: []) { replies favorites asOf } }") {
            _,
            type,
            _ in
            var cell = counted(4, secondsOld: type == .replies ? 7200 : 0)
            cell.freshness = type == .replies ? .stale : .fresh
            return cell
        }
        #expect(response == #"{"data":{"totals":[{"replies":4,"favorites":4,"asOf":"2026-03-31T08:30:00Z"}]}}"#)
    }
}

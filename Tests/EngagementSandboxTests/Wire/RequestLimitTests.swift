import Engagement
import EngagementSandbox
import JSON
import Testing

/// What a request body must be (dossier §3, §8): one past each limit is refused with 400.
@Suite struct RequestLimitTests {
    private let id = "1785265636840173569"

    static let malformed: [String] = [
        "", "{", "[]", "null", #""x""#, "{} {}", #"{"tweet_ids":["1"]}"#,
        // A key is missing.
        #"{"engagement_types":["favorites"],"groupings":{"g":{"group_by":["tweet.id"]}}}"#,
        #"{"tweet_ids":[ID],"groupings":{"g":{"group_by":["tweet.id"]}}}"#,
        #"{"tweet_ids":[ID],"engagement_types":["favorites"]}"#,
        // Nothing is asked for.
        #"{"tweet_ids":[],"engagement_types":["favorites"],"groupings":{"g":{"group_by":["tweet.id"]}}}"#,
        #"{"tweet_ids":[ID],"engagement_types":[],"groupings":{"g":{"group_by":["tweet.id"]}}}"#,
        #"{"tweet_ids":[ID],"engagement_types":["favorites"],"groupings":{}}"#,
        // Groupings of another shape.
        #"{"tweet_ids":[ID],"engagement_types":["favorites"],"groupings":[]}"#,
        #"{"tweet_ids":[ID],"engagement_types":["favorites"],"groupings":{"g":["tweet.id"]}}"#,
        #"{"tweet_ids":[ID],"engagement_types":["favorites"],"groupings":{"g":{}}}"#,
        #"{"tweet_ids":[ID],"engagement_types":["favorites"],"groupings":{"g":{"group_by":[]}}}"#,
        #"{"tweet_ids":[ID],"engagement_types":["favorites"],"groupings":{"g":{"group_by":[1]}}}"#,
        #"{"tweet_ids":[ID],"engagement_types":["favorites"],"groupings":{"g":{"group_by":["x"]}}}"#,
        // Names that are none.
        #"{"tweet_ids":[ID],"engagement_types":[" favorites"],"groupings":{"g":{"group_by":["tweet.id"]}}}"#,
        #"{"tweet_ids":[ID],"engagement_types":["media_clicks"],"groupings":{"g":{"group_by":["tweet.id"]}}}"#,
        #"{"tweet_ids":[ID],"engagement_types":"favorites","groupings":{"g":{"group_by":["tweet.id"]}}}"#,
        // Ids that are none.
        #"{"tweet_ids":[[ID]],"engagement_types":["favorites"],"groupings":{"g":{"group_by":["tweet.id"]}}}"#,
        #"{"tweet_ids":[1.5],"engagement_types":["favorites"],"groupings":{"g":{"group_by":["tweet.id"]}}}"#,
        #"{"tweet_ids":["-1"],"engagement_types":["favorites"],"groupings":{"g":{"group_by":["tweet.id"]}}}"#,
        #"{"tweet_ids":["99999999999999999999"],"engagement_types":["favorites"],"#
            + #""groupings":{"g":{"group_by":["tweet.id"]}}}"#,
    ]

    @Test("A body that breaks a rule is refused", arguments: malformed)
    func malformedBodies(_ body: String) throws {
        let bench = try Bench()
        let answer = try bench.call(.totals, body.replacing("ID", with: "\"\(id)\""), as: .bearer)
        #expect(answer.status == 400)
        #expect(answer.errors.count == 1)
    }

    @Test("As many Tweets as the limit are served and one more is refused", arguments: Endpoint.allCases)
    func tweetLimit(_ endpoint: Endpoint) throws {
        let bench = try Bench()
        let limit = endpoint == .totals ? 250 : 25
        let tweets = (0...limit).map { tweet(hours: 30, before: bench.now, sequence: UInt64($0)) }
        #expect(try bench.call(endpoint, body(Array(tweets.dropLast()), ["favorites"])).status == 200)
        #expect(try bench.call(endpoint, body(tweets, ["favorites"])).status == 400)
    }

    @Test("Ids come as strings or integers, types and Tweets may stand twice, and groups may be in capitals")
    func tolerance() throws {
        let bench = try Bench()
        let request = """
            {"tweet_ids":[\(id),"\(id)"],"engagement_types":["favorites","favorites"],
             "groupings":{"Grand Totals":{"group_by":["Tweet.id","ENGAGEMENT.type"]}}}
            """
        let answer = try bench.call(.totals, request, as: .bearer)
        #expect(answer.status == 200)
        #expect(answer.json["Grand Totals"]?[id]?["favorites"]?.string.flatMap { Int($0) } ?? 0 > 0)
        bench.endpoint.setSwitches(with { $0.idsAsStringsOnly = true })
        #expect(try bench.call(.totals, request, as: .bearer).status == 400)
    }

    @Test("Unknown keys, times on other endpoints and other content types are refused unless told otherwise")
    func strictness() throws {
        let extra = body([TweetID(rawValue: 1_785_265_636_840_173_569)], ["favorites"]).dropLast() + ",\"x\":{}}"
        let timed = body([TweetID(rawValue: 1_785_265_636_840_173_569)], ["favorites"], start: "2024-09-20", end: "x")
        let bench = try Bench()
        #expect(try bench.call(.totals, String(extra)).status == 400)
        #expect(try bench.call(.totals, timed).status == 400)
        #expect(try bench.call(.last28Hours, timed).status == 400)
        let plain = bench.request(
            .totals,
            body([TweetID(rawValue: 1_785_265_636_840_173_569)], ["favorites"]),
            as: .bearer
        ) {
            $0.headers[2].value = "text/plain"
        }
        #expect(try bench.send(plain).status == 400)
        bench.endpoint.setSwitches(with { $0.strict = false })
        #expect(try bench.call(.totals, String(extra)).status == 200)
        #expect(try bench.call(.last28Hours, timed).status == 200)
        #expect(try bench.send(plain).status == 200)
    }

    struct Grouping: Sendable, CustomTestStringConvertible {
        let endpoint: Endpoint
        let groupings: [[String]]
        let isAllowed: Bool

        var testDescription: String { "\(endpoint) \(groupings)" }

        init(_ endpoint: Endpoint, _ groupings: [String], _ isAllowed: Bool) {
            self.endpoint = endpoint
            self.groupings = groupings.map { names in
                names.split(separator: " ").map { $0 == "tweet" ? "tweet.id" : "engagement.\($0)" }
            }
            self.isAllowed = isAllowed
        }
    }

    @Test(
        "Groupings keep to their number, their dimensions and their orders",
        arguments: [
            Grouping(.totals, ["tweet", "type", "type tweet"], true),
            Grouping(.totals, ["tweet", "type", "type tweet", "tweet type"], false),
            Grouping(.totals, ["type day"], false),
            Grouping(.totals, ["tweet type hour"], false),
            Grouping(.last28Hours, ["hour day type"], true),
            Grouping(.historical, ["tweet type day hour"], true),
            Grouping(.historical, ["type tweet day hour"], true),
            Grouping(.historical, ["tweet day type hour"], false),
            Grouping(.historical, ["tweet type hour day"], false),
            Grouping(.historical, ["day hour tweet type"], false),
            Grouping(.historical, ["tweet type day hour", "tweet type day"], true),
            Grouping(.historical, ["tweet type day hour", "type tweet day hour"], false),
            Grouping(.historical, ["tweet tweet"], false),
            Grouping(.historical, ["tweet type week"], false),
        ]
    )
    func groupingRules(_ grouping: Grouping) throws {
        let bench = try Bench()
        let named = grouping.groupings.enumerated().map { ("g\($0.offset)", $0.element) }
        let tweets = [tweet(hours: 30, before: bench.now)]
        let answer = try bench.call(grouping.endpoint, body(tweets, ["favorites"], groupings: named))
        #expect(answer.status == (grouping.isAllowed ? 200 : 400))
    }

    @Test("Dimensions that an endpoint lacks are named in the known sentence")
    func unsupportedGroupings() throws {
        let bench = try Bench()
        let tweets = [tweet(hours: 30, before: bench.now)]
        let groupings = [("g", ["tweet.id", "engagement.type", "engagement.hour"])]
        #expect(
            try bench.call(.totals, body(tweets, ["favorites"], groupings: groupings)).errors == [
                "One or more of the groupBys you have specified are not supported: (engagement.hour). Please adjust your"
                    + " request and try again."
            ]
        )
    }

    @Test(
        "A grouping's name may not be a key of the response",
        arguments: [
            "start", "end", "errors", "unavailable_tweet_ids", "unsupported_for_video_views_tweet_ids",
        ]
    )
    func reservedNames(_ name: String) throws {
        let bench = try Bench()
        let request = body([TweetID(rawValue: 5)], ["favorites"], groupings: [(name, ["tweet.id"])])
        #expect(try bench.call(.totals, request).status == 400)
    }

    private func with(_ change: (inout SandboxSwitches) -> Void) -> SandboxSwitches {
        var switches = SandboxSwitches()
        change(&switches)
        return switches
    }
}

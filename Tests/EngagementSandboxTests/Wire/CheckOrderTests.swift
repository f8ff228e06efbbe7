import Engagement
import EngagementSandbox
import JSON
import Testing

/// The order of the checks (dossier §13): a call with several faults is refused for the first one.
@Suite struct CheckOrderTests {
    private let foreign = TweetID(rawValue: 1_765_017_450_569_535_488)

    @Test("Each step refuses before the next one is looked at")
    func earlierStepsWin() throws {
        let bench = try Bench { $0.quotaPerMinute = 2 }
        // This body has everything wrong with it that steps 8 to 10 look for.
        let bad = body([foreign, TweetID(rawValue: 5)], ["quote_tweets"])
        let broken = "{"
        func status(
            _ body: String,
            as identity: Bench.Identity,
            _ adjust: (inout SandboxRequest) -> Void = { _ in }
        )
            throws -> Int
        {
            try bench.send(bench.request(.historical, body, as: identity, adjust)).status
        }
        // 1: path, then method.
        #expect(
            try status(broken, as: .nobody) {
                $0.path += "/"
                $0.method = "GET"
                $0.headers = []
            } == 404
        )
        #expect(
            try status(broken, as: .nobody) {
                $0.method = "GET"
                $0.headers = []
            } == 405
        )
        // 2: gzip.
        #expect(try status(broken, as: .nobody) { $0.headers = [] } == 406)
        // 3, 4: who calls.
        #expect(try status(broken, as: .nobody) == 401)
        #expect(try status(broken, as: .user(Signer(tokenSecret: "wrong"))) == 401)
        // 5: the application.
        let stranger = Signer(consumerKey: "SandboxNotEnrolledKey", consumerSecret: "SandboxNotEnrolledSecret")
        #expect(try status(broken, as: .user(stranger)) == 403)
        // 7: the body; 8: metrics. Both cost a call of the quota, so the third is refused by step 6.
        #expect(try status(broken, as: .acme) == 400)
        #expect(try bench.call(.historical, bad).errors == ["Forbidden to access metrics: quote_tweets"])
        #expect(try status(broken, as: .acme) == 429)
        bench.endpoint.setQuota(perMinute: 100)
        // 9: ownership before availability; 10: availability.
        let owned = try bench.call(.historical, body([foreign, TweetID(rawValue: 5)], ["impressions"]))
        #expect(owned.errors == ["Forbidden to access tweets: 1765017450569535488"])
        #expect(try bench.call(.historical, body([TweetID(rawValue: 5)], ["impressions"])).status == 400)
    }

    @Test("405 names the method that is allowed")
    func allowHeader() throws {
        let bench = try Bench()
        let answer = try bench.send(bench.request(.totals, "", as: .nobody) { $0.method = "GET" })
        #expect(answer.header("Allow") == "POST")
    }

    @Test(
        "gzip must be named in Accept-Encoding, and errors are gzipped as well",
        arguments: [
            ("gzip", true), ("deflate, gzip", true), ("GZIP;q=0.5", true), ("br , gzip ; q=1", true),
            ("gzip;q=0", false),
            ("identity", false), ("*", false), ("x-gzip", false), ("", false),
        ]
    )
    func acceptEncoding(_ value: String, _ isAccepted: Bool) throws {
        let bench = try Bench()
        let request = bench.request(.totals, "{", as: .acme) { $0.headers[1].value = value }
        let answer = try bench.send(request)
        #expect(answer.status == (isAccepted ? 400 : 406))
        #expect(answer.header("Content-Encoding") == "gzip")
        guard !isAccepted else { return }
        #expect(
            answer.errors == [
                "This request requires gzip compression. Retry the request after setting 'Accept-Encoding' header in the"
                    + " request to 'gzip'."
            ]
        )
    }

    @Test(
        "Metrics that an endpoint or a caller has no right to are named in a 403",
        arguments: [
            ("totals", "acme", "url_clicks", false), ("totals", "acme", "impressions", true),
            ("totals", "application", "impressions", false), ("totals", "bearer", "engagements", false),
            ("totals", "bearer", "quote_tweets", true), ("28hr", "acme", "quote_tweets", false),
            ("28hr", "application", "favorites", false), ("historical", "acme", "user_follows", true),
        ]
    )
    func metricsByCaller(_ endpoint: String, _ caller: String, _ type: String, _ isAllowed: Bool) throws {
        let bench = try Bench()
        let identity: Bench.Identity = caller == "acme" ? .acme : caller == "bearer" ? .bearer : .application
        let tweets = [tweet(hours: 30, before: bench.now)]
        let answer = try bench.call(try #require(Endpoint(rawValue: endpoint)), body(tweets, [type]), as: identity)
        #expect(answer.status == (isAllowed ? 200 : 403))
        if !isAllowed { #expect(answer.errors == ["Forbidden to access metrics: \(type)"]) }
    }
}

/// Ownership, availability and age: steps 9 to 11.
@Suite struct AvailabilityTests {
    private let foreign = TweetID(rawValue: 1_765_017_450_569_535_488)
    private let strangers = TweetID(rawValue: 1_802_997_363_221_987_329)
    private let deleted = TweetID(rawValue: 1_720_140_212_187_844_609)
    private let protected = TweetID(rawValue: 1_749_337_391_901_192_193)
    private let suspended = TweetID(rawValue: 1_833_249_017_087_152_129)

    @Test("One Tweet of somebody else's refuses the whole call on every endpoint", arguments: Endpoint.allCases)
    func foreignTweetsAreForbidden(_ endpoint: Endpoint) throws {
        let bench = try Bench()
        let own = tweet(hours: 30, before: bench.now)
        let answer = try bench.call(endpoint, body([own, strangers, foreign], ["favorites"]))
        #expect(answer.status == 403)
        #expect(answer.errors == ["Forbidden to access tweets: 1765017450569535488, 1802997363221987329"])
        #expect(try bench.call(endpoint, body([foreign], ["favorites"]), as: .globex).status == 200)
    }

    @Test("The older wording has a string for each author")
    func forbiddenByAuthor() throws {
        let bench = try Bench { $0.switches.forbiddenWording = .byAuthor }
        let answer = try bench.call(.historical, body([strangers, foreign], ["favorites"]))
        #expect(
            answer.errors == [
                "Forbidden to access tweets for author id 1000002: 1765017450569535488",
                "Forbidden to access tweets for author id 1000003: 1802997363221987329",
            ]
        )
    }

    @Test("Without user tokens the public metrics of anybody are served")
    func publicMetricsOfAnybody() throws {
        let bench = try Bench()
        #expect(try bench.call(.totals, body([strangers, foreign], ["favorites"]), as: .bearer).status == 200)
        let lenient = try Bench { $0.switches.userTokensOnForeignTotals = .publicMetrics }
        #expect(try lenient.call(.totals, body([strangers], ["favorites"])).status == 200)
        #expect(try lenient.call(.totals, body([strangers], ["favorites", "impressions"])).status == 403)
    }

    @Test("Some unavailable Tweets leave a partial answer, and all of them none")
    func unavailableTweets() throws {
        let bench = try Bench()
        let future = tweet(hours: -2, before: bench.now)
        let own = tweet(hours: 30, before: bench.now)
        let gone = [deleted, protected, suspended, future, TweetID(rawValue: 20)]
        let partial = try bench.call(.historical, body(gone + [own], ["favorites"]))
        #expect(partial.status == 200)
        #expect(partial.errors == ["5 Tweet ID(s) are unavailable"])
        #expect(
            Set(partial.json["unavailable_tweet_ids"]?.array?.compactMap(\.string) ?? [])
                == Set(gone.map(\.description))
        )
        #expect(partial.json["g"]?.members?.map(\.name) == [own.description])

        let all = try bench.call(.totals, body([deleted, protected], ["favorites"]), as: .bearer)
        #expect(all.status == 400)
        #expect(all.errors == ["Tweet ID(s) are unavailable"])
    }

    @Test("Switches: a protected Tweet fails the call, and partial answers have no errors")
    func availabilitySwitches() throws {
        let own = TweetID(rawValue: 1_785_265_636_840_173_569)
        let failing = try Bench { $0.switches.protectedTweets = .failTheCall }
        #expect(try failing.call(.totals, body([protected, own], ["favorites"])).status == 400)
        #expect(try failing.call(.totals, body([deleted, own], ["favorites"])).status == 200)
        let silent = try Bench { $0.switches.errorsOfPartialAnswers = false }
        let answer = try silent.call(.totals, body([deleted, own], ["favorites"]))
        #expect(answer.json["errors"] == nil)
        #expect(answer.json["unavailable_tweet_ids"]?.array?.count == 1)
    }

    @Test("A Tweet is unavailable from the moment of its end on")
    func availabilityHasATime() throws {
        let id = TweetID(rawValue: 323_456_789)
        #expect(try Bench(at: "2015-09-30T23:59:59Z").call(.last28Hours, body([id], ["impressions"])).status == 200)
        #expect(try Bench(at: "2015-10-01T00:00:00Z").call(.last28Hours, body([id], ["impressions"])).status == 400)
    }

    @Test("After 90 days totals have no impressions and engagements, to the millisecond")
    func ninetyDays() throws {
        let bench = try Bench()
        let limit = bench.now.advanced(bySeconds: -90 * 86_400)
        let old = SandboxWorld.tweetID(postedAt: UnixTime(milliseconds: limit.milliseconds - 1))
        let young = SandboxWorld.tweetID(postedAt: limit)
        let asked = body([old, young], ["impressions", "engagements", "favorites"])
        let answer = try bench.call(.totals, asked)
        #expect(answer.status == 200)
        #expect(answer.json["unsupported_for_impressions_engagements_tweet_ids"] == .array([.string("\(old)")]))
        #expect(answer.errors.first?.hasPrefix("Impressions & engagements for tweets older than 90 days (") == true)
        #expect(answer.json["g"]?["\(old)"]?.members?.map(\.name) == ["favorites"])
        #expect(answer.json["g"]?["\(young)"]?.members?.map(\.name) == ["engagements", "favorites", "impressions"])
        // Other endpoints and other metrics have no such rule.
        #expect(try bench.call(.historical, asked).json["errors"] == nil)
        #expect(try bench.call(.totals, body([old], ["favorites"])).json["errors"] == nil)

        bench.endpoint.setSwitches(with { $0.unsupportedMetrics = .zero })
        #expect(try bench.call(.totals, asked).json["g"]?["\(old)"]?["impressions"]?.string == "0")
        bench.endpoint.setSwitches(with { $0.ninetyDayRule = .everywhere })
        #expect(try bench.call(.historical, asked).json["errors"] != nil)
        bench.endpoint.setSwitches(with { $0.ninetyDayRule = .off })
        #expect(try bench.call(.totals, asked).json["errors"] == nil)
    }

    @Test("After 1800 days video views of totals are 0 and reported as unsupported, without an error")
    func oldVideo() throws {
        let bench = try Bench()
        let old = TweetID(rawValue: 1_096_081_773_933_182_976)
        let answer = try bench.call(.totals, body([old], ["video_views", "favorites"]), as: .bearer)
        #expect(answer.json["unsupported_for_video_views_tweet_ids"] == .array([.string("\(old)")]))
        #expect(answer.json["g"]?["\(old)"]?["video_views"]?.string == "0")
        #expect(answer.json["errors"] == nil)
    }

    private func with(_ change: (inout SandboxSwitches) -> Void) -> SandboxSwitches {
        var switches = SandboxSwitches()
        change(&switches)
        return switches
    }
}

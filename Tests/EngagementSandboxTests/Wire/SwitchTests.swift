import Engagement
import EngagementSandbox
import Gzip
import JSON
import Testing

/// Switches that no other suite turns: each row of dossier §12, one position against the other.
@Suite struct SwitchTests {
    private let own = TweetID(rawValue: 1_785_265_636_840_173_569)
    private let foreign = TweetID(rawValue: 1_765_017_450_569_535_488)
    private let deleted = TweetID(rawValue: 1_720_140_212_187_844_609)

    private func bench(_ change: (inout SandboxSwitches) -> Void) throws -> Bench {
        try Bench { change(&$0.switches) }
    }

    @Test("Refusals for ownership and metrics are 403 or 401")
    func forbiddenStatus() throws {
        let bench = try bench { $0.forbiddenStatus = .unauthorized }
        let tweets = try bench.call(.totals, body([foreign], ["favorites"]))
        #expect(tweets.status == 401)
        #expect(tweets.errors == ["Forbidden to access tweets: \(foreign)"])
        #expect(try bench.call(.totals, body([own], ["url_clicks"])).status == 401)
    }

    @Test("An app that is not allow-listed gets 403 or 401")
    func notAllowListedStatus() throws {
        let late = Signer(consumerKey: "SandboxNotEnrolledKey", consumerSecret: "SandboxNotEnrolledSecret")
        let bench = try bench { $0.notAllowListedStatus = .unauthorized }
        #expect(try bench.call(.totals, body([own], ["favorites"]), as: .user(late)).status == 401)
    }

    @Test("When all Tweets are unavailable, 400, or 200 with the key")
    func allUnavailable() throws {
        let answer = try bench { $0.allUnavailable = .answered }.call(.totals, body([deleted], ["favorites"]))
        #expect(answer.status == 200)
        #expect(answer.json["unavailable_tweet_ids"] == .array([.string("\(deleted)")]))
        #expect(answer.json["g"] == .object([]))
    }

    @Test(
        "28hr echoes the end of its last bucket or the moment, and counts the same hours",
        arguments: [
            (SandboxSwitches.Last28HoursEnd.bucket, 29, "2015-11-19T03:00:00Z"), (.bucket, 28, "2015-11-19T02:00:00Z"),
            (.now, 29, "2015-11-19T02:27:50Z"), (.now, 28, "2015-11-19T02:27:50Z"),
        ]
    )
    func last28HoursEnd(_ end: SandboxSwitches.Last28HoursEnd, _ buckets: Int, _ echo: String) throws {
        let bench = try Bench(at: "2015-11-19T02:27:50Z") {
            $0.switches.last28HoursEnd = end
            $0.switches.last28HoursBuckets = buckets
        }
        let tweets = [tweet(hours: 40, before: bench.now)]
        let groupings = [("g", ["engagement.day", "engagement.hour"])]
        let answer = try bench.call(.last28Hours, body(tweets, ["impressions"], groupings: groupings))
        #expect(answer.json["start"]?.string == "2015-11-17T22:00:00Z")
        #expect(answer.json["end"]?.string == echo)
        let hours = answer.json["g"]?.members?.reduce(0) { $0 + ($1.value.members?.count ?? 0) }
        #expect(hours == buckets)
    }

    @Test("As many groupings as the sources say: 3, or 10", arguments: [3, 10])
    func maximumGroupings(_ maximum: Int) throws {
        let bench = try bench { $0.maximumGroupings = maximum }
        func status(_ count: Int) throws -> Int {
            let groupings = (0..<count).map { ("g\($0)", ["tweet.id"]) }
            return try bench.call(.totals, body([own], ["favorites"], groupings: groupings)).status
        }
        #expect(try [status(maximum), status(maximum + 1)] == [200, 400])
    }

    @Test("quote_tweets in a series")
    func quoteTweets() throws {
        let bench = try bench { $0.quoteTweetsInSeries = true }
        #expect(try bench.call(.historical, body([own], ["quote_tweets"])).status == 200)
    }

    @Test("A metric that the service has not heard of is refused as any unknown name")
    func unknownMetrics() throws {
        let bench = try bench { $0.unknownMetrics = [.userFollows] }
        #expect(try bench.call(.historical, body([own], ["user_follows"])).status == 400)
        #expect(try bench.call(.historical, body([own], ["user_profile_clicks"])).status == 200)
    }

    @Test("Series report favorites from the 15th or from the 1st of September 2015 on")
    func favoritesSince() throws {
        let posted = try #require(UnixTime(iso8601: "2015-08-31T12:00:00Z"))
        let tweets = (0..<25).map { SandboxWorld.tweetID(postedAt: posted, sequence: $0) }
        func favorites(_ since: SandboxSwitches.FavoritesSince, _ start: String, _ end: String) throws -> Int? {
            let bench = try Bench(at: "2015-10-01T00:00:00Z") { $0.switches.favoritesSince = since }
            let request = body(tweets, ["favorites"], groupings: [("g", ["engagement.type"])], start: start, end: end)
            return try bench.call(.historical, request).json["g"]?["favorites"]?.string.flatMap { Int($0) }
        }
        #expect(try favorites(.september15, "2015-09-01", "2015-09-15") == 0)
        #expect(try favorites(.september15, "2015-09-15", "2015-09-16") ?? 0 > 0)
        #expect(try favorites(.september1, "2015-09-01", "2015-09-02") ?? 0 > 0)
        #expect(try favorites(.september1, "2015-08-31", "2015-09-01") == 0)
    }

    @Test("Tweets too old for a metric keep the others, have 0, or are left out")
    func droppedTweets() throws {
        let bench = try bench { $0.unsupportedMetrics = .dropTweet }
        let old = TweetID(rawValue: 336_451_240_063_930_369)
        let young = tweet(hours: 30, before: bench.now)
        let answer = try bench.call(.totals, body([old, young], ["impressions", "favorites"]))
        #expect(answer.json["g"]?.members?.map(\.name) == ["\(young)"])
        #expect(answer.json["unsupported_for_impressions_engagements_tweet_ids"]?.array?.count == 1)
        #expect(try bench.call(.totals, body([old], ["favorites"])).json["g"]?.members?.count == 1)
    }

    @Test("A Tweet named twice counts once or refuses the call")
    func duplicates() throws {
        let twice = body([own, own], ["favorites"])
        let answer = try bench { _ in }.call(.totals, twice)
        #expect(answer.json["g"]?.members?.count == 1)
        #expect(try bench { $0.duplicateTweets = .refuse }.call(.totals, twice).status == 400)
    }

    @Test("Without gzip in Accept-Encoding: 406, or the answer as it is")
    func withoutGzip() throws {
        let bench = try bench { $0.withoutGzip = .plain }
        func send(_ encoding: String) throws -> Bench.Answer {
            try bench.send(bench.request(.totals, body([own], ["favorites"])) { $0.headers[1].value = encoding })
        }
        let plain = try send("identity")
        #expect(plain.status == 200)
        #expect(plain.header("Content-Encoding") == nil)
        let packed = try send("gzip")
        #expect(packed.header("Content-Encoding") == "gzip")
        #expect(plain.json == packed.json)
    }

    @Test("A gzipped request is refused, or unpacked if a switch says so")
    func gzippedRequests() throws {
        func send(_ bench: Bench, _ bytes: [UInt8]) throws -> Int {
            let request = bench.request(.totals, "") {
                $0.headers.append(("Content-Encoding", "gzip"))
                $0.body = bytes
            }
            return try bench.send(request).status
        }
        let packed = Gzip.compress(Array(body([own], ["favorites"]).utf8))
        #expect(try send(bench { _ in }, packed) == 400)
        let lenient = try bench { $0.gzippedRequests = true }
        #expect(try send(lenient, packed) == 200)
        #expect(try send(lenient, Array("no gzip".utf8)) == 400)
        let long = Array(body([own], ["favorites"]).utf8) + [UInt8](repeating: UInt8(ascii: " "), count: 1 << 20)
        #expect(try send(lenient, Gzip.compress(long)) == 400)
    }

    @Test("Every switch can be told and set by settings")
    func settings() throws {
        let bench = try Bench()
        let changed = """
            {"hourWithoutDay":"day-and-hour","forbiddenWording":"by-author","forbiddenStatus":"401",
             "notAllowListedStatus":"401","ninetyDayRule":"off","unsupportedMetrics":"drop-tweet","counts":"bare",
             "last28HoursBuckets":28,"last28HoursEnd":"now","maximumGroupings":10,"historicalDepth":"last-365-days",
             "favoritesSince":"2015-09-01","userTokensOnForeignTotals":"public-metrics",
             "protectedTweets":"fail-the-call","allUnavailable":"200","errorsOfPartialAnswers":false,
             "windowOnTotals":true,"quoteTweetsInSeries":true,"unknownMetrics":["email_tweet","app_opens"],
             "idsAsStringsOnly":true,"duplicateTweets":"refuse","withoutGzip":"plain","gzippedRequests":true,
             "strict":false}
            """
        func settings(_ method: String, _ path: String, _ body: String = "") throws -> JSONValue? {
            try bench.send(SandboxRequest(method: method, path: path, body: Array(body.utf8))).json
        }
        let defaults = try #require(try settings("GET", "/sandbox")?["settings"]?["switches"]?.members)
        let told = try #require(try settings("PUT", "/sandbox/switches", changed)?["switches"])
        let given = try #require(try JSONValue(parsing: Array(changed.utf8)).members)
        #expect(Set(given.map(\.name)) == Set(defaults.map(\.name)))
        for (name, value) in given.map({ ($0.name, $0.value) }) {
            #expect(told[name] != defaults.last { $0.name == name }?.value, "\(name)")
            guard let list = value.array else {
                #expect(told[name]?.string == value.string ?? text(value), "\(name)")
                continue
            }
            #expect(told[name]?.array?.count == list.count)
        }
    }
}

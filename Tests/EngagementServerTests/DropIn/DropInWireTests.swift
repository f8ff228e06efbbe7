import Engagement
import EngagementAPI
import EngagementGraph
import EngagementSandbox
import EngagementServer
import JSON
import TestSupport
import Testing

/// Headers, statuses and the API's sentences (dossier §7).
@Suite
struct DropInWireTests {
    private static let tweet = TweetID(rawValue: 1_260_294_888_811_347_969)

    // MARK: - HTTP

    @Test(
        "gzip must be named, and is always given",
        arguments: [
            (nil, 406), ("", 406), ("identity", 406), ("*", 406), ("gzip;q=0", 406), ("deflate, br", 406),
            ("gzip", 200), ("deflate, GZIP;q=0.5", 200), ("br , gzip ; q=1.0", 200),
        ] as [(String?, Int)]
    )
    func gzip(_ accepted: String?, _ status: Int) async throws {
        let bed = try TestBed()
        var headers = TestBed.json
        if let accepted { headers.append((name: "Accept-Encoding", value: accepted)) }
        let answer = try await DropInClient.send(
            "POST",
            Endpoint.totals.path,
            requestBody([Self.tweet], [.favorites]),
            port: bed.server.port,
            authorization: DropInClient.acme.authorization(Endpoint.totals.path, time: bed.sandbox.now.seconds),
            headers: headers
        )
        #expect(answer.status == status)
        #expect(answer.header("content-encoding") == "gzip")
        if status == 406 {
            #expect(
                answer.errors == [
                    "This request requires gzip compression. Retry the request after setting 'Accept-Encoding' header in the"
                        + " request to 'gzip'."
                ]
            )
        }
    }

    @Test(
        "Other paths and methods are refused in the API's form",
        arguments: [
            ("POST", "/insights/engagement/28hour", 404), ("POST", "/insights/engagement", 404),
            ("GET", "/insights/x", 404),
            ("GET", "/insights/engagement/totals", 405), ("PUT", "/insights/engagement/28hr", 405),
            ("OPTIONS", "/insights/engagement/totals", 405), ("HEAD", "/insights/engagement/historical", 405),
        ]
    )
    func pathsAndMethods(_ method: String, _ path: String, _ status: Int) async throws {
        let bed = try TestBed()
        let answer = try await DropInClient.send(method, path, "", port: bed.server.port, authorization: nil)
        #expect(answer.status == status)
        #expect(method == "HEAD" || answer.errors.count == 1)
        #expect(answer.header("allow") == (status == 405 ? "POST" : nil))
    }

    @Test(
        "A call that makes no sense is refused with 400, in the API's words where they are known",
        arguments: [
            ("", nil), ("{", nil), ("[]", nil), ("null", nil), ("{}", nil), ("\u{0}", nil),
            (#"{"tweet_ids":[],"engagement_types":["favorites"],"groupings":{"g":{"group_by":["tweet.id"]}}}"#, nil),
            (#"{"tweet_ids":["1"],"engagement_types":[],"groupings":{"g":{"group_by":["tweet.id"]}}}"#, nil),
            (#"{"tweet_ids":["1"],"engagement_types":["favorites"]}"#, nil),
            (#"{"tweet_ids":["1"],"engagement_types":["favorites"],"groupings":{}}"#, nil),
            (#"{"tweet_ids":["1"],"engagement_types":["favorites"],"groupings":{"g":{"group_by":[]}}}"#, nil),
            (#"{"tweet_ids":["1"],"engagement_types":["favorites"],"groupings":{"g":{}}}"#, nil),
            (#"{"tweet_ids":["1"],"engagement_types":["favorites"],"groupings":{"g":["tweet.id"]}}"#, nil),
            (#"{"tweet_ids":["1"],"engagement_types":["favorites"],"groupings":["tweet.id"]}"#, nil),
            (
                #"{"tweet_ids":["1"],"engagement_types":["favorites"],"groupings":{"errors":{"group_by":["tweet.id"]}}}"#,
                nil
            ),
            (
                #"{"tweet_ids":["1"],"engagement_types":["favorites"],"groupings":{"g":{"group_by":["tweet.id","tweet.id"]}}}"#,
                nil
            ),
            (
                #"{"tweet_ids":["1"],"engagement_types":["favorites"],"groupings":{"g":{"group_by":["tweet.id"]},"g":{"group_by":["tweet.id"]}}}"#,
                nil
            ),
            (#"{"tweet_ids":"1","engagement_types":["favorites"],"groupings":{"g":{"group_by":["tweet.id"]}}}"#, nil),
            (
                #"{"tweet_ids":[["1"]],"engagement_types":["favorites"],"groupings":{"g":{"group_by":["tweet.id"]}}}"#,
                nil
            ),
            (#"{"tweet_ids":["x"],"engagement_types":["favorites"],"groupings":{"g":{"group_by":["tweet.id"]}}}"#, nil),
            (#"{"tweet_ids":[1.5],"engagement_types":["favorites"],"groupings":{"g":{"group_by":["tweet.id"]}}}"#, nil),
            (#"{"tweet_ids":[-1],"engagement_types":["favorites"],"groupings":{"g":{"group_by":["tweet.id"]}}}"#, nil),
            (
                #"{"tweet_ids":["1"],"engagement_types":[" favorites"],"groupings":{"g":{"group_by":["tweet.id"]}}}"#,
                nil
            ),
            (
                #"{"tweet_ids":["1"],"engagement_types":["favorites"],"groupings":{"g":{"group_by":["engagement.hour","tweet.id","x"]}}}"#,
                "One or more of the groupBys you have specified are not supported: (engagement.hour, x). Please adjust your request"
                    + " and try again."
            ),
        ] as [(String, String?)]
    )
    func badRequests(_ body: String, _ error: String?) async throws {
        let bed = try TestBed()
        let answer = try await bed.dropIn(.totals, body)
        #expect(answer.status == 400)
        #expect(answer.errors.count == 1 && answer.json.members?.count == 1)
        if let error { #expect(answer.errors == [error]) }
        #expect(bed.sandbox.calls.isEmpty)
    }

    @Test("Groupings and windows that the API refuses are refused")
    func badSeries() async throws {
        let bed = try TestBed()
        let tweet = [Self.tweet]
        let four = ["tweet.id", "engagement.type", "engagement.day", "engagement.hour"]
        let bad = [
            requestBody(tweet, [.urlClicks], [("g", four.reversed())]),
            requestBody(tweet, [.urlClicks], [("g", four), ("h", four)]),
            requestBody(tweet, [.urlClicks], (0..<4).map { ("\($0)", ["tweet.id"]) }),
            requestBody(tweet, [.urlClicks], start: "2026-11-02", end: "2026-11-02"),
            requestBody(tweet, [.urlClicks], start: "2026-11-03", end: "2026-11-02"),
            requestBody(tweet, [.urlClicks], start: "2026-11-03", end: "2026-11-20T12:30:01Z"),
            requestBody(tweet, [.urlClicks], start: "2026-12-03"),
            requestBody(tweet, [.urlClicks], start: "2014-08-31", end: "2014-09-02"),
            requestBody(tweet, [.urlClicks], start: "0001-01-01", end: "9999-12-31"),
            requestBody(tweet, [.urlClicks], start: "yesterday", end: "2014-09-02"),
        ]
        for body in bad {
            let answer = try await bed.dropIn(.historical, body)
            #expect(answer.status == 400 && answer.errors.count == 1, "\(body)")
        }
        let quotes = try await bed.dropIn(.historical, requestBody(tweet, [.quoteTweets, .urlClicks]))
        #expect(quotes.status == 403)
        #expect(quotes.errors == ["Forbidden to access metrics: quote_tweets"])
        #expect(bed.sandbox.calls.isEmpty)
    }

    @Test("What asks for more than the limits is refused before anything is fetched")
    func limits() async throws {
        let bed = try TestBed { server, _ in
            server.limits.plan.maximumTweets = 3
            server.limits.plan.maximumCells = 100
        }
        let tweets = (1...4).map { TweetID(rawValue: UInt64($0)) }
        #expect(
            try await bed.dropIn(.totals, requestBody(tweets, [.favorites])).errors.first?.contains("limits.tweets")
                == true
        )
        let body = requestBody([Self.tweet], [.urlClicks], [("g", ["engagement.hour"])])
        #expect(try await bed.dropIn(.historical, body).errors.first?.contains("limits.cells") == true)
        #expect(bed.sandbox.calls.isEmpty)
    }

    @Test("Another content type than JSON is refused, whoever sends it")
    func contentType() async throws {
        let bed = try TestBed()
        for type in ["text/plain", "application/x-www-form-urlencoded"] {
            let answer = try await DropInClient.send(
                "POST",
                Endpoint.totals.path,
                "",
                port: bed.server.port,
                authorization: DropInClient.acme.authorization(Endpoint.totals.path, time: bed.sandbox.now.seconds),
                headers: [(name: "Content-Type", value: type), (name: "Accept-Encoding", value: "gzip")]
            )
            #expect(answer.status == 400, "\(type)")
        }
    }

    @Test("Integers, repeated ids and types, group names in any case, and unknown keys are taken")
    func lenience() async throws {
        let bed = try TestBed()
        let body = """
            {"tweet_ids":[1260294888811347969,"1260294888811347969"],"engagement_types":["favorites","favorites"],"x":{"y":[1]},
            "start":null,"end":"2026","groupings":{"Grand Totals":{"group_by":["Engagement.Type"]},"":{"group_by":["Tweet.id"]}}}
            """
        let answer = try await bed.dropIn(.totals, body)
        #expect(answer.status == 200)
        #expect(answer.json["Grand Totals"]?["favorites"]?.string == "17111")
        #expect(answer.json[""]?["1260294888811347969"]?.string == "17111")
    }

    // MARK: - Quota and failures

    @Test("The headers of the quota are those of the API, until its minute is over")
    func quotaHeaders() async throws {
        let bed = try TestBed { server, sandbox in sandbox.quotaPerMinute = 50 }
        let body = requestBody([Self.tweet], [.favorites])
        for _ in 0..<2 {
            let answer = try await bed.dropIn(.totals, body, as: .application)
            #expect(answer.header("x-per-minute-limit") == "50")
            #expect(answer.header("x-per-minute-remaining") == "49")
            #expect(answer.header("x-per-minute-reset") == "\(bed.sandbox.now.seconds + 60)")
        }
        let refused = try await bed.dropIn(.totals, "{}", as: .application)
        #expect(refused.header("x-per-minute-remaining") == "49")
        bed.clock.advance(seconds: 61)
        let later = try await bed.dropIn(.totals, body, as: .application)
        #expect(later.header("x-per-minute-remaining") == "50")
        #expect(later.header("x-per-minute-reset") == "\(bed.sandbox.now.seconds + 59)")
    }

    @Test("A quota that is used up is 429 with its headers")
    func rateLimited() async throws {
        let bed = try TestBed { server, sandbox in sandbox.quotaPerMinute = 1 }
        #expect(try await bed.dropIn(.historical, requestBody([Self.tweet], [.urlClicks])).status == 200)
        let answer = try await bed.dropIn(.historical, requestBody([Self.tweet], [.appOpens]))
        #expect(answer.status == 429)
        #expect(answer.errors.first?.lowercased().contains("rate limit") == true)
        #expect(answer.header("x-per-minute-remaining") == "0")
        #expect(answer.header("x-per-minute-limit") == "1")
        // What is there is served all the same.
        #expect(try await bed.dropIn(.historical, requestBody([Self.tweet], [.urlClicks])).status == 200)
    }

    @Test(
        "Failures of the API are 503 with errors",
        arguments: [
            Fault.internalServerError, .badGateway, .serviceUnavailable, .truncatedGzip, .rubbish, .redirect, .cut,
        ]
    )
    func failures(_ fault: Fault) async throws {
        let bed = try TestBed()
        bed.sandbox.setFaults(FaultPlan([.init(fault)]))
        let answer = try await bed.dropIn(.totals, requestBody([Self.tweet], [.favorites]))
        #expect(answer.status == 503)
        #expect(answer.errors.count == 1 && answer.json.members?.count == 1)
        bed.sandbox.setFaults(FaultPlan())
        #expect(try await bed.dropIn(.totals, requestBody([Self.tweet], [.favorites])).status == 200)
    }

    @Test("Old numbers are served rather than failing, as long as they may be")
    func staleNumbers() async throws {
        let bed = try TestBed()
        let tweet = SandboxWorld.tweetID(postedAt: bed.sandbox.now.advanced(bySeconds: -600))
        let calls = [
            (Endpoint.totals, requestBody([tweet], [.favorites])), (.last28Hours, requestBody([tweet], [.impressions])),
        ]
        for (endpoint, body) in calls { #expect(try await bed.dropIn(endpoint, body).status == 200) }
        let before = try await bed.dropIn(.totals, calls[0].1)
        bed.sandbox.setFaults(FaultPlan([.init(.serviceUnavailable)]))
        bed.clock.advance(seconds: 1200)
        let stale = try await bed.dropIn(.totals, calls[0].1)
        #expect(stale.status == 200)
        #expect(stale.json == before.json)
        #expect(try await bed.dropIn(.last28Hours, calls[1].1).status == 200)
        bed.clock.advance(seconds: 2 * 86_400)
        #expect(try await bed.dropIn(.totals, calls[0].1).status == 503)
    }

    @Test("Answers are counted by route")
    func metrics() async throws {
        let bed = try TestBed()
        _ = try await bed.dropIn(.totals, requestBody([Self.tweet], [.favorites]))
        _ = try await bed.dropIn(.historical, "{}")
        let text = try await bed.send("GET", "/metrics").text
        #expect(text.contains("/insights/engagement/totals"))
        #expect(text.contains("/insights/engagement/historical"))
    }
}

import Engagement
import JSON
import Testing

@testable import EngagementAPI

@Suite("Decoding of responses")
struct ResponseDecodingTests {
    typealias Count = EngagementReply.Count

    /// The counts of a response tree, found by walking it level by level: slow, plain, and none of the decoder's code.
    private static func counts(_ fixture: Fixture) -> Set<Count> {
        var found: Set<Count> = []
        func walk(_ value: JSONValue, _ path: [String]) {
            if let members = value.members {
                for member in members { walk(member.value, path + [member.name]) }
                return
            }
            var count = Count(tweet: TweetID(rawValue: 1), type: .impressions, value: Int64(value.string ?? "") ?? -1)
            for key in path {
                if let type = EngagementType(wireName: key) {
                    count.type = type
                } else if key.contains("-") {
                    count.day = UTCDay(iso8601: key)
                } else if key.count == 2 {
                    count.hour = UInt8(key)
                } else if let tweet = TweetID(key) {
                    count.tweet = tweet
                }
            }
            if fixture.types.contains(count.type) { found.insert(count) }
        }
        walk(fixture.response[fixture.label] ?? .null, [])
        return found
    }

    @Test("every example of the dossier decodes to its counts", arguments: Fixture.names)
    func fixtures(name: String) throws {
        let fixture = try Fixture(name)
        let reply = try fixture.decoded()
        #expect(Set(reply.counts) == ResponseDecodingTests.counts(fixture))
        #expect(reply.counts.count == Set(reply.counts).count)
        #expect(!reply.counts.isEmpty)
    }

    @Test("the hourly sample has 29 hours of each type, and their sum")
    func hourly() throws {
        let reply = try Fixture("28hr-hourly").decoded()
        #expect(reply.counts.count == 58)
        #expect(reply.counts.filter { $0.type == .impressions }.reduce(0) { $0 + $1.value } == 1757)
        let first = reply.counts.first { $0.value == 551 }
        #expect(first?.day == UTCDay(iso8601: "2015-09-14"))
        #expect(first?.hour == 17)
        #expect(reply.window?.start.iso8601 == "2015-09-14T17:00:00Z")
        #expect(reply.window?.end.iso8601 == "2015-09-15T22:00:00Z")
    }

    @Test("unavailable and unsupported Tweets come in their lists")
    func lists() throws {
        let unavailable = try Fixture("totals-unavailable").decoded()
        #expect(unavailable.unavailable == [TweetID(rawValue: 323_456_789)])
        #expect(unavailable.messages == ["1 Tweet ID(s) are unavailable"])
        #expect(unavailable.window != nil)
        let video = try Fixture("totals-old-video").decoded()
        #expect(video.unsupportedForVideoViews.map(\.rawValue) == [479_311_209_565_413_376, 477_139_122_520_219_648])
        #expect(video.window == nil)
        let old = try Fixture("totals-over-90-days").decoded()
        #expect(old.unsupportedForImpressionsAndEngagements.map(\.rawValue) == [479_311_209_565_413_376])
    }

    @Test("hours without days are read as a histogram or by day")
    func hourOnly() throws {
        let histogram = try Fixture("hour-only-histogram").decoded()
        #expect(histogram.counts.count == 24)
        #expect(histogram.counts.allSatisfy { $0.day == nil && $0.hour != nil })
        let byDay = try Fixture("hour-only-day-to-hour").decoded()
        #expect(byDay.counts.count == 8)
        #expect(byDay.counts.allSatisfy { $0.day == UTCDay(iso8601: "2016-02-10") })
    }

    private func decode(_ body: String, _ call: EngagementCall = .sample) throws(EngagementAPIError) -> EngagementReply
    {
        try ResponseDecoding(call).decode(Array(body.utf8))
    }

    @Test(
        "what samples disagree on is taken either way",
        arguments: [
            #"{"counts":{"223456789":{"favorites":"7"}}}"#,
            #"{"counts":{"223456789":{"favorites":7}}}"#,
            #" { "end" : null, "counts" : { "223456789" : { "favorites" : "7" , "retweets" : null } }, "start":null } "#,
            #"{"counts":{"223456789":{"quote_tweets":"1","new_metric":{"a":[1]},"favorites":"7"}}}"#,
            #"{"counts":{"999":{"favorites":"1"},"223456789":{"favorites":"7"}},"unknown":[{}]}"#,
            #"{"unavailable_tweet_ids":null,"errors":null,"counts":{"223456789":{"favorites":"007"}}}"#,
        ]
    )
    func tolerated(body: String) throws {
        let count = Count(tweet: TweetID(rawValue: 223_456_789), type: .favorites, value: 7)
        #expect(try decode(body).counts == [count])
    }

    @Test("lists of ids may hold numbers, and ids that nobody asked for are left out")
    func numericLists() throws {
        let reply = try decode(#"{"unavailable_tweet_ids":[223456789,"1070059276213702656",5]}"#)
        #expect(reply.unavailable.map(\.rawValue) == [223_456_789, 1_070_059_276_213_702_656])
        #expect(reply.counts.isEmpty)
    }

    @Test("counts have 64 bits")
    func large() throws {
        let reply = try decode(#"{"counts":{"223456789":{"favorites":"9223372036854775807","retweets":"0"}}}"#)
        #expect(reply.counts.map(\.value) == [.max, 0])
    }

    @Test(
        "a response of another shape is refused, never read as fewer numbers",
        arguments: [
            "", "null", "[]", "{}", "7", #""counts""#, "{", #"{"counts":{}"#, #"{"counts":{}}x"#, #"{"counts":7}"#,
            #"{"counts":[]}"#, #"{"counts":{"favorites":{"223456789":"7"}}}"#, #"{"counts":{"223456789":"7"}}"#,
            #"{"counts":{"223456789":{"favorites":{"2015-01-01":"7"}}}}"#,
            #"{"counts":{"223456789":{"2015-01-01":{"favorites":"7"}}}}"#,
            #"{"counts":{"223456789":{"favorites":"seven"}}}"#, #"{"counts":{"223456789":{"favorites":""}}}"#,
            #"{"counts":{"223456789":{"favorites":"-1"}}}"#, #"{"counts":{"223456789":{"favorites":-1}}}"#,
            #"{"counts":{"223456789":{"favorites":"-"}}}"#, #"{"counts":{"223456789":{"favorites":"7.5"}}}"#,
            #"{"counts":{"223456789":{"favorites":1e3}}}"#, #"{"counts":{"223456789":{"favorites":true}}}"#,
            #"{"counts":{"223456789":{"favorites":"9223372036854775808"}}}"#,
            #"{"counts":{},"counts":{}}"#, #"{"other label":{"223456789":{"favorites":"7"}}}"#,
            #"{"errors":["something"]}"#, #"{"counts":{},"start":"yesterday"}"#,
            #"{"counts":{},"unavailable_tweet_ids":["x"]}"#, #"{"counts":{},"unavailable_tweet_ids":"223456789"}"#,
        ]
    )
    func refused(body: String) {
        #expect(throws: EngagementAPIError(.invalidResponse, "")) { try decode(body) }
    }

    @Test(
        "hours and days that do not exist are refused",
        arguments: [
            #""2015-02-30":{"00":"1"}"#, #""2015-02-01":{"24":"1"}"#, #""2015-02-01":{"+1":"1"}"#, #""1":{"00":"1"}"#,
        ]
    )
    func badTimes(days: String) {
        let tweet = TweetID(rawValue: 223_456_789)
        let call = EngagementCall(endpoint: .last28Hours, tweets: [tweet], types: .series, grain: .hour)
        #expect(throws: EngagementAPIError(.invalidResponse, "")) {
            try decode(#"{"counts":{"223456789":{"favorites":{\#(days)}}}}"#, call)
        }
    }

    @Test("a count below zero is refused, of an hour too")
    func negative() throws {
        let tweet = TweetID(rawValue: 223_456_789)
        let call = EngagementCall(endpoint: .last28Hours, tweets: [tweet], types: .series, grain: .hour)
        #expect(throws: EngagementAPIError(.invalidResponse, "")) {
            try decode(#"{"counts":{"223456789":{"favorites":{"2015-01-01":{"07":"-1"}}}}}"#, call)
        }
    }

    @Test("nesting without end is refused")
    func nesting() {
        let body = #"{"unknown":"# + String(repeating: "[", count: 100_000)
        #expect(throws: EngagementAPIError(.invalidResponse, "")) { try decode(body) }
    }

    @Test("a label that is a key of the response is refused", arguments: RequestEncoding.reservedKeys.sorted())
    func labels(label: String) {
        #expect(throws: EngagementAPIError(.invalidCall, "")) {
            try ResponseDecoding(label: label, groupBy: [.tweet, .type], tweets: [], types: [])
        }
    }

    @Test("the beginnings of a response are refused, whole or cut at any byte")
    func truncated() {
        let body = Array(sampleBody.utf8)
        for count in 0..<body.count {
            #expect(throws: EngagementAPIError.self) { try ResponseDecoding(.sample).decode(Array(body[..<count])) }
        }
    }
}

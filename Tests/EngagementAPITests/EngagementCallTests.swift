import Engagement
import Testing

@testable import EngagementAPI

@Suite("Calls and their encoding")
struct EngagementCallTests {
    static let day: Int64 = 86_400
    static let august = UnixTime(seconds: 1_438_387_200)

    static func ids(_ count: Int) -> [TweetID] {
        (1...max(count, 1)).prefix(count).map { TweetID(rawValue: UInt64($0)) }
    }

    static func window(_ seconds: Int64, from start: UnixTime = august) -> EngagementCall.Window {
        EngagementCall.Window(start: start, end: start.advanced(bySeconds: seconds))
    }

    static let impressions = EngagementTypeSet(.impressions)

    static let refused: [EngagementCall] = [
        .init(endpoint: .totals, tweets: [], types: impressions),
        .init(endpoint: .totals, tweets: ids(251), types: impressions),
        .init(endpoint: .last28Hours, tweets: ids(26), types: impressions, grain: .hour),
        .init(endpoint: .totals, tweets: ids(1) + ids(1), types: impressions),
        .init(endpoint: .totals, tweets: ids(1), types: []),
        .init(endpoint: .totals, tweets: ids(1), types: EngagementTypeSet(.urlClicks)),
        .init(endpoint: .last28Hours, tweets: ids(1), types: EngagementTypeSet(.quoteTweets)),
        .init(endpoint: .totals, tweets: ids(1), types: impressions, grain: .day),
        .init(endpoint: .totals, tweets: ids(1), types: impressions, grain: .hour),
        .init(endpoint: .totals, tweets: ids(1), types: impressions, window: window(day)),
        .init(endpoint: .last28Hours, tweets: ids(1), types: impressions, window: window(day)),
        .init(endpoint: .historical, tweets: ids(1), types: impressions),
        .init(endpoint: .historical, tweets: ids(26), types: impressions, window: window(day)),
        .init(endpoint: .historical, tweets: ids(1), types: impressions, window: window(0)),
        .init(endpoint: .historical, tweets: ids(1), types: impressions, window: window(-1)),
        .init(endpoint: .historical, tweets: ids(1), types: impressions, window: window(28 * day + 1)),
        .init(
            endpoint: .historical,
            tweets: ids(1),
            types: impressions,
            window: window(28 * day, from: august.advanced(bySeconds: 1))
        ),
        .init(
            endpoint: .historical,
            tweets: ids(1),
            types: impressions,
            window: .init(start: UnixTime(milliseconds: .min), end: UnixTime(milliseconds: .max))
        ),
    ]

    @Test("a call that breaks a known limit is refused before it is sent", arguments: refused)
    func refusals(call: EngagementCall) async {
        let bench = Bench(ScriptedTransport(status: 200, sampleBody))
        #expect(await bench.outcome(call).error?.code == .invalidCall)
        #expect(bench.transport.requests.isEmpty)
    }

    static let accepted: [EngagementCall] = [
        .init(endpoint: .totals, tweets: ids(250), types: .totals),
        .init(endpoint: .last28Hours, tweets: ids(25), types: .series, grain: .hour),
        .init(endpoint: .last28Hours, tweets: ids(25), types: .series),
        .init(endpoint: .historical, tweets: ids(25), types: .series, grain: .hour, window: window(28 * day)),
        .init(endpoint: .historical, tweets: ids(1), types: .series, grain: .day, window: window(1)),
    ]

    @Test("a call at its limits is accepted", arguments: accepted)
    func limits(call: EngagementCall) throws {
        try call.validate()
    }

    private func encoded(_ call: EngagementCall) -> String {
        String(decoding: RequestEncoding.body(of: call), as: UTF8.self)
    }

    @Test("totals are encoded byte for byte as expected")
    func totals() {
        #expect(
            encoded(.sample)
                == #"{"tweet_ids":["1070059276213702656","223456789"],"engagement_types":["favorites","retweets"],"#
                + #""groupings":{"counts":{"group_by":["tweet.id","engagement.type"]}}}"#
        )
    }

    @Test("an hourly window is encoded with seconds, the end rounded up")
    func historical() {
        let start = UnixTime(milliseconds: EngagementCallTests.august.milliseconds + 999)
        let call = EngagementCall(
            endpoint: .historical,
            tweets: EngagementCallTests.ids(1),
            types: EngagementTypeSet([.userFollows, .impressions]),
            grain: .hour,
            window: .init(start: start, end: UnixTime(milliseconds: start.milliseconds + 3_600_000))
        )
        #expect(
            encoded(call)
                == #"{"tweet_ids":["1"],"engagement_types":["impressions","user_follows"],"groupings":{"counts":{"group_by":"#
                + #"["tweet.id","engagement.type","engagement.day","engagement.hour"]}},"#
                + #""start":"2015-08-01T00:00:00Z","end":"2015-08-01T01:00:01Z"}"#
        )
    }

    @Test("days are the third level")
    func daily() {
        let call = EngagementCall(
            endpoint: .last28Hours,
            tweets: EngagementCallTests.ids(1),
            types: .series,
            grain: .day
        )
        #expect(encoded(call).contains(#""group_by":["tweet.id","engagement.type","engagement.day"]"#))
        #expect(!encoded(call).contains("start"))
    }

    @Test("our label is none of the response's own keys")
    func label() {
        #expect(!RequestEncoding.reservedKeys.contains(RequestEncoding.label))
    }

    @Test("a call prints as one line")
    func description() {
        let call = EngagementCall(
            endpoint: .historical,
            tweets: EngagementCallTests.ids(25),
            types: EngagementTypeSet([.impressions, .urlClicks]),
            grain: .day,
            window: EngagementCallTests.window(EngagementCallTests.day)
        )
        #expect(
            "\(call)" == "POST /insights/engagement/historical: 25 Tweets, impressions,url_clicks by day "
                + "in 2015-08-01T00:00:00Z..<2015-08-02T00:00:00Z"
        )
    }
}

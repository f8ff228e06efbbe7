import Engagement
import Testing

@Suite("Engagement types and endpoints")
struct EngagementTypeTests {
    /// The names of dossier §6 in its order.
    static let wireNames = [
        "impressions", "engagements", "favorites", "retweets", "replies", "quote_tweets", "video_views", "media_views",
        "media_engagements", "url_clicks", "hashtag_clicks", "detail_expands", "permalink_clicks",
        "app_install_attempts", "app_opens", "email_tweet", "user_follows", "user_profile_clicks",
    ]

    @Test("the wire names are those of dossier §6, each once")
    func names() {
        #expect(Set(EngagementType.allCases.map(\.wireName)) == Set(EngagementTypeTests.wireNames))
        #expect(EngagementType.allCases.count == 18)
    }

    @Test("a wire name is read back", arguments: EngagementType.allCases)
    func reading(type: EngagementType) {
        #expect(EngagementType(wireName: type.wireName) == type)
    }

    @Test("other names are none", arguments: ["", "Impressions", "media_clicks", " favorites", "likes"])
    func unknown(name: String) {
        #expect(EngagementType(wireName: name) == nil)
    }

    /// Stored cells are numbered by the raw value, so it must never change.
    @Test("raw values stay as they are stored")
    func rawValues() {
        #expect(EngagementType.impressions.rawValue == 0)
        #expect(EngagementType.quoteTweets.rawValue == 4)
        #expect(EngagementType.userProfileClicks.rawValue == 17)
    }

    @Test("endpoints offer the types and take the Tweets of dossier §6 and §8")
    func endpoints() {
        #expect(EngagementTypeSet.totals.types.map(\.wireName).sorted() == EngagementTypeTests.wireNames[..<7].sorted())
        #expect(EngagementTypeSet.series.count == 17)
        #expect(!EngagementTypeSet.series.contains(.quoteTweets))
        #expect(EngagementTypeSet.publicTotals.count == 5)
        #expect(Endpoint.allCases.map(\.maximumTweets) == [250, 25, 25])
        #expect(
            Endpoint.allCases.map(\.path)
                == ["/insights/engagement/totals", "/insights/engagement/28hr", "/insights/engagement/historical"]
        )
        #expect(Endpoint.earliestHistoricalHour.start.iso8601 == "2014-09-01T00:00:00Z")
        #expect(Endpoint.maximumWindowHours == 672)
    }

    @Test("a set lists its types in order and ranks them")
    func sets() {
        let set = EngagementTypeSet([.userFollows, .impressions, .retweets])
        #expect(set.types == [.impressions, .retweets, .userFollows])
        #expect(set.types.map(set.rank(of:)) == [0, 1, 2])
        #expect(set.count == 3)
        #expect(!set.contains(.favorites))
    }

    @Test("a table has a cell of its own for each Tweet, type and bucket")
    func table() {
        let types = EngagementTypeSet([.favorites, .userFollows])
        let need = MetricNeed.series(
            account: AccountName("a"),
            tweets: [TweetID(rawValue: 1), TweetID(rawValue: 2)],
            types: types,
            window: HourWindow(start: UTCHour(index: 0), end: UTCHour(index: 48)),
            grain: .day
        )
        let table = MetricTable(need)
        let places = (0..<2).flatMap { tweet in
            types.types.flatMap { type in (0..<2).map { table.index(tweet: tweet, type: type, bucket: $0) } }
        }
        #expect(places == Array(0..<8))
        #expect(need.cellCount == 8)
    }

    @Test("public numbers are the public metrics of totals, and nothing of a series")
    func scopes() {
        let totals = MetricNeed.totals(account: AccountName("a"), tweets: [], types: .totals)
        #expect(totals.publicTypes == .publicTotals)
        #expect(totals.privateTypes.types == [.impressions, .engagements])
        let window = HourWindow(start: UTCHour(index: 0), end: UTCHour(index: 1))
        let series = MetricNeed.series(
            account: AccountName("a"),
            tweets: [],
            types: .series,
            window: window,
            grain: .hour
        )
        #expect(series.publicTypes.isEmpty)
        #expect(series.privateTypes == .series)
    }
}

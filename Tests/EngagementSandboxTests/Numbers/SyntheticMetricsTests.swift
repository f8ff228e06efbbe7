import Engagement
import EngagementSandbox
import Testing

/// The numbers are a pure function and add up.
@Suite struct SyntheticMetricsTests {
    private let now = UnixTime(seconds: 1_727_785_235)
    private let metrics = SyntheticMetrics(seed: 7)

    @Test("Hours add up to days, days to the window, and all hours to the lifetime total")
    func sumsAreExact() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var random = SplitMix(state: seed)
        for _ in 0..<60 {
            let metrics = SyntheticMetrics(seed: random.next())
            let tweet = tweet(hours: Int64(random.next() % 2000), before: now, sequence: random.next() % 1000)
            let type = EngagementType.allCases[Int(random.next() % 18)]
            guard let posted = tweet.createdAt, type != .quoteTweets else { continue }
            let life = HourWindow(start: posted.flooredHour, end: now.raisedHour)
            let hours = (life.start.index..<life.end.index).map { hour in
                let start = UTCHour(index: hour)
                let window = HourWindow(start: start, end: start.advanced(by: 1))
                return metrics.count(tweet: tweet, type: type, in: window, asOf: now)
            }
            #expect(hours.allSatisfy { $0 >= 0 }, "seed \(seed)")
            let sum = hours.reduce(0, +)
            #expect(sum == metrics.count(tweet: tweet, type: type, in: life, asOf: now), "seed \(seed)")
            let days = (life.days ?? 0...0).map { index in
                let day = UTCDay(index: index)
                let window = HourWindow(start: day.firstHour, end: day.advanced(by: 1).firstHour)
                return metrics.count(tweet: tweet, type: type, in: window, asOf: now)
            }
            #expect(days.reduce(0, +) == sum, "seed \(seed)")
            guard type != .videoViews else { continue }
            #expect(metrics.total(tweet: tweet, type: type, asOf: now) == sum, "seed \(seed)")
        }
    }

    @Test("An hour of the future has no count, and the current one has counted up to now")
    func currentHourIsPartial() {
        let tweet = tweet(hours: 3, before: now)
        let hour = HourWindow(start: now.flooredHour, end: now.flooredHour.advanced(by: 1))
        let half = metrics.count(tweet: tweet, type: .impressions, in: hour, asOf: now)
        let whole = metrics.count(tweet: tweet, type: .impressions, in: hour, asOf: now.advanced(bySeconds: 7200))
        #expect(half > 0)
        #expect(half < whole)
        let next = HourWindow(start: hour.end, end: hour.end.advanced(by: 5))
        #expect(metrics.count(tweet: tweet, type: .impressions, in: next, asOf: now) == 0)
    }

    @Test("The curve is the one that its comment promises")
    func curveFollowsItsFormula() throws {
        // A Tweet of midnight with 2400 prescribed impressions: complete after a day.
        let day = UTCDay(index: 19_990)
        let id = SandboxWorld.tweetID(postedAt: day.start)
        let standard = SandboxWorld.standard
        let world = SandboxWorld(
            accounts: standard.accounts,
            applications: standard.applications,
            tweets: [SandboxTweet(id: id, counts: .lifetime([.impressions: 2400]), note: "")]
        )
        let metrics = SyntheticMetrics(seed: 1, world: world)
        let total = { (seconds: Int64) in
            metrics.total(tweet: id, type: .impressions, asOf: day.start.advanced(bySeconds: seconds))
        }
        #expect(total(0) == 0)
        #expect(total(86_400) == 2400)
        #expect(total(10 * 86_400) == 2400)
        // At 06:00 the active time is 60+45+35+30+30+35 = 235 of 2400 per cent-hours, at 12:00 it is 235 + 50+70+85+95+100+110
        // = 745. The half time is the Tweet's own, 2 to 24 hours.
        func expected(active: Int64, halfTime hours: Int64) -> Int64 {
            let half = hours * 100
            return 2400 * active * (2400 + half) / (2400 * (active + half))
        }
        let atSix = total(6 * 3600)
        let halfTime = try #require((2...24).first { expected(active: 235, halfTime: $0) == atSix })
        let atNoon = total(12 * 3600)
        #expect(atNoon == expected(active: 745, halfTime: halfTime))
    }

    @Test("Another seed gives other numbers, the same seed the same")
    func seedDecides() {
        let tweets = (0..<20).map { tweet(hours: 50, before: now, sequence: $0) }
        let totals = { (seed: UInt64) in
            tweets.map { SyntheticMetrics(seed: seed).total(tweet: $0, type: .impressions, asOf: now) }
        }
        #expect(totals(1) == totals(1))
        #expect(totals(1) != totals(2))
    }

    @Test("Relations are those of real Tweets, and few of them go viral")
    func relationsArePlausible() {
        let tweets = (0..<4000).map { tweet(hours: 400, before: now, sequence: $0) }
        var large = 0
        for tweet in tweets {
            let total = { (type: EngagementType) in metrics.total(tweet: tweet, type: type, asOf: now) }
            #expect(total(.impressions) > 2 * total(.engagements))
            #expect(total(.engagements) >= total(.favorites) + total(.retweets) + total(.replies))
            #expect(total(.favorites) >= total(.replies))
            if total(.impressions) > 100_000 { large += 1 }
        }
        #expect((5...120).contains(large))
    }

    @Test("Video views of totals count other Tweets with the same video, those of series do not")
    func videoViewsDiffer() {
        let video = TweetID(rawValue: 1_785_265_636_840_173_569)
        let life = HourWindow(start: UTCHour(index: 0), end: now.raisedHour)
        let own = metrics.count(tweet: video, type: .videoViews, in: life, asOf: now)
        let shared = metrics.total(tweet: video, type: .videoViews, asOf: now)
        #expect(own > 0)
        #expect(abs(shared - own - own / 2) <= 1)
    }

    @Test("Series report no favorites, replies and retweets before 2015-09-15, totals do")
    func earlySeriesAreSilent() throws {
        let posted = try #require(UnixTime(iso8601: "2015-09-14T12:00:00Z"))
        let boundary = try #require(UnixTime(iso8601: "2015-09-15")).flooredHour
        let later = posted.advanced(bySeconds: 86_400)
        // Some Tweet that was liked before midnight.
        let tweets = (0..<50).map { SandboxWorld.tweetID(postedAt: posted, sequence: $0) }
        let before = HourWindow(start: posted.flooredHour, end: boundary)
        #expect(tweets.contains { metrics.total(tweet: $0, type: .favorites, asOf: boundary.start) > 0 })
        for tweet in tweets {
            for type in [EngagementType.favorites, .replies, .retweets] {
                #expect(metrics.count(tweet: tweet, type: type, in: before, asOf: later) == 0)
            }
            #expect(metrics.count(tweet: tweet, type: .impressions, in: before, asOf: later) > 0)
        }
    }
}

/// A generator whose seed is printed when a test fails.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

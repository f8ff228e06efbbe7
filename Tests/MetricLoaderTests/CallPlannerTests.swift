import Engagement
import EngagementAPI
import MetricLoader
import TestSupport
import Testing

@Suite("The plan of calls")
struct CallPlannerTests {
    private static let now = time("2026-03-31T10:30:00Z")

    private func gap(
        _ tweet: UInt64,
        _ types: EngagementTypeSet,
        _ window: HourWindow? = nil,
        _ grain: MetricNeed.Grain = .hour,
        as access: UpstreamAccess = .account(ada)
    ) -> CellGap {
        CellGap(access: access, tweet: TweetID(rawValue: tweet), types: types, window: window, grain: grain)
    }

    private func plan(_ gaps: [CellGap], now: UnixTime = now) -> [String] {
        CallPlanner.plan(gaps, now: now).map(\.description)
    }

    @Test("Nothing missing, nothing asked")
    func nothing() {
        #expect(plan([]).isEmpty)
    }

    @Test("Totals go out 250 at a time, each call for all that any of its Tweets lacks")
    func totals() {
        let gaps = (1...501).map { gap(UInt64($0), $0 == 251 ? types(.replies) : types(.favorites), as: .application) }
        #expect(
            plan(gaps) == [
                "POST /insights/engagement/totals: 250 Tweets, favorites by total as app",
                "POST /insights/engagement/totals: 250 Tweets, favorites,replies by total as app",
                "POST /insights/engagement/totals: 1 Tweet, favorites by total as app",
            ]
        )
        #expect(CallPlanner.plan(gaps, now: CallPlannerTests.now).flatMap(\.call.tweets) == tweets(1...501))
    }

    @Test("A Tweet that lacks several things is named once")
    func mergedTotals() {
        let gaps = [gap(1, types(.favorites)), gap(2, types(.favorites)), gap(1, types(.replies))]
        #expect(plan(gaps) == ["POST /insights/engagement/totals: 2 Tweets, favorites,replies by total as account ada"])
    }

    @Test("Accounts, families and grains are never mixed")
    func separateGroups() {
        let day = window("2026-03-01", "2026-03-02")
        let gaps = [
            gap(1, types(.impressions)), gap(1, types(.favorites), as: .application),
            gap(1, types(.impressions), as: .account(bob)),
            gap(1, types(.impressions), day), gap(1, types(.impressions), day, .day),
        ]
        let time = "in 2026-03-01T00:00:00Z..<2026-03-02T00:00:00Z"
        #expect(
            plan(gaps) == [
                "POST /insights/engagement/totals: 1 Tweet, impressions by total as account ada",
                "POST /insights/engagement/totals: 1 Tweet, favorites by total as app",
                "POST /insights/engagement/totals: 1 Tweet, impressions by total as account bob",
                "POST /insights/engagement/historical: 1 Tweet, impressions by hour \(time) as account ada",
                "POST /insights/engagement/historical: 1 Tweet, impressions by day \(time) as account ada",
            ]
        )
    }

    @Test("A series goes out 25 Tweets at a time")
    func seriesTweets() {
        let day = window("2026-03-01", "2026-03-02")
        let calls = CallPlanner.plan((1...51).map { gap(UInt64($0), types(.replies), day) }, now: CallPlannerTests.now)
        #expect(calls.map(\.call.tweets) == [tweets(1...25), tweets(26...50), tweets(51...51)])
    }

    @Test("A long window goes out in tiles of four weeks, the last up to now")
    func tiles() {
        let gaps = [gap(1, types(.replies), window("2026-01-15", "2026-03-31T11:00:00Z"))]
        let call = "POST /insights/engagement/historical: 1 Tweet, replies by hour in"
        #expect(
            plan(gaps) == [
                "\(call) 2026-01-15T00:00:00Z..<2026-02-12T00:00:00Z as account ada",
                "\(call) 2026-02-12T00:00:00Z..<2026-03-12T00:00:00Z as account ada",
                "\(call) 2026-03-12T00:00:00Z..<2026-03-31T10:29:00Z as account ada",
            ]
        )
    }

    @Test("Hours that are far apart are not bridged, hours that fit one call share it")
    func holes() {
        let gaps = [
            gap(1, types(.replies), window("2025-01-01", "2025-01-02")),
            gap(1, types(.replies), window("2025-12-01", "2025-12-02")),
            gap(1, types(.replies), window("2025-12-20", "2025-12-21")),
        ]
        let call = "POST /insights/engagement/historical: 1 Tweet, replies by hour in"
        #expect(
            plan(gaps) == [
                "\(call) 2025-01-01T00:00:00Z..<2025-01-02T00:00:00Z as account ada",
                "\(call) 2025-12-01T00:00:00Z..<2025-12-21T00:00:00Z as account ada",
            ]
        )
    }

    @Test("Tweets that lack the same hours stand together")
    func sortedTweets() {
        let early = window("2026-03-01", "2026-03-02")
        let late = window("2026-03-05", "2026-03-06")
        let gaps = (1...50).map { gap(UInt64($0), types(.replies), $0 % 2 == 0 ? early : late) }
        let calls = CallPlanner.plan(gaps, now: CallPlannerTests.now)
        #expect(calls.map(\.window) == [early, late])
    }

    struct EndpointCase: CustomStringConvertible, Sendable {
        let start: String
        let end: String
        var now = "2026-03-31T10:30:00Z"
        var grain = MetricNeed.Grain.hour
        let call: String
        var description: String { "\(start) to \(end) at \(now)" }
    }

    @Test(
        "28hr is asked for hours that it has, historical for all others",
        arguments: [
            EndpointCase(
                start: "2026-03-30T06:00:00Z",
                end: "2026-03-31T11:00:00Z",
                call: "28hr: 1 Tweet, replies by hour"
            ),
            EndpointCase(
                start: "2026-03-31T05:00:00Z",
                end: "2026-03-31T07:00:00Z",
                call: "28hr: 1 Tweet, replies by hour"
            ),
            EndpointCase(
                start: "2026-03-30T05:00:00Z",
                end: "2026-03-31T11:00:00Z",
                call: "historical: 1 Tweet, replies by hour in 2026-03-30T05:00:00Z..<2026-03-31T10:29:00Z"
            ),
            EndpointCase(
                start: "2026-03-30",
                end: "2026-03-31",
                now: "2026-03-31T03:00:00Z",
                grain: .day,
                call: "historical: 1 Tweet, replies by day in 2026-03-30T00:00:00Z..<2026-03-31T00:00:00Z"
            ),
            // The day is not over: an end in the future would be refused.
            EndpointCase(
                start: "2026-03-31",
                end: "2026-04-01",
                now: "2026-03-31T23:10:00Z",
                grain: .day,
                call: "historical: 1 Tweet, replies by day in 2026-03-31T00:00:00Z..<2026-03-31T23:09:00Z"
            ),
            // The API's clock may be behind ours, and an end within an hour means all of it.
            EndpointCase(
                start: "2026-03-30",
                end: "2026-03-31",
                now: "2026-03-31T00:00:02Z",
                grain: .day,
                call: "historical: 1 Tweet, replies by day in 2026-03-30T00:00:00Z..<2026-03-30T23:59:02Z"
            ),
            EndpointCase(
                start: "2026-03-03T11:00:00Z",
                end: "2026-03-31T11:00:00Z",
                now: "2026-03-31T10:00:02Z",
                call: "historical: 1 Tweet, replies by hour in 2026-03-03T11:00:00Z..<2026-03-31T10:00:01Z"
            ),
            // A call that is sent in the last seconds of an hour gets there in the next one, in which 28hr no longer
            // has the first.
            EndpointCase(
                start: "2026-03-30T06:00:00Z",
                end: "2026-03-31T11:00:00Z",
                now: "2026-03-31T10:59:58Z",
                call: "historical: 1 Tweet, replies by hour in 2026-03-30T06:00:00Z..<2026-03-31T10:58:58Z"
            ),
            EndpointCase(
                start: "2026-03-30T07:00:00Z",
                end: "2026-03-31T11:00:00Z",
                now: "2026-03-31T10:59:58Z",
                call: "28hr: 1 Tweet, replies by hour"
            ),
            EndpointCase(
                start: "2026-03-30T06:00:00Z",
                end: "2026-03-31T10:00:00Z",
                now: "2026-03-31T10:00:00.7Z",
                call: "28hr: 1 Tweet, replies by hour"
            ),
        ]
    )
    func endpoints(_ test: EndpointCase) {
        let gaps = [gap(1, types(.replies), window(test.start, test.end), test.grain)]
        #expect(plan(gaps, now: time(test.now)) == ["POST /insights/engagement/\(test.call) as account ada"])
    }

    @Test("Any gaps: all are covered, no call breaks a limit, and no call is for nothing", arguments: 0..<50)
    func properties(_ part: Int) throws {
        var generator = SeededGenerator(seed: runSeed &+ UInt64(part))
        let now = CallPlannerTests.now
        let gaps = (0..<Int.random(in: 1...400, using: &generator)).map { _ in randomGap(&generator, now) }
        let calls = CallPlanner.plan(gaps, now: now)
        for planned in calls {
            try planned.call.validate()
            #expect((planned.call.window?.end ?? now) <= now)
            let isNeeded = gaps.contains { gap in
                gap.access == planned.access && planned.call.tweets.contains(gap.tweet)
                    && (gap.window == nil) == (planned.window == nil)
                    && (gap.window.map { planned.window?.intersection($0) != nil } ?? true)
            }
            #expect(isNeeded, "ENGAGEQL_SEED=\(runSeed): \(planned)")
        }
        for gap in gaps {
            let able = calls.filter { planned in
                planned.access == gap.access && planned.call.tweets.contains(gap.tweet)
                    && planned.call.types.isSuperset(of: gap.types) && planned.grain == gap.grain
                    && (planned.window == nil) == (gap.window == nil)
            }
            guard let window = gap.window else {
                #expect(!able.isEmpty, "ENGAGEQL_SEED=\(runSeed): \(gap)")
                continue
            }
            for index in window.start.index..<window.end.index {
                let isCovered = able.contains { $0.window?.contains(UTCHour(index: index)) == true }
                if !isCovered { Issue.record("ENGAGEQL_SEED=\(runSeed): \(gap) lacks \(index)") }
            }
        }
    }

    private func randomGap(_ generator: inout SeededGenerator, _ now: UnixTime) -> CellGap {
        let tweet = UInt64.random(in: 1...60, using: &generator)
        let isSeries = Bool.random(using: &generator)
        let offered = EngagementTypeSet.series.types
        let picked = (0..<2).compactMap { _ in offered.randomElement(using: &generator) }
        guard isSeries else {
            let isPublic = Bool.random(using: &generator)
            return gap(
                tweet,
                isPublic ? types(.favorites) : types(.impressions),
                as: isPublic ? .application : .account(ada)
            )
        }
        let isDay = Bool.random(using: &generator)
        let latest = now.raisedHour
        let length = Int.random(in: 1...2000, using: &generator)
        var start = latest.advanced(by: -length - .random(in: 0...3000, using: &generator))
        var end = start.advanced(by: length)
        if isDay {
            start = start.day.firstHour
            end = start.advanced(by: (length / 24 + 1) * 24)
            if end > latest {
                return gap(
                    tweet,
                    EngagementTypeSet(picked),
                    HourWindow(start: start, end: start.advanced(by: 24)),
                    .day
                )
            }
        }
        return gap(tweet, EngagementTypeSet(picked), HourWindow(start: start, end: end), isDay ? .day : .hour)
    }
}

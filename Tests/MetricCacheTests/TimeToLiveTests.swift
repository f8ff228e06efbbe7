import Engagement
import MetricCache
import Testing

@Suite struct TimeToLiveTests {
    private static let hour: Int64 = 3600
    private static let day: Int64 = 86_400

    /// (age of the Tweet at the fetch, seconds its totals are fresh)
    static let totals: [(Int64, Int64)] = [
        (0, 30), (hour - 1, 30),
        (hour, 120), (6 * hour - 1, 120),
        (6 * hour, 300), (day - 1, 300),
        (day, 1800), (7 * day - 1, 1800),
        (7 * day, 21_600), (30 * day - 1, 21_600),
        (30 * day, 86_400), (1000 * day, 86_400),
    ]

    @Test("totals live longer the older the Tweet was when they were fetched", arguments: totals)
    func totalsLive(age: Int64, life: Int64) {
        expectLife(life, .counted, .totals(tweet(secondsOld: age)))
    }

    @Test func `a Tweet whose id tells no time counts as old`() {
        expectLife(86_400, .counted, .totals(TweetID(rawValue: 20)))
    }

    /// (how long before the fetch the hour ended, seconds it is fresh; nil is for ever)
    static let hours: [(Int64, Int64?)] = [
        (-hour, 300), (-1, 300), (0, 300), (6 * hour - 1, 300),
        (6 * hour, 1800), (48 * hour - 1, 1800),
        (48 * hour, nil), (400 * day, nil),
    ]

    @Test("an hour lives by its age and is sealed in the end", arguments: hours)
    func hoursLive(age: Int64, life: Int64?) {
        let target = UTCHour(index: 470_000)
        expectLife(life, .counted, .hour(target), fetched: target.start.seconds + TimeToLiveTests.hour + age)
    }

    @Test("a day lives as its last hour does", arguments: hours)
    func daysLive(age: Int64, life: Int64?) {
        let target = UTCDay(index: 19_000)
        expectLife(life, .counted, .day(target), fetched: target.start.seconds + TimeToLiveTests.day + age)
    }

    @Test(
        "absences have lives of their own",
        arguments: [(Cell.State.unavailable, 3600), (.forbidden, 3600), (.tooOld, 86_400)] as [(Cell.State, Int64)]
    )
    func absencesLive(state: Cell.State, life: Int64) {
        expectLife(life, state, .totals(tweet(secondsOld: 0)))
        // Not even a sealed hour makes an absence last: the account may be allowed to see it tomorrow.
        expectLife(life, state, .hour(UTCHour(index: 400_000)))
    }

    @Test func `a cell about which nothing is known is gone`() {
        #expect(TimeToLive().freshness(of: .missing, subject: .totals(tweet(secondsOld: 5)), now: noon) == .gone)
    }

    @Test func `a cell from the future is expired, unless the clock was only adjusted a little`() {
        let subject = TimeToLive.Subject.totals(tweet(secondsOld: 0))
        let cell = counted(1, at: noon)
        #expect(TimeToLive().freshness(of: cell, subject: subject, now: noon.advanced(bySeconds: -60)) == .fresh)
        #expect(TimeToLive().freshness(of: cell, subject: subject, now: noon.advanced(bySeconds: -61)) == .expired)
    }

    @Test func `a table is fresh until its first cell goes stale`() {
        let old = tweet(secondsOld: 40 * TimeToLiveTests.day)
        let young = tweet(secondsOld: 2 * TimeToLiveTests.hour)
        let need = MetricNeed.totals(account: ada, tweets: [old, young], types: .publicTotals)
        let life = TimeToLive().life(of: answer(need, at: noon))
        #expect(life.freshUntil == noon.advanced(bySeconds: 120))
        // The young one may be served for as long again while it is refreshed.
        #expect(life.staleSeconds == 120)
        #expect(life.oldest == noon && life.oldestUnsealed == noon)
        #expect(life.isFresh && life.isComplete)
        var stale = answer(need, at: noon)
        stale[0, .replies].freshness = .stale
        #expect(!TimeToLive().life(of: stale).isFresh)
        stale[0, .replies] = .missing
        #expect(!TimeToLive().life(of: stale).isComplete)
        let sealed = MetricNeed.series(
            account: ada,
            tweets: [old],
            types: [.init(.impressions)],
            window: HourWindow(start: UTCHour(index: 470_000), end: UTCHour(index: 470_005)),
            grain: .hour
        )
        let forEver = TimeToLive().life(of: answer(sealed, at: noon))
        #expect(forEver.freshUntil == nil && forEver.oldestUnsealed == nil)
        #expect(forEver.oldest == noon)
    }

    /// Fresh for `life` seconds, stale for a day more, then gone.
    private func expectLife(
        _ life: Int64?,
        _ state: Cell.State,
        _ subject: TimeToLive.Subject,
        fetched: Int64 = noon.seconds,
        _ location: SourceLocation = #_sourceLocation
    ) {
        let cell = Cell(count: 0, fetchedAt: UInt32(fetched), state: state, freshness: .gone)
        func freshness(after seconds: Int64) -> Cell.Freshness {
            TimeToLive().freshness(of: cell, subject: subject, now: UnixTime(seconds: fetched + seconds))
        }
        #expect(freshness(after: 0) == .fresh, sourceLocation: location)
        guard let life else {
            #expect(freshness(after: 1_000_000_000) == .fresh, sourceLocation: location)
            return
        }
        #expect(freshness(after: life - 1) == .fresh, sourceLocation: location)
        #expect(freshness(after: life) == .stale, sourceLocation: location)
        let excess = min(life, 3600)
        #expect(freshness(after: life + excess - 1) == .stale, sourceLocation: location)
        #expect(freshness(after: life + excess) == .expired, sourceLocation: location)
        #expect(freshness(after: life + 86_399) == .expired, sourceLocation: location)
        #expect(freshness(after: life + 86_400) == .gone, sourceLocation: location)
    }
}

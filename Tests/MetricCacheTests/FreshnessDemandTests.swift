import Engagement
import MetricCache
import Testing

/// Demands against ages, on a number that is fresh for 120 seconds, stale for 120 more, and gone after a day.
@Suite struct FreshnessDemandTests {
    private static let tweet = TweetID(rawValue: UInt64(noon.milliseconds - 7_200_000 - 1_288_834_974_657) << 22)

    static let cases: [(demand: FreshnessDemand, age: Int64, freshness: Cell.Freshness)] = [
        (.init(maxAge: 30), 30, .fresh), (.init(maxAge: 30), 31, .expired), (.init(maxAge: 200), 119, .fresh),
        (.init(maxAge: 0), 0, .fresh), (.init(maxAge: 0), 1, .expired),
        // A generous age makes no number live longer.
        (.init(maxAge: 200), 120, .stale), (.init(maxAge: 200, staleness: .onError), 120, .expired),
        (.init(minFresh: 20), 100, .fresh), (.init(minFresh: 20), 101, .expired),
        (.init(staleness: .accepted(seconds: nil)), 119, .fresh),
        (.init(staleness: .accepted(seconds: nil)), 50_000, .stale),
        (.init(staleness: .accepted(seconds: nil)), 120 + 86_400, .gone),
        (.init(staleness: .accepted(seconds: 10)), 130, .stale),
        (.init(staleness: .accepted(seconds: 10)), 131, .expired),
        (.init(maxAge: 30, staleness: .accepted(seconds: 10)), 40, .stale),
        (.init(maxAge: 30, staleness: .accepted(seconds: 10)), 41, .expired),
        (.init(staleness: .refused), 119, .fresh), (.init(staleness: .refused), 120, .gone),
        (.init(maxAge: 5, staleness: .refused), 6, .gone),
        (.init(onlyIfCached: true), 239, .stale), (.init(onlyIfCached: true), 240, .gone),
        (.init(maxAge: 5, staleness: .onError, onlyIfCached: true), 6, .gone),
    ]

    @Test("a demand decides what is fresh enough", arguments: cases)
    func demand(_ demand: FreshnessDemand, _ age: Int64, _ freshness: Cell.Freshness) throws {
        let cache = try MetricCache(MetricCacheConfiguration(path: nil)) { _ in }
        var need = MetricNeed.totals(account: ada, tweets: [Self.tweet], types: .init(.favorites))
        var answer = MetricTable(need)
        answer[0, .favorites] = counted(7, at: noon)
        cache.store(answer, scope: .everyone, now: noon)
        need.freshness = demand
        let now = noon.advanced(bySeconds: age)
        #expect(cache.lookup(need, now: now)[0, .favorites].freshness == freshness)
        // What was just fetched meets every demand.
        #expect(cache.lookup(need, now: now, notBefore: noon)[0, .favorites].freshness == .fresh)
    }

    @Test("a sealed hour meets every demand")
    func sealed() throws {
        let cache = try MetricCache(MetricCacheConfiguration(path: nil)) { _ in }
        let hour = UTCHour(index: noon.flooredHour.index - 100)
        var need = MetricNeed.series(
            account: ada,
            tweets: [Self.tweet],
            types: .init(.favorites),
            window: HourWindow(start: hour, end: hour.advanced(by: 1)),
            grain: .hour
        )
        var answer = MetricTable(need)
        answer[0, .favorites] = counted(7, at: noon)
        cache.store(answer, scope: .account(ada), now: noon)
        need.freshness = FreshnessDemand(maxAge: 0, minFresh: 1000, staleness: .refused, onlyIfCached: true)
        let found = cache.lookup(need, now: noon.advanced(bySeconds: 1_000_000))
        #expect(found[0, .favorites].freshness == .fresh)
    }
}

import Engagement
import EngagementAPI
import MetricCache
import MetricLoader
import Synchronization
import TestSupport
import Testing

@Suite("Lists are kept warm")
struct ListRefresherTests {
    private static let name = listName("autumn")

    /// Tweets of the last two months; the first is the youngest.
    private static func recentTweets(_ count: Int, ageSeconds: Int64) -> [TweetID] {
        let first = time("2026-03-31T10:30:00Z").milliseconds - ageSeconds * 1000 - 1_288_834_974_657
        return (0..<count).map { TweetID(rawValue: UInt64(first - Int64($0) * 1000) << 22) }
    }

    @Test("A day of a list of 1000 Tweets: no page meets a number that is missing or past its time, and calls go full")
    func day() async throws {
        // 10 to 11 days old, so that counts live for six hours.
        let tweets = Self.recentTweets(1000, ageSeconds: 10 * 86_400)
        let list = NamedList(Self.name, tweets, refresh: ListRefresh(everySeconds: 3600))
        let fixture = try RefreshFixture([list])
        await fixture.refresher.runDue()
        #expect(fixture.upstream.made.map(\.call.tweets.count) == [250, 250, 250, 250])

        fixture.pages.withLock { $0.needs = { _ in [totals(tweets, .publicTotals)] } }
        await fixture.run(seconds: 86_400)
        let pages = fixture.pages.withLock { $0 }
        #expect(pages.missing == 0 && pages.notFresh == 0)
        // One before each round and one after each of its calls.
        #expect(pages.reads > 24)

        let status = try #require(fixture.refresher.status(of: Self.name))
        // An hour less a tenth at most passes between two rounds.
        #expect((24...28).contains(status.rounds))
        // They live for six hours and are looked at each hour: of five or six rounds, one finds them too old for the next.
        #expect((4 * 4...4 * 6).contains(fixture.upstream.made.count))
        #expect(fixture.upstream.made.allSatisfy { $0.call.tweets.count == 250 && $0.access == .application })
        #expect(status.numbers == 5000 && status.warmNumbers == 5000)
        #expect(fixture.upstream.usedUrgencies == [.background])
    }

    @Test("Numbers that live no longer than the time between rounds are fetched by each round, once")
    func shortLived() async throws {
        // An hour and more old: counts live for 120 seconds.
        let tweets = Self.recentTweets(1000, ageSeconds: 3700)
        let list = NamedList(Self.name, tweets, refresh: ListRefresh())
        let fixture = try RefreshFixture([list])
        await fixture.refresher.runDue()
        fixture.pages.withLock { $0.needs = { _ in [totals(tweets, .publicTotals)] } }
        await fixture.run(seconds: 3600)
        let pages = fixture.pages.withLock { $0 }
        #expect(pages.missing == 0 && pages.notFresh == 0)
        let rounds = try #require(fixture.refresher.status(of: Self.name)?.rounds)
        #expect((30...36).contains(rounds))
        #expect(fixture.upstream.made.count == rounds * 4)
    }

    @Test("Hours that no longer change are fetched once in days")
    func sealedHours() async throws {
        let tweets = tweets(1...30)
        let refresh = ListRefresh(everySeconds: 1800, totals: [], historical: types(.impressions), historicalDays: 10)
        let fixture = try RefreshFixture([NamedList(Self.name, tweets, refresh: refresh)])
        await fixture.run(seconds: 86_400)
        let settled = time("2026-03-29T00:00:00Z").flooredHour
        let old = fixture.upstream.made.filter { made in
            made.call.window.map { $0.start < settled.advanced(by: -24).start } ?? false
        }
        // The first round's two calls, of 25 Tweets and of five.
        #expect(old.map(\.call.tweets.count) == [25, 5])
    }

    @Test("The numbers of an hour that has just begun are fetched in its first seconds")
    func newHour() async throws {
        let tweets = tweets(1...30)
        let refresh = ListRefresh(totals: [], last28Hours: types(.impressions))
        let fixture = try RefreshFixture(now: "2026-03-31T10:58:30Z", [NamedList(Self.name, tweets, refresh: refresh)])
        await fixture.run(seconds: 95)
        let hours = window("2026-03-30T07:00:00Z", "2026-03-31T12:00:00Z")
        let need = MetricNeed.series(
            account: ada,
            tweets: tweets,
            types: types(.impressions),
            window: hours,
            grain: .hour
        )
        #expect(fixture.now == time("2026-03-31T11:00:05Z"))
        #expect(fixture.loader.lookup([need], now: fixture.now).isFresh)
    }

    @Test("Calls go full over all lists together, and what several lists have is asked for once")
    func company() async throws {
        let lists = (0..<5).map { place in
            let first = UInt64(place * 100 + 1)
            return NamedList(listName("l\(place)"), tweets(first...first + 149), refresh: ListRefresh())
        }
        let fixture = try RefreshFixture(lists)
        await fixture.refresher.runDue()
        // 1 to 550, of which 50 stand in two lists each time.
        #expect(fixture.upstream.made.map(\.call.tweets.count) == [250, 250, 50])
        #expect(Set(fixture.upstream.made.flatMap(\.call.tweets)) == Set(tweets(1...550)))
    }

    @Test("Without quota that is left over nothing is sent, and it is caught up after")
    func quota() async throws {
        // Of four calls a minute, background calls may have two.
        let fixture = try RefreshFixture(
            quota: QuotaPolicy(assumedPerMinute: 4),
            [NamedList(Self.name, tweets(1...1000), refresh: ListRefresh())]
        )
        let began = fixture.now
        await fixture.refresher.runDue()
        #expect(fixture.upstream.made.count == 4)
        // Two at once, and two when the minute of the first was over.
        #expect((60...70).contains(fixture.now.seconds - began.seconds))
        let status = try #require(fixture.refresher.status(of: Self.name))
        #expect(status.warmNumbers == 5000 && status.refreshedAt == fixture.now)
    }

    @Test("When others have used up what is left over, nothing is sent before the minute is over")
    func nothingLeft() async throws {
        let fixture = try RefreshFixture(
            quota: QuotaPolicy(assumedPerMinute: 4),
            [NamedList(Self.name, tweets(1...10), refresh: ListRefresh())]
        )
        for tweet: UInt64 in [91, 92] {
            let need = totals(tweets(tweet), types(.favorites))
            let found = fixture.loader.lookup([need], now: fixture.now)
            let deadline = fixture.now.advanced(bySeconds: 30)
            _ = await fixture.loader.fetch(found, for: [need], now: fixture.now, deadline: deadline)
        }
        #expect(fixture.upstream.takeMade().count == 2)
        let began = fixture.now
        let sent = Counts()
        fixture.pages.withLock { pages in
            pages.needs = { [upstream = fixture.upstream] _ in
                sent.note(upstream.made.count)
                return []
            }
        }
        await fixture.refresher.runDue()
        // It looked every five seconds.
        #expect(sent.all == Array(repeating: 0, count: 12))
        #expect(fixture.now.seconds - began.seconds == 60)
        #expect(fixture.upstream.made.count == 1)
    }

    @Test("While the API is left alone nothing is sent")
    func breaker() async throws {
        let fixture = try RefreshFixture(
            breaker: BreakerPolicy(failures: 1, firstPauseMilliseconds: 30_000),
            [NamedList(Self.name, tweets(1...500), refresh: ListRefresh())]
        )
        fixture.upstream.fail(EngagementAPIError(.overloaded, "down"))
        fixture.pages.withLock { pages in
            pages.needs = { [upstream = fixture.upstream] now in
                // It is well again after 20 seconds; nobody knows before the pause is over.
                if now.seconds - time("2026-03-31T10:30:00Z").seconds >= 20 { upstream.fail(nil) }
                return []
            }
        }
        await fixture.refresher.runDue()
        #expect(fixture.upstream.made.count == 2)
        #expect(fixture.now.seconds - time("2026-03-31T10:30:00Z").seconds >= 30)
        // The first call failed: the next round has its Tweets.
        let status = try #require(fixture.refresher.status(of: Self.name))
        #expect(status.refreshedAt == nil && status.warmNumbers == 1250)
    }

    @Test("A Tweet that is added is fetched at once, and one that is taken out no more")
    func changes() async throws {
        let fixture = try RefreshFixture([NamedList(Self.name, tweets(1...3), refresh: ListRefresh())])
        await fixture.refresher.runDue()
        _ = fixture.upstream.takeMade()
        try fixture.change(.add(Self.name, tweets(9)))
        #expect(fixture.refresher.nextRound == fixture.now)
        await fixture.refresher.runDue()
        #expect(fixture.upstream.takeMade().map(\.call.tweets) == [tweets(9)])

        try fixture.change(.delete(Self.name))
        #expect(fixture.refresher.nextRound == nil)
        await fixture.run(seconds: 86_400)
        #expect(fixture.upstream.made.isEmpty)
        #expect(fixture.refresher.status(of: Self.name) == nil)
    }

    @Test("What was purged is fetched again at once")
    func purge() async throws {
        let fixture = try RefreshFixture([NamedList(Self.name, tweets(1...3), refresh: ListRefresh())])
        await fixture.refresher.runDue()
        _ = fixture.upstream.takeMade()
        _ = await fixture.loader.purge(PurgeSelection(tweets: tweets(2)), .hard)
        fixture.refresher.numbersPurged()
        await fixture.refresher.runDue()
        #expect(fixture.upstream.made.map(\.call.tweets) == [tweets(2)])
    }

    @Test("While a list has a round it has no other, however long that takes; another list has its own")
    func overlap() async throws {
        let (name, other) = (Self.name, listName("spring"))
        let fixture = try RefreshFixture([NamedList(name, tweets(1...3), refresh: ListRefresh())])
        fixture.upstream.fake.hold()
        let first = Task { await fixture.refresher.runDue() }
        await fixture.upstream.fake.waitForHeld(1)
        fixture.clock.advance(seconds: 7200)
        await fixture.refresher.runDue()
        #expect(fixture.upstream.made.count == 1)

        try fixture.change(.save(NamedList(other, tweets(7...9), refresh: ListRefresh())))
        let second = Task { await fixture.refresher.runDue() }
        await fixture.upstream.fake.waitForHeld(2)
        #expect(fixture.upstream.made.map(\.call.tweets) == [tweets(1...3), tweets(7...9)])
        fixture.upstream.fake.release()
        await first.value
        await second.value
        #expect(fixture.refresher.status(of: name)?.rounds == 1)
        #expect(fixture.refresher.status(of: other)?.rounds == 1)
        // It is late, so its next round begins at once.
        #expect(fixture.refresher.nextRound == fixture.now)
    }

    @Test("The owner of a list is asked first")
    func owner() async throws {
        let refresh = ListRefresh(totals: types(.impressions))
        let fixture = try RefreshFixture(
            readers: ListReaders(account: ada, otherAccounts: [bob]),
            [NamedList(Self.name, tweets(1...3), account: bob, refresh: refresh)]
        )
        await fixture.refresher.runDue()
        #expect(fixture.upstream.made.map(\.access) == [.account(bob)])
    }

    @Test("After it was stopped, nothing is sent")
    func stop() async throws {
        let fixture = try RefreshFixture([NamedList(Self.name, tweets(1...600), refresh: ListRefresh())])
        await fixture.refresher.runDue()
        _ = fixture.upstream.takeMade()
        // All are past their time, but can be served: the calls are spread, and somebody stops it between the first two.
        fixture.clock.advance(seconds: 90_000)
        fixture.pages.withLock { pages in
            pages.needs = { [refresher = fixture.refresher] _ in
                refresher.stop()
                return []
            }
        }
        await fixture.refresher.runDue()
        #expect(fixture.upstream.takeMade().count == 1)
        fixture.clock.advance(seconds: 90_000)
        await fixture.refresher.runDue()
        #expect(fixture.upstream.made.isEmpty)
    }

    @Test("Rounds come by themselves once it was started")
    func started() async throws {
        let fixture = try RefreshFixture(sleep: LoaderFixture.sleep, [])
        fixture.refresher.start()
        try fixture.change(.save(NamedList(Self.name, tweets(1...3), refresh: ListRefresh())))
        await waitUntil("the new list was refreshed") { fixture.refresher.status(of: Self.name)?.rounds == 1 }
        #expect(fixture.upstream.made.map(\.call.tweets) == [tweets(1...3)])
        fixture.refresher.stop()
    }
}

/// Numbers in the order in which they were noted.
private final class Counts: Sendable {
    private let counts = Mutex<[Int]>([])

    func note(_ count: Int) { counts.withLock { $0.append(count) } }

    var all: [Int] { counts.withLock { $0 } }
}

func listName(_ text: String) -> ListName {
    guard let name = ListName(text) else { preconditionFailure("\(text) is no name of a list") }
    return name
}

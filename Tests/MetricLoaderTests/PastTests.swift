import Archive
import Engagement
import EngagementAPI
import MetricCache
import MetricLoader
import TestSupport
import Testing

/// The past, Tweets that are gone, and hours from before the API's horizon, as the loader sees them.
@Suite("The past")
struct PastTests {
    private let folder: TemporaryFolder
    private let archive: Archive
    private let fixture: LoaderFixture

    init() throws {
        folder = try TemporaryFolder()
        archive = try Archive(ArchiveConfiguration(path: folder.path(Archive.fileName))) { _ in }
        fixture = try LoaderFixture(history: HistoryDepth(days: 10), archive: archive)
    }

    private func past(_ need: MetricNeed, _ moments: UnixTime...) -> MetricNeed {
        var need = need
        need.moments = moments
        return need
    }

    /// Has the API call these Tweets unavailable from now on.
    private func remove(_ ids: [TweetID]) {
        fixture.upstream.spoil { call, reply throws(EngagementAPIError) in
            reply.counts.removeAll { ids.contains($0.tweet) }
            reply.unavailable = call.tweets.filter(ids.contains)
        }
    }

    @Test("What calls bring is there as of then, without a call, and only for who may see it")
    func observed() async throws {
        let first = fixture.now
        let need = totals(tweets(1, 2), types(.favorites, .impressions))
        fixture.expectRight(await fixture.load(need))
        fixture.clock.advance(seconds: 86_400)
        _ = fixture.upstream.takeMade()
        let loaded = await fixture.load(past(need, first, first.advanced(bySeconds: -1), fixture.now))
        #expect(loaded.isFresh)
        for (row, tweet) in tweets(1, 2).enumerated() {
            for type in [EngagementType.favorites, .impressions] {
                let cells = (0..<3).map { loaded.tables[0][row, type, $0] }
                #expect(cells.map(\.state) == [.counted, .missing, .counted])
                #expect(cells[0].count == FakeUpstream.total(tweet, type))
                #expect(cells[2].fetchedAt == UInt32(first.seconds))
            }
        }
        let others = await fixture.load(past(totals(tweets(1), types(.favorites, .impressions), of: bob), fixture.now))
        #expect(others.tables[0][0, .favorites].state == .counted)
        #expect(others.tables[0][0, .impressions].state == .forbidden)
        #expect(fixture.upstream.made.isEmpty)
    }

    @Test(
        "A purge while a call is under way keeps its answer out of the archive, but not the one that is asked for after it"
    )
    func purged() async throws {
        let first = fixture.now
        fixture.upstream.hold()
        let need = totals(tweets(1, 2), types(.favorites))
        let load = fixture.start(need)
        await fixture.upstream.waitForHeld(1)
        _ = await fixture.loader.purge(PurgeSelection(tweets: tweets(1)), .hard)
        fixture.clock.advance(seconds: 10)
        fixture.upstream.release()
        fixture.expectRight(await load.value)
        let table = await fixture.load(past(need, first, fixture.now)).tables[0]
        #expect(table.states(0, .favorites) == [.missing, .counted])
        #expect(table.states(1, .favorites) == [.counted, .counted])
    }

    @Test("A Tweet that a call finds gone has no number any more, of now, of the past or over time, until one comes")
    func hidden() async throws {
        let lifetime = totals(tweets(1, 2), types(.favorites))
        let hours = series(tweets(1, 2), types(.impressions), "2026-03-25", "2026-03-26", .day)
        fixture.expectRight(await fixture.load(lifetime, hours))
        let first = fixture.now
        remove(tweets(1))
        fixture.clock.advance(seconds: 86_400)
        let revision = fixture.loader.revision
        _ = await fixture.load(lifetime)
        #expect(fixture.loader.revision != revision)
        _ = fixture.upstream.takeMade()
        for need in [lifetime, hours, past(lifetime, first)] {
            let loaded = await fixture.load(need)
            let type = need.types.types[0]
            #expect(loaded.isFresh)
            #expect(loaded.tables[0].states(0, type) == [.unavailable])
            #expect(loaded.tables[0].states(1, type) == [.counted])
        }
        #expect(fixture.upstream.made.isEmpty)
        // An hour later the API is asked again, also by who wants sealed hours.
        fixture.upstream.spoil(nil)
        fixture.clock.advance(seconds: 3600)
        fixture.expectRight(await fixture.load(hours))
        #expect(fixture.upstream.takeMade().map(\.call.tweets) == [tweets(1)])
        let back = await fixture.load(past(lifetime, first))
        #expect(back.tables[0].states(0, .favorites) == [.counted])
    }

    @Test("What stays gone is removed everywhere, and nothing else is")
    func removed() async throws {
        let lifetime = totals(tweets(1, 2), types(.favorites))
        let hours = series(tweets(1, 2), types(.impressions), "2026-03-25", "2026-03-26", .day)
        fixture.expectRight(await fixture.load(lifetime, hours))
        let first = fixture.now
        remove(tweets(1))
        fixture.clock.advance(seconds: 86_400)
        _ = await fixture.load(lifetime)
        let gone = fixture.now
        await fixture.loader.removeUnavailable(now: gone.advanced(bySeconds: 86_399))
        #expect(archive.statistics().removedTweets == 0)
        await fixture.loader.removeUnavailable(now: gone.advanced(bySeconds: 86_400))
        #expect(archive.statistics().removedTweets == 1)
        fixture.upstream.spoil(nil)
        fixture.clock.advance(seconds: 86_400)
        fixture.expectRight(await fixture.load(lifetime))
        let table = await fixture.load(past(lifetime, first)).tables[0]
        #expect(table.states(0, .favorites) == [.missing])
        #expect(table.states(1, .favorites) == [.counted])
        _ = fixture.upstream.takeMade()
        fixture.expectRight(await fixture.load(hours))
        #expect(fixture.upstream.takeMade().map(\.call.tweets) == [tweets(1)])
    }

    /// Half past ten of the 31st, ten days back: from ten o'clock of the 21st on. Of single days only whole ones can be had.
    @Test(
        "Nothing is asked for from before the horizon, and what was kept of it is there",
        arguments: [
            (MetricNeed.Grain.hour, "2026-03-21T10:00:00Z"), (.day, "2026-03-22T00:00:00Z"),
        ]
    )
    func horizon(_ grain: MetricNeed.Grain, _ earliest: String) async throws {
        let loaded = await fixture.load(series(tweets(1), types(.impressions), "2026-03-19", "2026-03-24", grain))
        #expect(loaded.failures.isEmpty)
        #expect(fixture.upstream.takeMade().map(\.call.window?.start) == [time(earliest)])
        let known = loaded.tables[0].states(0, .impressions).count { $0 == .counted }
        #expect(known == (grain == .day ? 2 : 62))
        fixture.clock.advance(seconds: 30 * 86_400)
        let later = await fixture.load(series(tweets(1), types(.impressions), "2026-03-22", "2026-03-24", grain))
        fixture.expectRight(later)
        let none = await fixture.load(series(tweets(1), types(.impressions), "2026-03-19", "2026-03-20", grain))
        #expect(none.tables[0].cells.allSatisfy { $0.state == .missing })
        #expect(fixture.upstream.made.isEmpty)
    }
}

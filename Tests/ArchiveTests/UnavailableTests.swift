import Archive
import Engagement
import TestSupport
import Testing

@Suite("Tweets that are gone")
struct UnavailableTests {
    private func places(_ archive: Archive, _ tweets: UInt64...) -> [Int] {
        archive.unavailable(among: tweets.map(TweetID.init(rawValue:))).map(\.place)
    }

    @Test("A Tweet is gone from when the API says so until the API gives numbers of it again, also after a restart")
    func hiddenAndShown() throws {
        let folder = try TemporaryFolder()
        var archive = try makeArchive(folder)
        #expect(!archive.knowsUnavailable)
        archive.noteUnavailable(1, 3, at: noon)
        let revision = archive.revision
        #expect(places(archive, 0, 1, 2, 3) == [1, 3])
        archive.close()
        archive = try makeArchive(folder)
        #expect(places(archive, 0, 1, 2, 3) == [1, 3])
        // Numbers that were asked for before say nothing.
        archive.note([1: 10], at: noon.after(minutes: -1))
        #expect(places(archive, 1) == [0])
        // What is known already is no news.
        let known = archive.revision
        archive.noteUnavailable(1, at: noon.after(minutes: 1))
        #expect(archive.revision == known)
        archive.note([1: 10], at: noon.after(minutes: 2))
        #expect(places(archive, 1, 3) == [1])
        #expect(archive.revision != known && archive.revision != revision)
        archive.close()
        archive = try makeArchive(folder)
        #expect(places(archive, 1, 3) == [1])
    }

    @Test(
        "A Tweet's numbers are due some time after it was first gone, until they are removed",
        arguments: [0, 24, 720]
    )
    func due(_ hours: Int64) throws {
        let folder = try TemporaryFolder()
        func make() throws -> Archive { try makeArchive(folder) { $0.removalSeconds = Int(hours) * 3600 } }
        var archive = try make()
        archive.noteUnavailable(1, at: noon)
        archive.noteUnavailable(2, at: noon.after(hours: 1))
        // That it is still gone puts nothing off.
        archive.noteUnavailable(1, at: noon.after(hours: 2))
        #expect(archive.due(at: noon.after(hours: hours).advanced(bySeconds: -1)) == [])
        archive.close()
        archive = try make()
        #expect(archive.due(at: noon.after(hours: hours)) == [TweetID(rawValue: 1)])
        #expect(archive.due(at: noon.after(hours: hours + 1)).map(\.rawValue) == [1, 2])
        archive.markRemoved([TweetID(rawValue: 1)], at: noon.after(hours: hours))
        archive.noteUnavailable(1, at: noon.after(hours: hours + 1))
        archive.close()
        archive = try make()
        #expect(archive.due(at: noon.after(hours: hours + 1000)).map(\.rawValue) == [2])
        // One that came back in time is not due any more.
        archive.note([2: 5], at: noon.after(hours: hours + 2))
        #expect(archive.due(at: noon.after(hours: hours + 1000)) == [])
    }

    @Test("What was noted by a clock that was ahead gives way to what the API says now")
    func clockAhead() throws {
        let archive = try makeArchive(TemporaryFolder())
        archive.noteUnavailable(1, 2, at: noon.after(hours: 24))
        archive.note([1: 10], at: noon)
        #expect(places(archive, 1, 2) == [1])
        archive.noteUnavailable(2, at: noon)
        archive.note([2: 10], at: noon.after(minutes: 1))
        #expect(places(archive, 1, 2) == [])
    }

    @Test("However many ids that do not exist are asked for, no more than a bound are remembered")
    func bounded() throws {
        let archive = try Archive(ArchiveConfiguration(path: nil)) { _ in }
        for thousand: UInt64 in 0..<101 {
            let seconds = UInt32(noon.seconds) + UInt32(thousand)
            let tweets = (thousand * 1000..<(thousand + 1) * 1000).map(TweetID.init(rawValue:))
            var answer = MetricTable(.totals(account: ada, tweets: tweets, types: EngagementTypeSet(.favorites)))
            for row in tweets.indices {
                answer[row, .favorites] = Cell(count: 0, fetchedAt: seconds, state: .unavailable, freshness: .fresh)
            }
            archive.note(answer, scope: .everyone, now: UnixTime(seconds: Int64(seconds)), since: 0)
        }
        let due = archive.due(at: noon.after(minutes: 5))
        #expect(due.count == 1000 && due.allSatisfy { $0.rawValue < 1000 })
        archive.markRemoved(due, at: noon.after(minutes: 5))
        #expect(archive.due(at: noon.after(minutes: 5)) == [])
        #expect(archive.statistics().unavailableTweets == 100_000)
    }
}

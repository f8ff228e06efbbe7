import Archive
import Engagement
import Foundation
import SQLite
import TestSupport
import Testing

@Suite("The archive")
struct ArchiveTests {
    @Test("The newest count at or before a moment is the answer, in memory, in the file and after a restart")
    func asOf() throws {
        let folder = try TemporaryFolder()
        var archive = try makeArchive(folder)
        archive.note([1: 10, 2: 5], at: noon)
        archive.note([1: 14], at: noon.after(hours: 1))
        archive.note([1: 12], at: noon.after(hours: 2))
        for round in 0..<3 {
            #expect(archive.seen(1, asOf: noon.advanced(bySeconds: -1)) == nil)
            #expect(archive.seen(1, asOf: noon) == Seen(10, noon))
            #expect(archive.seen(1, asOf: noon.after(minutes: 59)) == Seen(10, noon))
            #expect(archive.seen(1, asOf: noon.after(minutes: 60)) == Seen(14, noon.after(hours: 1)))
            #expect(archive.seen(1, asOf: noon.after(hours: 900)) == Seen(12, noon.after(hours: 2)))
            #expect(archive.seen(2, asOf: noon.after(hours: 1)) == Seen(5, noon))
            #expect(archive.seen(3, asOf: noon) == nil)
            #expect(archive.seen(1, .retweets, asOf: noon.after(hours: 9)) == nil)
            if round == 0 { archive.flush() }
            if round == 1 {
                archive.close()
                archive = try makeArchive(folder)
            }
        }
    }

    @Test("What is noted later than something newer finds its place")
    func outOfOrder() throws {
        let folder = try TemporaryFolder()
        let archive = try makeArchive(folder)
        archive.note([1: 30], at: noon.after(hours: 3))
        archive.flush()
        archive.note([1: 10], at: noon)
        archive.note([1: 7], .retweets, at: noon.after(hours: 3))
        for _ in 0..<2 {
            #expect(archive.seen(1, asOf: noon.after(hours: 2)) == Seen(10, noon))
            #expect(archive.seen(1, asOf: noon.after(hours: 4)) == Seen(30, noon.after(hours: 3)))
            #expect(archive.seen(1, .retweets, asOf: noon.after(hours: 4)) == Seen(7, noon.after(hours: 3)))
            archive.flush()
        }
    }

    @Test("Private numbers are found by their account alone, and public ones by everybody")
    func scopes() throws {
        let folder = try TemporaryFolder()
        let archive = try makeArchive(folder)
        archive.note([1: 100], .impressions, as: .account(ada), at: noon)
        archive.note([1: 9], .favorites, at: noon)
        // A private number under everyone is not kept at all.
        archive.note([2: 666], .engagements, as: .everyone, at: noon)
        for _ in 0..<2 {
            #expect(archive.seen(1, .impressions, by: ada, asOf: noon) == Seen(100, noon))
            #expect(archive.seen(1, .impressions, by: bob, asOf: noon) == nil)
            #expect(archive.seen(1, .favorites, by: bob, asOf: noon) == Seen(9, noon))
            for account in [ada, bob, AccountName("")] {
                #expect(archive.seen(2, .engagements, by: account, asOf: noon) == nil)
            }
            archive.flush()
            #expect(archive.statistics().histories == 2)
        }
    }

    @Test("What was seen often long ago is thinned, each metric for itself")
    func thinned() throws {
        let folder = try TemporaryFolder()
        let archive = try makeArchive(folder)
        let minutes: Int64 = 2000
        for minute in 0..<minutes { archive.note([1: minute], at: noon.after(minutes: minute)) }
        // Seen once only, in the middle of what is dropped.
        archive.note([1: 1], .retweets, at: noon.after(minutes: 3))
        archive.note([1: minutes], at: noon.after(hours: 2400))
        archive.flush()
        #expect(archive.seen(1, asOf: noon) == Seen(0, noon))
        #expect(archive.seen(1, .retweets, asOf: noon.after(hours: 5)) == Seen(1, noon.after(minutes: 3)))
        // Minutes in a row, a hundred days old: a part of 24 of their age is four days, and all of it were not two.
        #expect(archive.seen(1, asOf: noon.after(minutes: 1998)) == Seen(0, noon))
        #expect(archive.seen(1, asOf: noon.after(hours: 2399)) == Seen(minutes - 1, noon.after(minutes: minutes - 1)))
        archive.close()
        let size = try #require(folder.files[Archive.fileName]?.count)
        #expect(size < 40_000)
    }

    @Test("A full archive drops the histories of those that were seen longest ago")
    func full() throws {
        let log = EventLog()
        let folder = try TemporaryFolder()
        let archive = try makeArchive(folder, log: log) { $0.maximumBytes = 1 << 20 }
        for round: UInt64 in 0..<40 {
            let now = noon.after(hours: Int64(round))
            let tweets = round * 1000..<(round + 1) * 1000
            archive.note(Dictionary(uniqueKeysWithValues: tweets.map { ($0, 7) }), at: now)
            // The first Tweet is seen again and again.
            archive.note([0: Int64(round)], at: now)
            archive.flush()
        }
        let end = noon.after(hours: 100)
        #expect(archive.statistics().evictedHistories > 0)
        #expect(archive.statistics().fileBytes < 2 << 20)
        #expect(archive.seen(0, asOf: end)?.count == 39)
        #expect(archive.seen(39_500, asOf: end) != nil)
        #expect(archive.seen(500, asOf: end) == nil)
        #expect(!log.all.contains { if case .writeFailed = $0 { true } else { false } })
    }

    @Test("A damaged file is set aside and not thrown away; the archive goes on with a new one")
    func damaged() throws {
        let folder = try TemporaryFolder()
        let archive = try makeArchive(folder)
        archive.note([1: 10], at: noon)
        archive.close()
        try Data("this is no archive, whatever its name says".utf8).write(
            to: URL(filePath: folder.path(Archive.fileName))
        )
        let log = EventLog()
        let other = try makeArchive(folder, log: log)
        #expect(other.seen(1, asOf: noon) == nil)
        other.note([1: 11], at: noon)
        other.flush()
        #expect(other.seen(1, asOf: noon) == Seen(11, noon))
        #expect(log.all.contains { if case .setAside = $0 { true } else { false } })
        #expect(folder.files.keys.contains { $0.contains("set-aside") })
    }

    @Test("While the file cannot be written nothing is lost, and it is written when that is possible again")
    func locked() throws {
        let folder = try TemporaryFolder()
        let log = EventLog()
        let archive = try makeArchive(folder, log: log)
        archive.note([1: 10], at: noon)
        archive.flush()
        let other = try Connection(path: folder.path(Archive.fileName), mode: .create, busyMilliseconds: 0)
        try other.execute("BEGIN IMMEDIATE")
        archive.note([1: 11], at: noon.after(minutes: 1))
        archive.flush()
        #expect(archive.seen(1, asOf: noon.after(minutes: 1))?.count == 11)
        #expect(archive.purge(PurgeSelection(tweets: [TweetID(rawValue: 1)]), .hard) == false)
        #expect(archive.seen(1, asOf: noon.after(minutes: 1)) == nil)
        archive.note([1: 12], at: noon.after(minutes: 2))
        #expect(archive.seen(1, asOf: noon.after(minutes: 2))?.count == 12)
        try other.execute("ROLLBACK")
        archive.note([2: 1], at: noon.after(hours: 1))
        archive.close()
        let next = try makeArchive(folder)
        #expect(next.seen(1, asOf: noon.after(hours: 1)) == Seen(12, noon.after(minutes: 2)))
        #expect(next.seen(1, asOf: noon.after(minutes: 1)) == nil)
        #expect(next.seen(2, asOf: noon.after(hours: 1))?.count == 1)
    }
}

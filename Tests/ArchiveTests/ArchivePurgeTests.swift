import Archive
import Engagement
import TestSupport
import Testing

@Suite("Purging the archive")
struct ArchivePurgeTests {
    private static let one = PurgeSelection(tweets: [TweetID(rawValue: 1)])

    /// Each selection with what is left of: a public number of Tweets 1 and 2, a private one of Tweet 1 for ada and for bob.
    private static let cases: [(PurgeSelection, PurgeKind, [Bool])] = [
        (one, .hard, [false, true, false, false]),
        (one, .soft, [true, true, true, true]),
        (PurgeSelection(account: ada), .hard, [true, true, false, true]),
        (PurgeSelection(tweets: [TweetID(rawValue: 2)], account: ada), .hard, [true, true, true, true]),
        (PurgeSelection(tweets: [TweetID(rawValue: 1)], account: bob), .hard, [true, true, true, false]),
        (PurgeSelection(family: .series), .hard, [true, true, true, true]),
        (PurgeSelection(family: .totals), .hard, [false, false, false, false]),
        (.everything, .hard, [false, false, false, false]),
        (PurgeSelection(account: AccountName("nobody")), .hard, [true, true, true, true]),
    ]

    @Test(
        "A purge removes what it selects, at once and for good, whether it was written or waits",
        arguments: cases,
        [true, false]
    )
    func selections(_ purge: (PurgeSelection, PurgeKind, [Bool]), isWritten: Bool) throws {
        let folder = try TemporaryFolder()
        var archive = try makeArchive(folder)
        archive.note([1: 1, 2: 2], at: noon)
        archive.note([1: 3], .impressions, as: .account(ada), at: noon)
        archive.note([1: 4], .impressions, as: .account(bob), at: noon)
        if isWritten { archive.flush() }
        #expect(archive.purge(purge.0, purge.1))
        for _ in 0..<2 {
            let left = [
                archive.seen(1, asOf: noon), archive.seen(2, asOf: noon),
                archive.seen(1, .impressions, by: ada, asOf: noon), archive.seen(1, .impressions, by: bob, asOf: noon),
            ]
            #expect(left.map { $0 != nil } == purge.2)
            archive.close()
            archive = try makeArchive(folder)
        }
    }

    @Test("What was asked for before a purge and comes after it is not kept")
    func overtaken() throws {
        let folder = try TemporaryFolder()
        let archive = try makeArchive(folder)
        let before = archive.purgeCount
        archive.purge(ArchivePurgeTests.one, .hard)
        archive.note([1: 1, 2: 2], at: noon, since: before)
        #expect(archive.seen(1, asOf: noon) == nil)
        #expect(archive.seen(2, asOf: noon) != nil)
        archive.note([1: 1], at: noon)
        #expect(archive.seen(1, asOf: noon) != nil)
        // So many purges that nobody knows any more what they selected.
        for tweet: UInt64 in 100..<200 { archive.purge(PurgeSelection(tweets: [TweetID(rawValue: tweet)]), .hard) }
        archive.note([3: 3], at: noon, since: before)
        #expect(archive.seen(3, asOf: noon) == nil)
    }
}

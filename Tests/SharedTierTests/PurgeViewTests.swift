import Engagement
import MetricCache
import Testing

@testable import SharedTier

@Suite("The journal of purges")
struct PurgeViewTests {
    private static let ada = AccountName("ada 1,*")
    private static let name = RecordName(scope: .everyone, tweet: TweetID(rawValue: 7), day: nil)

    @Test(
        "An entry is what was written",
        arguments: [
            PurgeSelection.everything,
            PurgeSelection(tweets: [TweetID(rawValue: 7), TweetID(rawValue: 1 << 62)]),
            PurgeSelection(tweets: [TweetID(rawValue: 7)], account: ada, family: .series),
            PurgeSelection(account: AccountName("*"), family: .totals),
        ],
        PurgeKind.allCases
    )
    func text(selection: PurgeSelection, kind: PurgeKind) {
        let entry = PurgeEntry(selection, kind)
        #expect(PurgeEntry(text: entry.text) == entry)
    }

    @Test(
        "Of a text that is not understood more is purged than it may have meant",
        arguments: [
            ("", PurgeSelection.everything, PurgeKind.hard),
            ("soft * *", .everything, .hard),
            ("gently totals * 7", PurgeSelection(tweets: [TweetID(rawValue: 7)], family: .totals), .hard),
            ("soft video * 7", PurgeSelection(tweets: [TweetID(rawValue: 7)]), .soft),
            ("soft * %zz *", .everything, .soft),
            ("soft * * 7,x", .everything, .soft),
        ]
    )
    func unknown(text: String, selection: PurgeSelection, kind: PurgeKind) {
        #expect(PurgeEntry(text: text) == PurgeEntry(selection, kind))
    }

    @Test("Many Tweets become several entries, each of them in one")
    func large() {
        let tweets = (1...12_000).map { TweetID(rawValue: $0) }
        let entries = PurgeEntry.entries(PurgeSelection(tweets: tweets, family: .series), .soft)
        #expect(entries.count > 1)
        #expect(entries.flatMap { $0.selection.tweets ?? [] } == tweets)
        #expect(entries.allSatisfy { $0.text.utf8.count < PurgeEntry.maximumBytes && $0.selection.family == .series })
    }

    @Test("A record is void if an entry after it selects it, from the moment that the entry is known")
    func void() {
        var view = PurgeView(position: nil)
        func isVoid(_ number: UInt64, _ journal: UInt64 = 1) -> Bool {
            view.isVoid(PurgeViewTests.name, publishedAt: PurgePosition(journal: journal, number: number))
        }
        #expect(isVoid(0), "nothing is known of any journal")
        view.learn([], from: 1, upTo: PurgePosition(journal: 1, number: 0))
        #expect(!isVoid(0))
        let others = PurgeEntry(PurgeSelection(tweets: [TweetID(rawValue: 8)]), .hard)
        let own = PurgeEntry(PurgeSelection(tweets: [TweetID(rawValue: 7)], family: .totals), .hard)
        view.learn([others, own, others], from: 1, upTo: PurgePosition(journal: 1, number: 3))
        #expect([0, 1, 2, 3, 4].map { isVoid($0) } == [true, true, false, false, false])
        #expect(view.position == nil, "the node has not gone along yet")
        #expect(isVoid(3, 2), "it is of another journal")
    }

    @Test("Who was away for longer than the journal keeps purges everything, and believes no older record")
    func away() {
        var view = PurgeView(position: PurgePosition(journal: 1, number: 10))
        let head = PurgePosition(journal: 1, number: PurgeView.mostEntries + 11)
        let wanted = view.wanted(upTo: head)
        #expect(wanted.first == 12 && !wanted.isComplete)
        let entry = PurgeEntry(PurgeSelection(tweets: [TweetID(rawValue: 8)]), .hard)
        view.learn(Array(repeating: entry, count: Int(PurgeView.mostEntries)), from: 12, upTo: head)
        for (number, isVoid) in [(10, true), (11, false)] as [(UInt64, Bool)] {
            let stamp = PurgePosition(journal: 1, number: number)
            #expect(view.isVoid(PurgeViewTests.name, publishedAt: stamp) == isVoid)
        }
        view.goAlong(with: head)
        #expect(view.wanted(upTo: head) == (head.number + 1, true))
    }

    @Test("A node that is started again learns all entries that are kept, and goes along from where it was")
    func restart() {
        let view = PurgeView(position: PurgePosition(journal: 1, number: 10))
        #expect(view.wanted(upTo: PurgePosition(journal: 1, number: 12)) == (1, true))
        #expect(view.wanted(upTo: PurgePosition(journal: 2, number: 12)) == (1, true))
    }

    @Test("Heads of one history agree, and an entry without a mark may be any")
    func heads() {
        func head(_ number: UInt64, _ mark: UInt64?) -> JournalHead {
            JournalHead(position: PurgePosition(journal: 1, number: number), mark: mark)
        }
        #expect(head(3, 7).contradicts(head(3, 8)))
        for other in [head(3, 7), head(3, nil), head(4, 8)] { #expect(!head(3, 7).contradicts(other)) }
        for written in [head(3, 7), head(3, nil)] { #expect(JournalHead("\(written)") == written) }
        for malformed in ["", "1:3 ", "1:3 x", "1:3 7 7", "1 7"] { #expect(JournalHead(malformed) == nil) }
    }

    @Test("A position is what was written", arguments: ["", "1", "1:", ":1", "1:2:3", "-1:2", "x:y"])
    func position(malformed: String) {
        let position = PurgePosition(journal: .max, number: 0x0102_0304_0506_0708)
        #expect(PurgePosition(position.bytes) == position)
        #expect(Array(position.bytes.suffix(8)) == [1, 2, 3, 4, 5, 6, 7, 8])
        #expect(PurgePosition("\(position)") == position)
        #expect(PurgePosition(malformed) == nil)
    }
}

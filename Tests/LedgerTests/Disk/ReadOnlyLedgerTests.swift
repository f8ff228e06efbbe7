import Engagement
import Foundation
import Ledger
import TestSupport
import Testing

@Suite struct ReadOnlyLedgerTests {
    private let folder: TemporaryFolder
    private let log = EventLog()
    private var path: String { folder.path(Ledger.fileName) }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func reader() throws -> Ledger {
        try Ledger(LedgerConfiguration(path: path, isReadOnly: true), report: log.note)
    }

    /// 40 Tweets, half of them known to be Ada's.
    private func fill(_ ledger: Ledger) {
        _ = ledger.usage.admit(tweets(0..<40), of: ada, at: noon)
        ledger.owners.learn(owner: ada, of: tweets(0..<20), at: noon)
        ledger.flush()
    }

    @Test("it tells what another ledger wrote, and leaves every byte as it was", arguments: [true, false])
    func look(isOpen: Bool) throws {
        let ledger = try makeLedger(folder)
        fill(ledger)
        if !isOpen { ledger.close() }
        let before = folder.files
        do {
            let reader = try reader()
            #expect(reader.isFileInUse)
            #expect(reader.usage.usage(at: noon).calendarMonth == Usage.Count(tweets: 40, accounts: 1))
            #expect(reader.usage.forecast([(tweets(30..<50), bob)], at: noon).newTweets == 10)
            #expect(reader.owners.owners(of: tweets(18..<22)) == [ada, ada, nil, nil])
            // What it learns is its own.
            fill(reader)
            _ = reader.usage.admit(tweets(40..<90), of: bob, at: noon)
            reader.owners.learn(owner: bob, of: tweets(20..<40), at: noon)
            reader.flush()
            #expect(reader.owners.owner(of: tweets(30...30)[0]) == bob)
        }
        #expect(folder.files.filter { !$0.key.hasSuffix("-shm") } == before.filter { !$0.key.hasSuffix("-shm") })
        #expect(folder.files.count == before.count)
        #expect(ledger.usage.usage(at: noon).calendarMonth.tweets == 40)
        #expect(log.all == [.opened(path: path)])
    }

    @Test(
        "what is no ledger stays where it is, and is told",
        arguments: ["", "rubbish, and more of it, and still more"]
    )
    func foreign(_ text: String) throws {
        try Data(text.utf8).write(to: URL(filePath: path))
        let reader = try reader()
        #expect(!reader.isFileInUse)
        fill(reader)
        #expect(reader.usage.usage(at: noon).calendarMonth.tweets == 40)
        #expect(folder.files == [Ledger.fileName: Data(text.utf8)])
        #expect(log.contains { if case .unavailable = $0 { true } else { false } })
        #expect(log.all.count == 1)
    }
}

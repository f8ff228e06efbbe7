import Engagement
import Foundation
import Ledger
import SQLite
import TestSupport
import Testing

@Suite struct LedgerFileTests {
    private let folder: TemporaryFolder
    private let log = EventLog()
    private var path: String { folder.path(Ledger.fileName) }

    init() throws {
        folder = try TemporaryFolder()
    }

    /// 400 Tweets, half of them known to be Ada's.
    private func fill(_ ledger: Ledger) {
        _ = ledger.usage.admit(tweets(0..<400), of: ada, at: noon)
        ledger.owners.learn(owner: ada, of: tweets(0..<200), at: noon)
        ledger.owners.learn(notOwnedBy: ada, tweets(200..<400), at: noon, authorID: "783214")
    }

    private func isFull(_ ledger: Ledger) -> Bool {
        ledger.usage.usage(at: noon).calendarMonth == Usage.Count(tweets: 400, accounts: 1)
            && ledger.owners.ownership(of: tweets(0..<400), by: ada, at: noon)
                == Array(repeating: .owned, count: 200) + Array(repeating: .ruledOut, count: 200)
    }

    private func isEmpty(_ ledger: Ledger) -> Bool {
        ledger.usage.usage(at: noon).rolling30Days == Usage.Count(tweets: 0, accounts: 0)
            && ledger.owners.ownership(of: tweets(0..<400), by: ada, at: noon).allSatisfy { $0 == .unknown }
    }

    private var setAside: [DatabaseFile.SetAsideReason] {
        log.all.compactMap { if case .setAside(_, _, let reason) = $0 { reason } else { nil } }
    }

    private func connect(_ path: String? = nil) throws -> Connection {
        try Connection(path: path ?? self.path, mode: .create, busyMilliseconds: 0)
    }

    // MARK: - Restart

    @Test func `a restart keeps everything`() throws {
        let ledger = try makeLedger(folder)
        fill(ledger)
        #expect(ledger.isFileInUse)
        ledger.close()
        ledger.close()
        #expect(!ledger.isFileInUse)
        #expect(isFull(ledger))
        let again = try makeLedger(folder, log: log)
        #expect(isFull(again))
        #expect(log.all == [.opened(path: path)])
    }

    @Test func `a ledger that is let go has written everything`() throws {
        try fill(makeLedger(folder))
        #expect(isFull(try makeLedger(folder)))
    }

    @Test func `the file is its owner's alone`() throws {
        let ledger = try makeLedger(folder)
        fill(ledger)
        ledger.flush()
        for name in ["ledger.sqlite", "ledger.sqlite-wal"] {
            let attributes = try FileManager.default.attributesOfItem(atPath: folder.path(name))
            #expect(attributes[.posixPermissions] as? Int == 0o600)
        }
        ledger.close()
    }

    @Test func `counts by day agree with the Tweets of that day, and old Tweets leave the file`() throws {
        let ledger = try makeLedger(folder)
        var generator = SeededGenerator(seed: runSeed)
        for day in 0..<150 as Range<Int64> {
            let now = noon.advanced(bySeconds: day * 86_400)
            let some = (0..<100).map { _ in Int.random(in: 0..<100_000, using: &generator) }
            _ = ledger.usage.admit(tweets(some), at: now)
            ledger.owners.learn(notOwnedBy: bob, tweets(some), at: now)
            ledger.flush()
        }
        ledger.close()
        let file = try connect()
        let today = noon.flooredHour.day.advanced(by: 149).index
        let oldest = today - 62
        #expect(
            try file.integer(
                """
                SELECT count(*) FROM (
                    SELECT day, count(*) FROM asked_tweets WHERE day >= \(oldest) GROUP BY day
                    EXCEPT SELECT day, tweets FROM asked_days
                )
                """
            ) == 0,
            "seed \(runSeed)"
        )
        // The last day that is over may lie around until the next write.
        #expect([Int64(oldest), Int64(oldest) - 1].contains(try file.integer("SELECT min(day) FROM asked_days")))
        // Of 15,000 Tweets 6,300 are young enough; old ones lie around only until the hand comes by.
        let rows = try file.integer("SELECT count(*) FROM asked_tweets")
        #expect((6000...10_000).contains(rows))
        #expect((2900...7000).contains(try file.integer("SELECT count(*) FROM ownership")))
        #expect(try file.text("PRAGMA integrity_check") == "ok")
    }

    // MARK: - Files that are no ledger

    @Test func `a file that is no database is set aside`() throws {
        try Data("no database, and long enough to be looked at ".utf8 + Array(repeating: 7, count: 4096))
            .write(to: URL(filePath: path))
        try expectNewStart { if case .damaged = $0 { true } else { false } }
    }

    @Test(
        "a file of another application, or of another version, is set aside whole",
        arguments: [
            ("PRAGMA user_version = 99", DatabaseFile.SetAsideReason.otherVersion(99)),
            ("PRAGMA application_id = 99", .foreign),
        ]
    )
    func setsAside(change: String, reason: DatabaseFile.SetAsideReason) throws {
        fill(try makeLedger(folder))
        try connect().execute(change)
        try expectNewStart { $0 == reason }
        guard case .setAside(_, let target, _) = log.all.first else { return }
        #expect(try connect(target).integer("SELECT count(*) FROM asked_tweets") == 400)
    }

    @Test(arguments: ["accounts", "asked_tweets", "asked_days", "asked_accounts", "notices", "ownership", "authors"])
    func `a ledger that lacks a table is set aside`(table: String) throws {
        fill(try makeLedger(folder))
        try connect().execute("DROP TABLE \(table)")
        try expectNewStart { if case .damaged = $0 { true } else { false } }
    }

    private func expectNewStart(_ isExpected: @escaping (DatabaseFile.SetAsideReason) -> Bool) throws {
        let ledger = try makeLedger(folder, log: log)
        #expect(setAside.count == 1)
        #expect(setAside.allSatisfy(isExpected), "\(log.all)")
        #expect(log.all.last == .opened(path: path))
        #expect(isEmpty(ledger))
        fill(ledger)
        ledger.close()
        #expect(isFull(try makeLedger(folder)))
    }

    @Test func `a file that was cut off or changed is used as far as it goes or set aside`() throws {
        fill(try makeLedger(folder))
        let whole = try Data(contentsOf: URL(filePath: path))
        var generator = SeededGenerator(seed: runSeed)
        var broken = [1, 99, 100, 512, 4095, 4096, 8192, whole.count / 2, whole.count - 1].map { whole.prefix($0) }
        for _ in 0..<20 {
            var bytes = whole
            for _ in 0..<40 {
                bytes[Int.random(in: 100..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            broken.append(bytes)
        }
        for bytes in broken {
            let other = try TemporaryFolder()
            try bytes.write(to: URL(filePath: other.path(Ledger.fileName)))
            let ledger = try makeLedger(other)
            _ = ledger.owners.owners(of: tweets(0..<400))
            let new = tweets(1000..<1100)
            #expect(ledger.usage.admit(new, at: noon).admitted == new)
            ledger.owners.learn(owner: bob, of: new, at: noon)
            ledger.close()
            let again = try makeLedger(other)
            #expect(again.owners.owners(of: new) == new.map { _ in bob }, "\(bytes.count) bytes, seed \(runSeed)")
        }
    }

    @Test func `a file that is damaged while it is open is replaced, and what is learnt then is kept`() throws {
        fill(try makeLedger(folder))
        let ledger = try makeLedger(folder, log: log)
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        let size = try file.seekToEnd()
        try file.seek(toOffset: 4096)
        try file.write(contentsOf: Data(repeating: 0xEE, count: Int(size) - 4096))
        try file.close()
        let new = tweets(1000..<1250)
        #expect(ledger.usage.admit(new, of: ada, at: noon).admitted == new)
        ledger.owners.learn(owner: bob, of: new, at: noon)
        ledger.close()
        #expect(setAside.count == 1)
        let again = try makeLedger(folder)
        #expect(again.usage.usage(at: noon).calendarMonth == Usage.Count(tweets: 250, accounts: 1))
        #expect(again.owners.owners(of: new) == new.map { _ in bob })
    }

    // MARK: - Files that cannot be used

    @Test("without a usable file the ledger runs in memory", arguments: ["/proc/l.sqlite", "", "/no/such/l.sqlite"])
    func runsInMemory(name: String) throws {
        let path = name.isEmpty ? folder.url.path : name
        let ledger = try Ledger(LedgerConfiguration(path: path, busyTimeoutMilliseconds: 0), report: log.note)
        #expect(log.contains { if case .unavailable(path, _) = $0 { true } else { false } })
        #expect(!ledger.isFileInUse)
        fill(ledger)
        ledger.flush()
        #expect(isFull(ledger))
        ledger.close()
        #expect(isFull(ledger))
    }

    @Test func `what was counted while another process held the file joins it when it is free`() throws {
        fill(try makeLedger(folder))
        var holder: Connection? = try connect()
        try holder?.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; DELETE FROM notices;")
        let ledger = try makeLedger(folder, log: log)
        #expect(log.contains { if case .unavailable(_, let error) = $0 { error.isBusy } else { false } })
        #expect(ledger.usage.admit(tweets(300..<500), of: bob, at: noon).refusal == nil)
        #expect(ledger.usage.usage(at: noon).calendarMonth == Usage.Count(tweets: 200, accounts: 1))
        try holder?.execute("ROLLBACK")
        holder = nil
        ledger.flush()
        _ = ledger.usage.admit(tweets([500]), at: noon.advanced(bySeconds: 60))
        ledger.flush()
        #expect(log.all.suffix(2) == [.opened(path: path), .writingResumed])
        #expect(ledger.usage.usage(at: noon).calendarMonth == Usage.Count(tweets: 501, accounts: 2))
    }

    @Test(
        "a configuration that makes no sense is refused, with the key",
        arguments: [
            ("path", LedgerConfiguration(path: ":memory:")),
            ("path", LedgerConfiguration(path: "")),
            ("stopTweets", LedgerConfiguration(path: nil, usage: UsagePolicy(stopTweets: -1))),
            ("warnTweets", LedgerConfiguration(path: nil, usage: UsagePolicy(warnTweets: 3, stopTweets: 2))),
            ("warnAccounts", LedgerConfiguration(path: nil, usage: UsagePolicy(warnAccounts: 3, stopAccounts: 2))),
            ("ruledOutSeconds", LedgerConfiguration(path: nil, ruledOutSeconds: -1)),
            ("rememberedTweets", LedgerConfiguration(path: nil, rememberedTweets: 0)),
            ("retrySeconds", LedgerConfiguration(path: nil, retrySeconds: -1)),
        ]
    )
    func refusesConfiguration(key: String, configuration: LedgerConfiguration) {
        let error = #expect(throws: LedgerError.self) { try Ledger(configuration) { _ in } }
        guard case .invalidConfiguration(let found, _) = error else { return }
        #expect(found == key)
    }
}

import Dispatch
import Engagement
import Foundation
import Ledger
import SQLite
import TestSupport
import Testing

/// Ends that nobody prepares for: the process is killed, the disk is full. Each test runs in a process of its own.
@Suite struct AbruptEndTests {
    @Test(arguments: [3, 20, 45, 80, 150])
    func `after kill -9 at any moment the file is sound and what was flushed is there`(milliseconds: Int) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path(Ledger.fileName)
        await #expect(processExitsWith: .signal(SIGKILL)) {
            [path = path as String, milliseconds = milliseconds as Int] in
            let ledger = try Ledger(LedgerConfiguration(path: path)) { _ in }
            for round in 0..<1_000_000 {
                let some = tweets((round * 100)..<(round * 100 + 100))
                _ = ledger.usage.admit(some, of: ada, at: noon)
                ledger.owners.learn(owner: ada, of: some, at: noon)
                ledger.flush()
                if round == 2 {
                    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) {
                        kill(getpid(), SIGKILL)
                    }
                }
            }
        }
        let log = EventLog()
        let ledger = try makeLedger(folder, log: log)
        #expect(log.all == [.opened(path: path)])
        let count = ledger.usage.usage(at: noon).calendarMonth
        #expect(count.tweets >= 300)
        #expect(count.tweets % 100 == 0)
        #expect(count.accounts == 1)
        ledger.close()
        let file = try Connection(path: path, mode: .queryOnly, busyMilliseconds: 0)
        #expect(try file.integer("SELECT count(*) FROM asked_tweets") == Int64(count.tweets))
        // The halves take what waits one after the other, so one round may be in the file by half.
        let known = try file.integer("SELECT count(*) FROM ownership")
        #expect([0, 100].contains(abs(known - Int64(count.tweets))))
        #expect(try file.text("PRAGMA integrity_check") == "ok")
    }

    @Test func `with a full disk the ledger goes on in memory, and writes again when there is room`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path(Ledger.fileName)
        await #expect(processExitsWith: .success) { [path = path as String] in
            let log = EventLog()
            let ledger = try Ledger(LedgerConfiguration(path: path), report: log.note)
            // No file of this process may grow beyond this, which looks like a full disk.
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit()
            unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            var unlimited = limit
            limit.rlim_cur = 60_000
            unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
            var asked = 0
            while asked < 100_000, !log.contains({ if case .writeFailed = $0 { true } else { false } }) {
                let some = tweets(asked..<(asked + 1000))
                #expect(ledger.usage.admit(some, at: noon).admitted == some)
                ledger.owners.learn(owner: bob, of: some, at: noon)
                ledger.flush()
                asked += 1000
            }
            #expect(asked < 100_000)
            #expect(ledger.usage.usage(at: noon).calendarMonth.tweets == asked)

            unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &unlimited)
            let later = noon.advanced(bySeconds: 31)
            _ = ledger.usage.admit(tweets([asked]), at: later)
            ledger.close()
            #expect(log.all.last == .writingResumed)
            let again = try Ledger(LedgerConfiguration(path: path), report: log.note)
            #expect(again.usage.usage(at: later).calendarMonth.tweets == asked + 1)
            let isKnown = again.owners.owners(of: tweets(0..<asked)).allSatisfy { $0 == bob }
            #expect(isKnown)
        }
    }
}

import Engagement
import Foundation
import Ledger
import TestSupport
import Testing

/// The size of a real contract. Takes a minute, so it runs when `ENGAGEQL_LARGE` is set, best in a release build.
@Suite(.serialized, .enabled(if: ProcessInfo.processInfo.environment["ENGAGEQL_LARGE"] != nil))
struct LargeLedgerTests {
    @Test func `a million and a half Tweets are counted exactly, call by call`() throws {
        let folder = try TemporaryFolder()
        let log = EventLog()
        let total = 1_500_000
        let stop = total - 100
        var ledger = try makeLedger(folder, usage: UsagePolicy(stopTweets: stop), log: log)
        var generator = SeededGenerator(seed: runSeed)
        // Multiplied by a number without common factor each comes once, in an order without neighbours.
        let order = tweets((0..<total).map { $0 &* 500_009 % total })
        let clock = ContinuousClock()
        var times: [Duration] = []
        var admitted = 0
        for start in stride(from: 0, to: total, by: 250) {
            let call = Array(order[start..<(start + 250)])
            let now = noon.advanced(bySeconds: Int64(start / 50))
            times.append(clock.measure { admitted += ledger.usage.admit(call, at: now).admitted.count })
        }
        report("new", times)
        #expect(admitted == stop)
        let end = noon.advanced(bySeconds: Int64(total / 50))
        #expect(ledger.usage.usage(at: end).calendarMonth.tweets == stop)
        print("close", clock.measure { ledger.close() })
        let path = folder.path(Ledger.fileName)
        print("bytes", try FileManager.default.attributesOfItem(atPath: path)[.size] ?? 0)
        print("open", try clock.measure { ledger = try makeLedger(folder, log: log) })
        #expect(ledger.usage.usage(at: end).calendarMonth.tweets == stop)
        for (name, days) in [("known, same day", 0), ("known, next day", 1)] as [(String, Int64)] {
            times = []
            for _ in 0..<2000 {
                let call = (0..<250).map { _ in order[Int.random(in: 0..<stop, using: &generator)] }
                let now = end.advanced(bySeconds: days * 86_400)
                times.append(clock.measure { _ = ledger.usage.admit(call, at: now) })
            }
            report(name, times)
            #expect(ledger.usage.usage(at: end.advanced(bySeconds: days * 86_400)).calendarMonth.tweets == stop)
        }
        ledger.close()
        #expect(!log.contains { if case .writeFailed = $0 { true } else { false } })
    }

    @Test func `owners of a million Tweets are found, from memory and from the file`() throws {
        let folder = try TemporaryFolder()
        let total = 1_000_000
        var ledger = try makeLedger(folder)
        let order = tweets((0..<total).map { $0 &* 500_009 % total })
        let accounts = (0..<100).map { AccountName("account \($0)") }
        let clock = ContinuousClock()
        var times: [Duration] = []
        for start in stride(from: 0, to: total, by: 250) {
            let call = Array(order[start..<(start + 250)])
            times.append(clock.measure { ledger.owners.learn(owner: accounts[start / 250 % 100], of: call, at: noon) })
        }
        report("learn", times)
        ledger.close()
        let path = folder.path(Ledger.fileName)
        print("bytes", try FileManager.default.attributesOfItem(atPath: path)[.size] ?? 0)
        ledger = try makeLedger(folder)
        for name in ["from the file", "from memory"] {
            times = []
            var areRight = true
            for start in stride(from: 0, to: 200_000, by: 250) {
                let call = Array(order[start..<(start + 250)])
                let account = accounts[start / 250 % 100]
                var found: [TweetOwnership] = []
                times.append(clock.measure { found = ledger.owners.ownership(of: call, by: account, at: noon) })
                areRight = areRight && found.allSatisfy { $0 == .owned }
            }
            report(name, times)
            #expect(areRight)
        }
    }

    private func report(_ name: String, _ times: [Duration]) {
        let sorted = times.sorted()
        print(
            name,
            "median",
            sorted[sorted.count / 2],
            "99 %",
            sorted[sorted.count * 99 / 100],
            "most",
            sorted.last ?? .zero
        )
    }
}

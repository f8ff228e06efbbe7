import Foundation
import TestSupport
import Testing

/// Callers ask all at once while everything goes wrong that can: no number may be wrong, no answer lost.
@Suite("Soak", .serialized)
struct SoakTests {
    /// For how long, in seconds: `make soak` says so. Without, a hundred questions under a clock that stands still.
    private static let seconds = ProcessInfo.processInfo.environment["ENGAGEQL_SOAK_SECONDS"].flatMap { Int($0) }

    @Test("Under a schedule of faults every number is right, and afterwards all is well again")
    func faults() async throws {
        let soak = try Soak(seed: runSeed, clockGoes: false)
        await soak.ask(.calm, callers: 4, for: .questions(2))
        await soak.ask(.faulty, callers: 4, for: .questions(10))
        await Self.expectRecovery(soak, callers: 4, for: .questions(2))
        await soak.drain()
        Self.expectNoFindings(soak)
    }

    @Test("The same for as long as one likes, as time goes by", .enabled(if: seconds != nil))
    func soak() async throws {
        let soak = try Soak(seed: runSeed, clockGoes: true)
        let end = ContinuousClock.now + .seconds(Self.seconds ?? 0)
        soak.clock.start()
        repeat {
            await soak.ask(.calm, callers: 12, for: .seconds(2))
            await soak.ask(.faulty, callers: 32, for: .seconds(10))
            await Self.expectRecovery(soak, callers: 12, for: .seconds(1))
        } while ContinuousClock.now < end && soak.report.findings.isEmpty
        await soak.drain()
        let report = soak.report
        print(
            "Soak with ENGAGEQL_SEED=\(runSeed): \(report.answers) answers, \(report.numbers) numbers right,",
            "\(report.nulls) null for a reason, \(report.events) events, the slowest answer after \(report.slowest)"
        )
        Self.expectNoFindings(soak)
    }

    /// At once but for Tweets of which the API said something wrong; these after as long as that is believed.
    private static func expectRecovery(_ soak: Soak, callers: Int, for length: Soak.Length) async {
        await soak.clear()
        await soak.ask(.clearing, callers: callers, for: length)
        soak.clock.advance(seconds: 7300)
        await soak.ask(.calm, callers: callers, for: length)
    }

    private static func expectNoFindings(_ soak: Soak) {
        let findings = soak.report.findings
        #expect(soak.report.numbers > 0)
        #expect(
            findings.isEmpty,
            "ENGAGEQL_SEED=\(soak.seed), \(findings.count) findings:\n\(findings.prefix(10).joined(separator: "\n"))"
        )
    }
}

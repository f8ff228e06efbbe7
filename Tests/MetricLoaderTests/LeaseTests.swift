import Engagement
import MetricCache
import MetricLoader
import Synchronization
import TestSupport
import Testing

@Suite("Leases on records that nodes share")
struct LeaseTests {
    @Test("A node that was stopped for as long as its lease lasts asks for another one, and finds what came meanwhile")
    func stopped() async throws {
        let uptime = ManualClock(milliseconds: 0)
        let tier = FakeTier()
        let pacing = Pacing(quietMilliseconds: 0, sleep: LoaderFixture.sleep, uptime: { uptime.milliseconds })
        let need = totals(tweets(1...3), types(.favorites))
        let share = { (cache: MetricCache) -> (any SharedRecords)? in
            tier.onLease { number, now in
                switch number {
                case 1: uptime.advance(milliseconds: FakeTier.leaseMilliseconds)
                // Another node has published.
                default: cache.store(LeaseTests.answer(need, now), scope: .everyone, now: now)
                }
            }
            return tier
        }
        let fixture = try LoaderFixture(pacing: pacing, shared: share)
        fixture.expectRight(await fixture.load(need))
        #expect(fixture.upstream.made.isEmpty)
        #expect(tier.released == [1, 2])
    }

    @Test("A node whose leases are always over when they come calls in the end")
    func slow() async throws {
        let uptime = ManualClock(milliseconds: 0)
        let tier = FakeTier()
        let pacing = Pacing(quietMilliseconds: 0, sleep: LoaderFixture.sleep, uptime: { uptime.milliseconds })
        let share = { (_: MetricCache) -> (any SharedRecords)? in
            tier.onLease { _, _ in uptime.advance(milliseconds: FakeTier.leaseMilliseconds) }
            return tier
        }
        let fixture = try LoaderFixture(pacing: pacing, shared: share)
        fixture.expectRight(await fixture.load(totals(tweets(1...3), types(.favorites))))
        #expect(fixture.upstream.made.count == 1)
    }

    /// What upstream would say of totals.
    private static func answer(_ need: MetricNeed, _ now: UnixTime) -> MetricTable {
        var answer = MetricTable(need)
        for (row, tweet) in need.tweets.enumerated() {
            answer.cells[row] = Cell(
                count: FakeUpstream.total(tweet, .favorites),
                fetchedAt: UInt32(now.seconds),
                state: .counted,
                freshness: .fresh
            )
        }
        return answer
    }
}

/// A tier that has no records, and grants every lease.
private final class FakeTier: SharedRecords {
    static let leaseMilliseconds: Int64 = 1000

    private struct State {
        var leases = 0
        var released: [Int] = []
        var onLease: @Sendable (_ number: Int, _ now: UnixTime) -> Void = { _, _ in }
    }

    private let state = Mutex(State())

    /// The numbers of the leases that were given back.
    var released: [Int] { state.withLock { $0.released } }

    /// What happens while a lease is asked for, by its number.
    func onLease(_ body: @escaping @Sendable (_ number: Int, _ now: UnixTime) -> Void) {
        state.withLock { $0.onLease = body }
    }

    func fetch(_ records: [RecordName], now: UnixTime) async -> Int { 0 }

    func lease(_ records: [RecordName], now: UnixTime) async -> RecordLease? {
        let (number, body) = state.withLock { state in
            state.leases += 1
            return (state.leases, state.onLease)
        }
        body(number, now)
        return RecordLease(records: Set(records), token: "\(number)", milliseconds: FakeTier.leaseMilliseconds)
    }

    func publish(_ records: [RecordName], releasing lease: RecordLease?, now: UnixTime) {
        guard let lease, let number = Int(lease.token) else { return }
        state.withLock { $0.released.append(number) }
    }

    func announce(_ selection: PurgeSelection, _ kind: PurgeKind) {}

    func publishPurges() async -> Bool { true }
}

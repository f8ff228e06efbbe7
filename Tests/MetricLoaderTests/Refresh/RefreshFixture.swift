import Engagement
import EngagementAPI
import Ledger
import MetricCache
import MetricLoader
import Synchronization
import TestSupport
import Testing

/// A refresher whose sleep turns the clock: a day passes as fast as it is computed, and a page is read whenever time has passed.
final class RefreshFixture: Sendable {
    let clock: ManualClock
    let upstream: MeteredUpstream
    let loader: MetricLoader
    let refresher: ListRefresher
    private let directory: Mutex<ListDirectory>
    /// What pages read whenever the clock was turned while a round was under way, and what they lacked.
    let pages = Mutex(Pages())

    struct Pages: Sendable {
        var needs: @Sendable (UnixTime) -> [MetricNeed] = { _ in [] }
        var reads = 0
        var missing = 0
        var notFresh = 0
    }

    /// A Tuesday, half past ten.
    init(
        now: String = "2026-03-31T10:30:00Z",
        quota: QuotaPolicy = QuotaPolicy(assumedPerMinute: 1_000_000),
        breaker: BreakerPolicy = BreakerPolicy(),
        readers: ListReaders = ListReaders(account: ada),
        sleep: Pacing.Sleep? = nil,
        _ lists: [NamedList]
    ) throws {
        let clock = ManualClock(milliseconds: time(now).milliseconds)
        let source: TimeSource = { UnixTime(milliseconds: clock.milliseconds) }
        self.clock = clock
        upstream = MeteredUpstream(clock: clock, CallGovernor(quota: quota, breaker: breaker))
        loader = MetricLoader(
            cache: try MetricCache(MetricCacheConfiguration(path: nil)) { Issue.record("the cache reports \($0)") },
            ledger: try Ledger(LedgerConfiguration(path: nil)) { Issue.record("the ledger reports \($0)") },
            upstream: upstream,
            clock: source,
            pacing: Pacing(quietMilliseconds: 0, sleep: LoaderFixture.sleep, uptime: { 0 })
        )
        let directory = Mutex(ListDirectory(lists))
        self.directory = directory
        // What the refresher's sleep does is known only when the fixture is there.
        let turn = Turn()
        refresher = ListRefresher(
            loader: loader,
            lists: { turn.fixture?.lists ?? ListDirectory() },
            readers: readers,
            timeToLive: TimeToLive(),
            clock: source,
            pacing: RefreshPacing(sleep: sleep ?? { turn.fixture?.pass($0) }, jitter: { 0.5 })
        )
        turn.link.withLock { $0 = Weak(fixture: self) }
    }

    var now: UnixTime { UnixTime(milliseconds: clock.milliseconds) }

    var lists: ListDirectory { directory.withLock { $0 } }

    func change(_ change: ListChange) throws {
        try directory.withLock { directory in _ = try directory.apply(change) }
        refresher.listsChanged()
    }

    /// Time passes, and somebody looks at a page.
    func pass(_ milliseconds: Int64) {
        clock.advance(milliseconds: milliseconds)
        readPage()
    }

    /// Reads the page as it stands in the cache, without fetching.
    func readPage() {
        let now = now
        pages.withLock { pages in
            let found = loader.lookup(pages.needs(now), now: now)
            pages.reads += 1
            pages.missing += found.counts.missing
            pages.notFresh += found.counts.stale + found.counts.expired
        }
    }

    /// Has the rounds of so many seconds, and pages between them.
    func run(seconds: Int64) async {
        let end = now.advanced(bySeconds: seconds)
        while now < end {
            await refresher.runDue()
            let next = min(refresher.nextRound ?? end, end)
            let step = max(next.milliseconds - now.milliseconds, 1)
            // The last moment before the next round is the one in which the numbers are oldest.
            if step > 1 { pass(step - 1) }
            clock.advance(milliseconds: 1)
        }
    }
}

/// Ties the refresher's sleep to the fixture that holds the refresher.
private final class Turn: Sendable {
    let link = Mutex(Weak(fixture: nil))
    var fixture: RefreshFixture? { link.withLock { $0.fixture } }
}

private struct Weak: Sendable {
    weak let fixture: RefreshFixture?
}

/// The fake upstream behind a real governor.
final class MeteredUpstream: Upstream {
    let fake: FakeUpstream
    private let clock: ManualClock
    private let governor: CallGovernor
    private let urgencies = Mutex<[CallUrgency]>([])
    private let failure = Mutex<EngagementAPIError?>(nil)

    init(clock: ManualClock, _ governor: CallGovernor) {
        self.clock = clock
        self.governor = governor
        fake = FakeUpstream(clock: clock)
    }

    var made: [FakeUpstream.Made] { fake.made }

    func takeMade() -> [FakeUpstream.Made] { fake.takeMade() }

    /// What every call was said to be.
    var usedUrgencies: Set<CallUrgency> { Set(urgencies.withLock { $0 }) }

    /// Every call fails, until nil is given.
    func fail(_ error: EngagementAPIError?) { failure.withLock { $0 = error } }

    func perform(
        _ call: EngagementCall,
        as access: UpstreamAccess,
        _ urgency: CallUrgency,
        deadline: UnixTime
    ) async throws(EngagementAPIError) -> EngagementReply {
        let now = UnixTime(milliseconds: clock.milliseconds)
        if let refusal = governor.admit(credentials(access), urgency, now: now) { throw refusal.error }
        urgencies.withLock { $0.append(urgency) }
        let error = failure.withLock { $0 }
        defer { governor.landed(credentials(access), error: error, rateLimit: nil, now: now) }
        let reply = try await fake.perform(call, as: access, urgency, deadline: deadline)
        if let error { throw error }
        return reply
    }

    func refusal(for access: UpstreamAccess, _ urgency: CallUrgency, now: UnixTime) -> CallRefusal? {
        governor.refusal(for: credentials(access), urgency, now: now)
    }

    func pressure(on access: UpstreamAccess, now: UnixTime) -> Double { 0 }

    private func credentials(_ access: UpstreamAccess) -> Credentials {
        switch access {
        case .application: .bearer(account: ada, token: Secret("app"))
        case .account(let name): .bearer(account: AccountName("user-\(name)"), token: Secret("user"))
        }
    }
}

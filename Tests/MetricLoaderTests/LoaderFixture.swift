import Archive
import Engagement
import EngagementAPI
import Ledger
import MetricCache
import MetricLoader
import Synchronization
import TestSupport
import Testing

let ada = AccountName("ada")
let bob = AccountName("bob")

/// A loader over an empty cache in memory, a clock that the test turns, and an upstream that the test commands.
struct LoaderFixture {
    let clock: ManualClock
    let upstream: FakeUpstream
    let loader: MetricLoader
    let log = LoaderLog()

    /// A Tuesday, half past ten.
    init(
        now: String = "2026-03-31T10:30:00Z",
        pacing: Pacing = Pacing(quietMilliseconds: 0, sleep: LoaderFixture.sleep, uptime: { 0 }),
        history: HistoryDepth = HistoryDepth(),
        archive: Archive? = nil,
        _ configure: (inout MetricCacheConfiguration) -> Void = { _ in },
        shared: (MetricCache) -> (any SharedRecords)? = { _ in nil }
    ) throws {
        let clock = ManualClock(milliseconds: time(now).milliseconds)
        self.clock = clock
        upstream = FakeUpstream(clock: clock)
        var configuration = MetricCacheConfiguration(path: nil)
        configure(&configuration)
        let cache = try MetricCache(configuration) { Issue.record("the cache reports \($0)") }
        loader = MetricLoader(
            cache: cache,
            ledger: try Ledger(LedgerConfiguration(path: nil)) { Issue.record("the ledger reports \($0)") },
            upstream: upstream,
            clock: { UnixTime(milliseconds: clock.milliseconds) },
            pacing: pacing,
            history: history,
            archive: archive,
            shared: shared(cache),
            observe: log.note
        )
    }

    /// Deadlines are longer than any test, however slow the machine is.
    static let sleep: Pacing.Sleep = { milliseconds in
        try await Task.sleep(for: milliseconds >= 1000 ? .seconds(3600) : .milliseconds(milliseconds))
    }

    var now: UnixTime { UnixTime(milliseconds: clock.milliseconds) }

    /// What an operation does: look up, and fetch what is missing.
    func load(_ needs: MetricNeed...) async -> LoadedMetrics {
        let now = now
        let loaded = loader.lookup(needs, now: now)
        if loaded.isFresh { return loaded }
        return await loader.fetch(loaded, for: needs, now: now, deadline: now.advanced(bySeconds: 30))
    }

    /// Loads in a task of its own.
    func start(_ needs: MetricNeed..., urgency: CallUrgency = .interactive) -> Task<LoadedMetrics, Never> {
        let now = now
        return Task {
            let loaded = loader.lookup(needs, now: now)
            let deadline = now.advanced(bySeconds: 30)
            return await loader.fetch(loaded, for: needs, urgency: urgency, now: now, deadline: deadline)
        }
    }

    /// Expects that every cell is counted, and rightly.
    func expectRight(_ loaded: LoadedMetrics, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(loaded.failures.isEmpty, sourceLocation: sourceLocation)
        for table in loaded.tables {
            #expect(table.firstWrongCell == nil, sourceLocation: sourceLocation)
        }
    }
}

/// Deadlines that are over when a test says so, by a clock that stands still.
final class EndedDeadlines: Sendable {
    private let areOver = Atomic(false)

    func end() { areOver.store(true, ordering: .relaxed) }

    var pacing: Pacing {
        Pacing(
            quietMilliseconds: 0,
            lookMilliseconds: 1,
            sleep: { [self] milliseconds in
                if milliseconds >= 1000 { return try await until { areOver.load(ordering: .relaxed) } }
                try await Task.sleep(for: .milliseconds(milliseconds))
            },
            uptime: { 0 }
        )
    }
}

/// What a loader observed.
final class LoaderLog: Sendable {
    private let events = Mutex<[LoaderEvent]>([])

    @Sendable func note(_ event: LoaderEvent) { events.withLock { $0.append(event) } }

    var lookups: Int {
        events.withLock { events in
            events.count { event in
                if case .lookedUp = event { true } else { false }
            }
        }
    }

    var joined: Int {
        events.withLock { events in
            events.count { event in
                if case .joined = event { true } else { false }
            }
        }
    }
}

extension MetricTable {
    /// What is wrong with the first cell that is not what upstream would say; nil if all are right.
    var firstWrongCell: String? {
        let width = need.grain == .day ? 24 : 1
        for (row, tweet) in need.tweets.enumerated() {
            for type in need.types.types {
                for bucket in 0..<bucketCount {
                    var expected = FakeUpstream.total(tweet, type)
                    if let window = need.window {
                        let first = window.start.advanced(by: bucket * width)
                        expected = (0..<width).reduce(0) { $0 + FakeUpstream.count(tweet, first.advanced(by: $1)) }
                    }
                    let cell = self[row, type, bucket]
                    if cell.state != .counted || cell.count != expected {
                        return "\(tweet) \(type) \(bucket): \(cell), not \(expected)"
                    }
                }
            }
        }
        return nil
    }

    /// The states of a Tweet's cells of one type.
    func states(_ tweet: Int, _ type: EngagementType) -> [Cell.State] {
        (0..<bucketCount).map { self[tweet, type, $0].state }
    }
}

func totals(_ tweets: [TweetID], _ types: EngagementTypeSet, of account: AccountName = ada) -> MetricNeed {
    .totals(account: account, tweets: tweets, types: types)
}

func series(
    _ tweets: [TweetID],
    _ types: EngagementTypeSet,
    _ start: String,
    _ end: String,
    _ grain: MetricNeed.Grain = .hour,
    of account: AccountName = ada
) -> MetricNeed {
    .series(account: account, tweets: tweets, types: types, window: window(start, end), grain: grain)
}

func time(_ text: String) -> UnixTime {
    guard let time = UnixTime(iso8601: text) else { preconditionFailure("\(text) is no time") }
    return time
}

func window(_ start: String, _ end: String) -> HourWindow {
    HourWindow(start: time(start).flooredHour, end: time(end).raisedHour)
}

func tweets(_ ids: UInt64...) -> [TweetID] { ids.map(TweetID.init(rawValue:)) }

func tweets(_ ids: ClosedRange<UInt64>) -> [TweetID] { ids.map(TweetID.init(rawValue:)) }

func types(_ types: EngagementType...) -> EngagementTypeSet { EngagementTypeSet(types) }

import Engagement
import EngagementAPI
import Ledger
import MetricCache
import MetricLoader
import SharedTier
import Synchronization
import TestSupport
import Testing

let ada = AccountName("ada")
let bob = AccountName("bob")

/// One of several nodes that share a tier and an upstream: a loader over a cache of its own.
final class Node: Sendable {
    let cache: MetricCache
    let tier: SharedTier
    let loader: MetricLoader
    let clock: ManualClock
    private let log = EventLog()

    init(
        _ url: String,
        _ upstream: CountedUpstream,
        accounts: Set<AccountName> = [ada],
        limit: SharedLimit? = nil,
        pacing: Pacing = Pacing(quietMilliseconds: 0),
        path: String? = nil,
        _ adjust: (inout SharedTierConfiguration) -> Void = { _ in }
    ) throws {
        clock = upstream.clock
        var settings = MetricCacheConfiguration(path: path)
        // Each wait sees its own calls.
        settings.timeToLive.staleWhileRevalidate = 0
        cache = try MetricCache(settings) { event in
            switch event {
            case .opened, .purged: break
            default: Issue.record("the cache reports \(event)")
            }
        }
        var configuration = SharedTierConfiguration(
            url: try RedisURL(url),
            // Long enough for a busy machine; tests of halted servers set their own.
            timeoutMilliseconds: 5000,
            leaseMilliseconds: 20_000,
            source: "https://api.example",
            accounts: accounts,
            timeToLive: settings.timeToLive
        )
        adjust(&configuration)
        tier = SharedTier(configuration, cache: cache, report: log.note)
        tier.followPurges { [cache] in cache.purge($0, $1) }
        let clock = clock
        let time: TimeSource = { UnixTime(milliseconds: clock.milliseconds) }
        loader = MetricLoader(
            cache: cache,
            ledger: try Ledger(LedgerConfiguration(path: nil)) { Issue.record("the ledger reports \($0)") },
            upstream: SharedQuota(upstream, tier: tier, clock: time) { _, _ in limit },
            clock: time,
            pacing: pacing,
            shared: tier
        ) { [log] event in
            if case .joined = event { log.joins.withLock { $0 += 1 } }
        }
    }

    var joins: Int { log.joins.withLock { $0 } }

    var reported: [SharedTierEvent] { log.events.withLock { $0 } }

    /// Returns when the tier is in use.
    func join() async { await waitUntil("the tier is in use") { tier.statistics.isUp } }

    var now: UnixTime { UnixTime(milliseconds: clock.milliseconds) }

    func load(_ need: MetricNeed, seconds: Int64 = 300) async -> LoadedMetrics {
        let now = now
        let loaded = loader.lookup([need], now: now)
        if loaded.isFresh { return loaded }
        return await loader.fetch(loaded, for: [need], now: now, deadline: now.advanced(bySeconds: seconds))
    }
}

final class EventLog: Sendable {
    let events = Mutex<[SharedTierEvent]>([])
    /// Waits for a call that another operation of the node had under way.
    let joins = Mutex(0)

    @Sendable func note(_ event: SharedTierEvent) { events.withLock { $0.append(event) } }
}

/// The API as all nodes see it: its numbers are known, and how often each cell was asked for is counted.
///
/// Totals are the Tweet's id × 100 + the type's number; each hour has the Tweet's id + the hour's number modulo 7.
final class CountedUpstream: Upstream {
    let clock: ManualClock
    private let state = Mutex(State())

    private struct State {
        var calls = 0
        var asked: [String: Int] = [:]
        var isHeld = false
        var held: [CheckedContinuation<Void, Never>] = []
        var error: EngagementAPIError?
    }

    init(_ now: String = "2026-03-31T10:30:00Z") {
        clock = ManualClock(milliseconds: time(now).milliseconds)
    }

    var calls: Int { state.withLock { $0.calls } }

    /// The cells that were asked for more than once, and how often.
    var askedAgain: [String: Int] { state.withLock { $0.asked.filter { $0.value > 1 } } }

    func fail(_ error: EngagementAPIError?) { state.withLock { $0.error = error } }

    func hold() { state.withLock { $0.isHeld = true } }

    func release() {
        let held = state.withLock { state in
            state.isHeld = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    func waitForHeld(_ count: Int) async {
        await waitUntil("\(count) calls are held") { state.withLock { $0.held.count == count } }
    }

    func refusal(for access: UpstreamAccess, _ urgency: CallUrgency, now: UnixTime) -> CallRefusal? { nil }

    func pressure(on access: UpstreamAccess, now: UnixTime) -> Double { 0 }

    func perform(
        _ call: EngagementCall,
        as access: UpstreamAccess,
        _ urgency: CallUrgency,
        deadline: UnixTime
    ) async throws(EngagementAPIError) -> EngagementReply {
        try call.validate()
        let counts = CountedUpstream.counts(call)
        let error = state.withLock { state in
            state.calls += 1
            for count in counts {
                let hour = count.day.map { " \($0.index).\(count.hour ?? 24)" } ?? ""
                state.asked["\(access) \(count.tweet) \(count.type)\(hour)", default: 0] += 1
            }
            return state.error
        }
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                if state.isHeld { state.held.append(continuation) }
                return !state.isHeld
            }
            if isFree { continuation.resume() }
        }
        if let error { throw error }
        return EngagementReply(counts: counts)
    }

    private static func counts(_ call: EngagementCall) -> [EngagementReply.Count] {
        guard let asked = call.window else {
            return call.tweets.flatMap { tweet in
                call.types.types.map { .init(tweet: tweet, type: $0, value: total(tweet, $0)) }
            }
        }
        let hours = (asked.start.flooredHour.index..<asked.end.raisedHour.index).map(UTCHour.init)
        return call.tweets.flatMap { tweet in
            call.types.types.flatMap { type in
                hours.map { hour in
                    .init(
                        tweet: tweet,
                        type: type,
                        day: hour.day,
                        hour: UInt8(hour.hourOfDay),
                        value: count(tweet, hour)
                    )
                }
            }
        }
    }

    static func total(_ tweet: TweetID, _ type: EngagementType) -> Int64 {
        Int64(tweet.rawValue) * 100 + Int64(type.rawValue)
    }

    static func count(_ tweet: TweetID, _ hour: UTCHour) -> Int64 { Int64(tweet.rawValue) + Int64(hour.index % 7) }
}

extension LoadedMetrics {
    /// What is wrong with the first cell that is not what the API has; nil if all are right.
    var firstWrong: String? {
        for table in tables {
            let need = table.need
            for (row, tweet) in need.tweets.enumerated() {
                for type in need.types.types {
                    for bucket in 0..<table.bucketCount {
                        let expected =
                            need.window.map { CountedUpstream.count(tweet, $0.start.advanced(by: bucket)) }
                            ?? CountedUpstream.total(tweet, type)
                        let cell = table[row, type, bucket]
                        if cell.state != .counted || cell.count != expected {
                            return "\(tweet) \(type) \(bucket): \(cell), not \(expected); \(failures)"
                        }
                    }
                }
            }
        }
        return nil
    }
}

func totals(_ tweets: ClosedRange<UInt64>, _ types: EngagementType..., of account: AccountName = ada) -> MetricNeed {
    .totals(account: account, tweets: tweets.map(TweetID.init(rawValue:)), types: EngagementTypeSet(types))
}

func series(_ tweets: ClosedRange<UInt64>, _ start: String, _ end: String, of account: AccountName = ada) -> MetricNeed
{
    .series(
        account: account,
        tweets: tweets.map(TweetID.init(rawValue:)),
        types: EngagementTypeSet(.replies),
        window: HourWindow(start: time(start).flooredHour, end: time(end).raisedHour),
        grain: .hour
    )
}

func time(_ text: String) -> UnixTime {
    guard let time = UnixTime(iso8601: text) else { preconditionFailure("\(text) is no time") }
    return time
}

/// Waits, without a busy loop, until `condition` holds; notes an issue after a time that no test needs.
func waitUntil(_ what: String, _ condition: () -> Bool) async {
    for _ in 0..<150_000 {
        if condition() { return }
        try? await Task.sleep(for: .milliseconds(2))
    }
    Issue.record("it never came to pass that \(what)")
}

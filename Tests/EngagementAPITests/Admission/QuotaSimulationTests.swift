import Engagement
import TestSupport
import Testing

@testable import EngagementAPI

@Suite("The governor against an API that counts")
struct QuotaSimulationTests {
    static let rounds = Array(0..<60)

    @Test("with headers nothing is refused by the API, and 90 % of the quota is used", arguments: rounds)
    func headers(round: Int) {
        let seed = runSeed &+ UInt64(round)
        var simulation = Simulation(seed: seed, lostHeaders: 0)
        simulation.run()
        let place: Comment = "ENGAGEQL_SEED=\(seed): \(simulation)"
        #expect(simulation.callsIntoKnownEmpty == 0, place)
        #expect(simulation.refusedByAPI == 0, place)
        #expect(simulation.use >= 0.9, place)
    }

    @Test("when headers get lost, still no call goes into a quota that is known to be empty", arguments: rounds)
    func lostHeaders(round: Int) {
        let seed = runSeed &+ UInt64(round)
        var simulation = Simulation(seed: seed, lostHeaders: 30)
        simulation.run()
        #expect(simulation.callsIntoKnownEmpty == 0, "ENGAGEQL_SEED=\(seed): \(simulation)")
        #expect(simulation.admitted > 0)
    }
}

/// An API with a quota of whole windows by its own count, and workers that call it without end. Latencies to and fro are
/// random, so answers overtake each other and come after the end of their window.
private struct Simulation: CustomStringConvertible {
    private enum Event {
        case look
        case arrive
        case land(RateLimit?, EngagementAPIError?)
    }

    private let window: Int64
    private let limit: Int
    private let workers: Int
    private let latency: ClosedRange<Int64>
    private let lostHeaders: Int
    private var random: SeededGenerator
    private var events: [(time: Int64, order: Int, event: Event)] = []
    private var order = 0
    private let governor = CallGovernor(quota: QuotaPolicy(assumedPerMinute: 1_000_000))
    /// The calls that the API counted, by window.
    private var counted: [Int64: Int] = [:]
    /// The least that an answer has said of a window, by its end.
    private var leastTold: [Int64: Int] = [:]
    private var inFlight = 0

    private(set) var admitted = 0
    private(set) var refusedByAPI = 0
    private(set) var callsIntoKnownEmpty = 0

    init(seed: UInt64, lostHeaders: Int) {
        var random = SeededGenerator(seed: seed)
        let isSecond = Bool.random(using: &random)
        window = isSecond ? 1000 : 60_000
        limit = isSecond ? .random(in: 2...8, using: &random) : .random(in: 5...100, using: &random)
        // At the start nothing is known, so that more workers than calls would run into the limit. The demand is more than
        // twice the quota all the same.
        workers = isSecond ? limit : min(limit, .random(in: 5...16, using: &random))
        latency =
            isSecond ? 5...Int64.random(in: 10...90, using: &random) : 5...Int64.random(in: 50...700, using: &random)
        self.lostHeaders = lostHeaders
        self.random = random
    }

    /// The share of the quota that was used, without the first window and the last.
    var use: Double {
        let whole = counted.keys.sorted().dropFirst().dropLast()
        return Double(whole.compactMap { counted[$0] }.reduce(0, +)) / Double(whole.count * limit)
    }

    var description: String {
        "limit \(limit) in \(window) ms, \(workers) workers, latency \(latency): \(admitted) admitted, "
            + "\(refusedByAPI) refused by the API, \(callsIntoKnownEmpty) into an empty quota, use \(use)"
    }

    mutating func run() {
        let start = Known.timestamp * 1000 + Int64.random(in: 0..<window, using: &random)
        for _ in 0..<workers { schedule(.look, at: start) }
        while let index = events.indices.min(by: {
            (events[$0].time, events[$0].order) < (events[$1].time, events[$1].order)
        }) {
            let (time, _, event) = events.remove(at: index)
            if time > start + 8 * window { return }
            handle(event, at: time)
        }
    }

    private mutating func handle(_ event: Event, at time: Int64) {
        let now = UnixTime(milliseconds: time)
        switch event {
        case .look:
            if let refusal = governor.admit(Known.user, .interactive, now: now) {
                return schedule(.look, at: max(time + 1, refusal.until.milliseconds))
            }
            admitted += 1
            let end = (time / window + 1) * window
            if let told = leastTold[end], told - inFlight <= 0 { callsIntoKnownEmpty += 1 }
            inFlight += 1
            schedule(.arrive, at: time + .random(in: latency, using: &random))
        case .arrive:
            let (answer, error) = answer(at: time)
            schedule(.land(answer, error), at: time + .random(in: latency, using: &random))
        case .land(let rateLimit, let error):
            inFlight -= 1
            let told = window == 1000 ? rateLimit?.perSecond : rateLimit?.perMinute
            if let end = told?.resetAt?.milliseconds, let remaining = told?.remaining {
                leastTold[end] = min(leastTold[end] ?? .max, remaining)
            }
            governor.landed(Known.user, error: error, rateLimit: rateLimit, now: now)
            schedule(.look, at: time)
        }
    }

    private mutating func answer(at time: Int64) -> (RateLimit?, EngagementAPIError?) {
        let number = time / window
        let isRefused = counted[number, default: 0] >= limit
        if isRefused { refusedByAPI += 1 } else { counted[number, default: 0] += 1 }
        let reset = UnixTime(milliseconds: (number + 1) * window)
        let quota = RateLimit.Quota(limit: limit, remaining: limit - counted[number, default: 0], resetAt: reset)
        let isLost = Int.random(in: 0..<100, using: &random) < lostHeaders
        let rateLimit = window == 1000 ? RateLimit(perSecond: quota) : RateLimit(perMinute: quota)
        let error = EngagementAPIError(.rateLimited(resetAt: isLost ? nil : reset), "", status: 429)
        return (isLost ? nil : rateLimit, isRefused ? error : nil)
    }

    private mutating func schedule(_ event: Event, at time: Int64) {
        order += 1
        events.append((time, order, event))
    }
}

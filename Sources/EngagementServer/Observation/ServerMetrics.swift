internal import Engagement
internal import EngagementAPI
internal import MetricLoader
internal import Synchronization

/// The counters behind `/metrics`.
internal final class ServerMetrics: Sendable {
    /// A copy of all counters at one moment.
    struct Counters: Sendable {
        var requests: [RequestKey: Int] = [:]
        var latencies: [Route: LatencyHistogram] = [:]
        var cells = CellCounts()
        var upstreamCalls: [UpstreamKey: Int] = [:]
        var upstreamTweets = 0
        var joinedFlights = 0
        var fileFailures: [Observation.StoredFile: Int] = [:]
    }

    struct RequestKey: Hashable, Sendable {
        let route: Route
        let status: Int
    }

    struct UpstreamKey: Hashable, Sendable {
        let endpoint: String
        let outcome: String
    }

    private let counters = Mutex(Counters())

    var snapshot: Counters { counters.withLock { $0 } }

    func count(_ observation: Observation) {
        counters.withLock { counters in
            if let file = observation.failedFile { counters.fileFailures[file, default: 0] += 1 }
            switch observation {
            case .answered(let route, let status, let microseconds):
                counters.requests[RequestKey(route: route, status: status), default: 0] += 1
                counters.latencies[route, default: LatencyHistogram()].record(microseconds)
            case .loader(.lookedUp(let counts)):
                counters.cells.fresh += counts.fresh
                counters.cells.stale += counts.stale
                counters.cells.expired += counts.expired
                counters.cells.missing += counts.missing
            case .loader(.joined): counters.joinedFlights += 1
            case .loader(.called): break
            case .client(let event): counters.count(event)
            case .cache, .ledger, .lists, .archive, .shared: break
            }
        }
    }
}

extension ServerMetrics.Counters {
    /// Attempts are counted, not calls: each one is a request that the API meters.
    fileprivate mutating func count(_ event: EngagementClientEvent) {
        switch event {
        case .answered(let attempt, _, _): count(attempt, outcome: "ok")
        case .failed(let attempt, let error): count(attempt, outcome: error.code.outcome)
        case .waiting: break
        }
    }

    private mutating func count(_ attempt: EngagementClientEvent.Attempt, outcome: String) {
        let key = ServerMetrics.UpstreamKey(endpoint: attempt.call.endpoint.rawValue, outcome: outcome)
        upstreamCalls[key, default: 0] += 1
        upstreamTweets += attempt.call.tweets.count
    }
}

/// How long answers took, in buckets that double: from 50 microseconds to 26 seconds.
internal struct LatencyHistogram: Sendable {
    static let bounds: [Int64] = (0..<20).map { 50 << $0 }

    private(set) var counts = [Int](repeating: 0, count: bounds.count + 1)
    private(set) var microseconds: Int64 = 0

    mutating func record(_ duration: Int64) {
        let place = LatencyHistogram.bounds.firstIndex { duration <= $0 } ?? LatencyHistogram.bounds.count
        counts[place] += 1
        microseconds += duration
    }
}

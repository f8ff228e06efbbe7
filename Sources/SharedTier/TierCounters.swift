internal import Synchronization

/// What is counted, and whether a refusal is news.
internal final class TierCounters: Sendable {
    private struct State {
        var statistics = SharedTierStatistics()
        var leases = 0
        var hasReported = false
    }

    private let state = Mutex(State())
    private let report: @Sendable (SharedTierEvent) -> Void

    init(report: @escaping @Sendable (SharedTierEvent) -> Void) {
        self.report = report
    }

    var statistics: SharedTierStatistics { state.withLock { $0.statistics } }

    func note(_ change: (inout SharedTierStatistics) -> Void) { state.withLock { change(&$0.statistics) } }

    func nextLease() -> Int {
        state.withLock { state in
            state.leases += 1
            return state.leases
        }
    }

    /// Notes what a server said to a command, if it is a refusal.
    func refused(_ reply: RedisReply) {
        let reason = reply.refusal
        let isNews = state.withLock { state in
            defer { state.hasReported = reason != nil }
            if reason != nil { state.statistics.errors += 1 }
            return reason != nil && !state.hasReported
        }
        if let reason, isNews { report(.refused(reason: reason)) }
    }
}

internal import Engagement
internal import EngagementAPI
internal import MetricLoader
internal import Synchronization

/// What the API last said of each quota (dossier §8), to be repeated to callers: clients pace themselves by these headers,
/// and one of them takes a missing header for "none left".
internal final class KnownQuotas: Sendable {
    private let quotas = Mutex<[UpstreamAccess: RateLimit.Quota]>([:])

    init() {}

    /// Remembers what the answer to a call said.
    func note(_ event: EngagementClientEvent) {
        switch event {
        case .answered(let attempt, _, let rateLimit): note(attempt, rateLimit)
        case .failed(let attempt, let error): note(attempt, error.rateLimit)
        case .waiting: break
        }
    }

    private func note(_ attempt: EngagementClientEvent.Attempt, _ rateLimit: RateLimit?) {
        guard let quota = rateLimit?.perMinute else { return }
        // Public metrics of totals are asked for by the app, all else by an account, which have a pool each.
        let isPublic = attempt.call.endpoint == .totals && attempt.call.types.isSubset(of: .publicTotals)
        let access: UpstreamAccess = isPublic ? .application : .account(attempt.account)
        quotas.withLock { $0[access] = quota }
    }

    /// The headers for a caller's pool, as it stands now; none as long as nothing is known.
    func headers(for caller: Caller, now: UnixTime) -> [(name: String, value: String)] {
        let access: UpstreamAccess = caller.context == .user ? .account(caller.account) : .application
        let known = quotas.withLock { $0[access] ?? $0[.application] }
        guard var quota = known else { return [] }
        if let resetAt = quota.resetAt, resetAt <= now {
            // The minute is over, and we have not called in the new one.
            quota.remaining = quota.limit
            let minutes = (now.seconds - resetAt.seconds) / 60 + 1
            quota.resetAt = resetAt.advanced(bySeconds: minutes * 60)
        }
        var headers: [(name: String, value: String)] = []
        if let limit = quota.limit { headers.append((name: "x-per-minute-limit", value: "\(limit)")) }
        if let remaining = quota.remaining { headers.append((name: "x-per-minute-remaining", value: "\(remaining)")) }
        if let resetAt = quota.resetAt { headers.append((name: "x-per-minute-reset", value: "\(resetAt.seconds)")) }
        return headers
    }
}

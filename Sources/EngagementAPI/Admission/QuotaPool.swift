internal import Engagement

/// The calls that draw on one quota: those of an account's user context, or those of an app (dossier §9).
internal struct QuotaPool: Sendable {
    /// Whose calls; of an app that several accounts share, the first.
    internal let account: AccountName
    internal let isUserContext: Bool
    internal private(set) var inFlight = 0
    internal private(set) var minute = QuotaWindow(milliseconds: 60_000)
    internal private(set) var second = QuotaWindow(milliseconds: 1000)
    /// The end of the pause after a 429.
    internal private(set) var pausedUntil: UnixTime?
    /// Credentials that the API refused, and when they are tried again.
    internal private(set) var refused: (credentials: Credentials, error: EngagementAPIError, until: UnixTime)?
    /// Calls that were in flight when the circuit opened and are still.
    internal var stragglers = 0
    /// When the calls of the last 60 seconds were admitted, as long as no quota is known.
    private var admissions: [UnixTime] = []

    internal init(_ credentials: Credentials) {
        account = credentials.account
        isUserContext = credentials.isUserContext
    }

    // MARK: - Admission

    /// Brings everything up to `now`. A clock that was set back makes no wait longer than it was.
    internal mutating func settle(_ now: UnixTime) {
        minute.settle(now, inFlight: inFlight)
        second.settle(now, inFlight: inFlight)
        pausedUntil = pausedUntil.flatMap { $0 > now ? $0.clamped(to: now) : nil }
        if let until = refused?.until {
            refused?.until = min(until, now.advanced(byMilliseconds: QuotaPool.refusalMilliseconds))
            if until <= now { refused = nil }
        }
        let minuteAgo = now.advanced(byMilliseconds: -60_000)
        admissions = admissions.lazy.map { min($0, now) }.filter { $0 > minuteAgo }
    }

    /// Why `credentials` cannot make a call of that urgency now.
    internal func refusal(
        for credentials: Credentials,
        _ urgency: CallUrgency,
        _ policy: QuotaPolicy,
        now: UnixTime
    ) -> CallRefusal? {
        if let refused, refused.credentials == credentials {
            var error = refused.error
            error.account = credentials.account
            return CallRefusal(until: refused.until, error: error)
        }
        let windows = [minute, second].compactMap { window in
            window.wait(for: urgency, policy, inFlight: inFlight, now: now).map { (until: $0, window: window) }
        }
        let quota = windows.max { $0.until < $1.until }
        if let pausedUntil, pausedUntil >= quota?.until ?? pausedUntil {
            return rateLimited(until: pausedUntil, "the API said that the quota is used up", credentials)
        }
        if let quota {
            let isEmpty = (quota.window.remaining ?? 0) <= inFlight
            let reason = isEmpty ? "the quota is used up" : "what is left of the quota is kept for more urgent calls"
            return rateLimited(until: quota.until, reason, credentials)
        }
        return pacing(urgency, policy, now: now).map { until in
            rateLimited(until: until, "calls are paced, since the API has not said what its quota is", credentials)
        }
    }

    /// When to look again if too many calls were made for a quota that is not known.
    private func pacing(_ urgency: CallUrgency, _ policy: QuotaPolicy, now: UnixTime) -> UnixTime? {
        guard !isQuotaKnown else { return nil }
        let limit = max(1, policy.assumedPerMinute)
        let allowed = limit - policy.reserve(of: limit, against: urgency)
        guard admissions.count >= allowed else { return nil }
        let blocking = admissions.count - allowed
        let oldest = admissions.indices.contains(blocking) ? admissions[blocking] : now
        return oldest.advanced(byMilliseconds: 60_000)
    }

    private var isQuotaKnown: Bool { minute.remaining != nil || second.remaining != nil }

    private func rateLimited(until: UnixTime, _ reason: String, _ credentials: Credentials) -> CallRefusal {
        let error = EngagementAPIError(
            .rateLimited(resetAt: until),
            "\(reason) until \(UnixTime(seconds: (until.milliseconds + 999).floorDivided(by: 1000)).iso8601)",
            account: credentials.account,
            rateLimit: RateLimit(perMinute: quota)
        )
        return CallRefusal(until: until, error: error)
    }

    /// A call was admitted.
    internal mutating func take(_ now: UnixTime) {
        if !isQuotaKnown { admissions.append(now) }
        inFlight += 1
        minute.take(now)
        second.take(now)
    }

    /// The quota of the minute as callers see it: calls in flight are spent, and in a pause nothing is left.
    internal var quota: RateLimit.Quota? {
        if let pausedUntil { return RateLimit.Quota(limit: minute.limit, remaining: 0, resetAt: pausedUntil) }
        guard let remaining = minute.remaining else { return nil }
        return RateLimit.Quota(limit: minute.limit, remaining: max(0, remaining - inFlight), resetAt: minute.resetAt)
    }

    // MARK: - Landing

    /// A call landed.
    internal mutating func land(
        _ credentials: Credentials,
        error: EngagementAPIError?,
        rateLimit: RateLimit?,
        policy: QuotaPolicy,
        now: UnixTime
    ) {
        inFlight = max(0, inFlight - 1)
        stragglers = max(0, stragglers - 1)
        let isCounted = error?.mayHaveBeenCounted ?? true
        minute.land(rateLimit?.perMinute, isCounted: isCounted, inFlight: inFlight, now: now)
        second.land(rateLimit?.perSecond, isCounted: isCounted, inFlight: inFlight, now: now)
        switch error?.code {
        case nil: if refused?.credentials == credentials { refused = nil }
        case .rateLimited(let resetAt): pause(until: resetAt, policy, now: now)
        case .unauthenticated?, .appNotAllowListed?: if let error { refuse(credentials, error, now: now) }
        default: break
        }
    }

    /// Credentials were refused: the same ones are not tried again for half a minute, so that a wrong token does not burn a
    /// call for every page.
    internal mutating func refuse(_ credentials: Credentials, _ error: EngagementAPIError, now: UnixTime) {
        refused = (credentials, error, now.advanced(byMilliseconds: QuotaPool.refusalMilliseconds))
    }

    /// A reset that is already over may come late, or from a clock behind ours: a second for both.
    private mutating func pause(until resetAt: UnixTime?, _ policy: QuotaPolicy, now: UnixTime) {
        let silent = now.advanced(byMilliseconds: max(0, policy.pauseMilliseconds))
        let end = resetAt.map { $0 > now ? $0 : now.advanced(byMilliseconds: 1000) } ?? silent
        pausedUntil = max(pausedUntil ?? end, end).clamped(to: now)
    }

    private static let refusalMilliseconds: Int64 = 30_000
}

extension EngagementAPIError {
    /// Whether the API may have taken the call off its quota. One without a connection it has not seen, and one that it
    /// refused for its quota it does not count.
    fileprivate var mayHaveBeenCounted: Bool {
        switch code {
        case .connectionFailed, .tlsFailed, .invalidCall, .rateLimited: false
        default: true
        }
    }
}

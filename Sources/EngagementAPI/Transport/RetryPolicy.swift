internal import Engagement

/// How often and how soon a call that failed is sent again: exponential backoff with full jitter, or the reset of the
/// quota where the API names it (dossier §7).
public struct RetryPolicy: Equatable, Sendable {
    /// How often a call is sent at most, the first time included. 1 never tries again.
    public var maximumAttempts: Int
    /// The longest wait after the first attempt, in milliseconds; it doubles with each attempt.
    public var firstDelayMilliseconds: Int64
    /// The longest wait after any attempt, in milliseconds. A wait for the quota's reset may be longer.
    public var longestDelayMilliseconds: Int64
    /// The wait after a rate limit that does not say when it ends, in milliseconds; known clients take ten seconds.
    public var rateLimitDelayMilliseconds: Int64

    public init(
        maximumAttempts: Int = 4,
        firstDelayMilliseconds: Int64 = 250,
        longestDelayMilliseconds: Int64 = 8000,
        rateLimitDelayMilliseconds: Int64 = 10_000
    ) {
        self.maximumAttempts = maximumAttempts
        self.firstDelayMilliseconds = firstDelayMilliseconds
        self.longestDelayMilliseconds = longestDelayMilliseconds
        self.rateLimitDelayMilliseconds = rateLimitDelayMilliseconds
    }

    /// Sends once.
    public static let never = RetryPolicy(maximumAttempts: 1)

    /// Milliseconds to wait after attempt `number` (from 1) failed with `code`. `random` lies in 0..<1.
    ///
    /// Full jitter spreads the callers of one outage over the whole wait. After a rate limit they are spread behind the
    /// reset instead, since earlier would be in vain.
    internal func delay(after number: Int, _ code: EngagementAPIError.Code, now: UnixTime, random: Double) -> Int64 {
        let jitter = Int64(Double(ceiling(number)) * min(max(random, 0), 1))
        guard case .rateLimited(let resetAt) = code else { return jitter }
        guard let resetAt, now < resetAt else { return rateLimitDelayMilliseconds + jitter }
        return resetAt.milliseconds - now.milliseconds + min(jitter, firstDelayMilliseconds)
    }

    private func ceiling(_ number: Int) -> Int64 {
        let doublings = min(max(number - 1, 0), 30)
        let (delay, overflow) = max(firstDelayMilliseconds, 0).multipliedReportingOverflow(by: 1 << Int64(doublings))
        return overflow ? longestDelayMilliseconds : min(delay, max(longestDelayMilliseconds, 0))
    }
}

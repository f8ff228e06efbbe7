public import Engagement

/// What a response's headers say of the quota (dossier §8). A header that is missing means "not known", never "none left".
public struct RateLimit: Equatable, Sendable {
    /// The quota of the minute, from `x-per-minute-…`.
    public var perMinute: Quota?
    /// The quota of the second, from `x-per-second-…`.
    public var perSecond: Quota?

    public init(perMinute: Quota? = nil, perSecond: Quota? = nil) {
        self.perMinute = perMinute
        self.perSecond = perSecond
    }

    /// One window of the quota.
    public struct Quota: Equatable, Sendable {
        /// Calls that the contract allows in a window.
        public var limit: Int?
        /// Calls that are left in this one.
        public var remaining: Int?
        /// When the next one begins.
        public var resetAt: UnixTime?

        public init(limit: Int? = nil, remaining: Int? = nil, resetAt: UnixTime? = nil) {
            self.limit = limit
            self.remaining = remaining
            self.resetAt = resetAt
        }
    }

    /// When a call that was refused may be sent again: the latest reset of a window that has nothing left; if none is known
    /// to be empty, of any window.
    public var resetAt: UnixTime? {
        let quotas = [perMinute, perSecond].compactMap(\.self)
        return quotas.filter { $0.remaining == 0 }.compactMap(\.resetAt).max() ?? quotas.compactMap(\.resetAt).max()
    }
}

extension RateLimit {
    /// The quota that `response` speaks of, or nil if it speaks of none.
    internal init?(_ response: TransportResponse, now: UnixTime) {
        perMinute = Quota(response, prefix: "x-per-minute-", now: now)
        perSecond = Quota(response, prefix: "x-per-second-", now: now)
        if perMinute == nil, perSecond == nil { return nil }
    }

    /// `Retry-After` in seconds (RFC 9110 §10.2.3), which proxies send with a 429 or 503. Dates are not read.
    internal static func retryAfter(_ response: TransportResponse, now: UnixTime) -> UnixTime? {
        guard let seconds = response["retry-after"].flatMap({ Int64($0) }), (0...86_400).contains(seconds) else {
            return nil
        }
        return now.advanced(bySeconds: seconds)
    }
}

extension RateLimit.Quota {
    fileprivate init?(_ response: TransportResponse, prefix: String, now: UnixTime) {
        limit = response[prefix + "limit"].flatMap { Int($0) }
        remaining = response[prefix + "remaining"].flatMap { Int($0) }
        resetAt = response[prefix + "reset"].flatMap { Int64($0) }.flatMap { Self.time($0, now: now) }
        if limit == nil, remaining == nil, resetAt == nil { return nil }
    }

    /// Seconds of Unix time by the one client that reads them; the exact unit is not documented (dossier §12), so a number
    /// too large for that is taken for milliseconds and one too small for seconds from now.
    private static func time(_ number: Int64, now: UnixTime) -> UnixTime? {
        switch number {
        case 0...86_400: now.advanced(bySeconds: number)
        case 1_000_000_000..<100_000_000_000: UnixTime(seconds: number)
        case 1_000_000_000_000..<100_000_000_000_000: UnixTime(milliseconds: number)
        default: nil
        }
    }
}

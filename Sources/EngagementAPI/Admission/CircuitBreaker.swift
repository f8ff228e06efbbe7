public import Engagement

/// When an API that fails is left alone, and for how long.
public struct BreakerPolicy: Equatable, Sendable {
    /// How many signs of ill health in a row open the circuit.
    public var failures: Int
    /// The first pause, in milliseconds. It doubles with each probe that fails.
    public var firstPauseMilliseconds: Int64
    /// The longest pause, in milliseconds.
    public var longestPauseMilliseconds: Int64

    public init(
        failures: Int = 5,
        firstPauseMilliseconds: Int64 = 5000,
        longestPauseMilliseconds: Int64 = 60_000
    ) {
        self.failures = failures
        self.firstPauseMilliseconds = firstPauseMilliseconds
        self.longestPauseMilliseconds = longestPauseMilliseconds
    }
}

/// Whether calls go through to an API.
public enum CircuitState: Equatable, Sendable {
    /// They do. `failures` signs of ill health came in a row.
    case closed(failures: Int)
    /// None does before `until`; then one is let through as a probe.
    case open(until: UnixTime)
    /// One is on its way, and what comes of it decides.
    case probing(since: UnixTime)
}

/// Stops calls to an API that is ill, and finds out with one call at a time whether it is well again.
///
/// A landing does not say which call it is of. While a probe is on its way, a failure in its pool is taken for that of a call
/// from before the circuit opened as long as there is one: the probe's place is then free when the last of them has landed.
/// A success closes the circuit, whichever call it is of: the API answers.
internal struct CircuitBreaker: Sendable {
    private let policy: BreakerPolicy
    internal private(set) var state = CircuitState.closed(failures: 0)
    /// What the last failure said.
    internal private(set) var lastFailure = ""
    private var pause: Int64
    /// Which pool the probe is of.
    private var probePool: Int?

    internal init(_ policy: BreakerPolicy) {
        self.policy = policy
        pause = policy.firstPause
    }

    /// Brings the state up to `now`: a clock that was set back makes no pause longer, and a probe that was never heard of
    /// again gives its place back.
    internal mutating func settle(_ now: UnixTime) {
        switch state {
        case .closed: break
        case .open(let until): state = .open(until: min(until, now.advanced(byMilliseconds: pause)))
        case .probing(let since):
            state = .probing(since: min(since, now))
            if now.milliseconds - since.milliseconds >= policy.longestPause { state = .open(until: now) }
        }
    }

    /// Why no call goes through now.
    internal func refusal(for account: AccountName, now: UnixTime) -> CallRefusal? {
        let until: UnixTime
        switch state {
        case .closed: return nil
        case .open(let end):
            guard now < end else { return nil }
            until = end
        case .probing: until = now.advanced(byMilliseconds: 1000)
        }
        let seconds = (until.milliseconds - now.milliseconds + 999) / 1000
        let reason =
            "the API is left alone for \(seconds) s, since it failed again and again; the last failure: \(lastFailure)"
        return CallRefusal(
            until: until,
            error: EngagementAPIError(.circuitOpen(until: until), reason, account: account)
        )
    }

    /// A call of that pool was admitted: a probe, if the circuit is not closed.
    internal mutating func take(pool: Int, now: UnixTime) {
        guard case .open = state else { return }
        state = .probing(since: now)
        probePool = pool
    }

    /// A call of that pool landed. Returns whether the circuit has opened by it.
    internal mutating func land(_ error: EngagementAPIError?, pool: Int, isStraggler: Bool, now: UnixTime) -> Bool {
        let isProbe = pool == probePool
        switch (state, error.map(Health.init) ?? .well) {
        case (.closed, .well): state = .closed(failures: 0)
        case (.closed(let failures), .ill) where !isStraggler:
            guard failures + 1 < policy.failures else { return open(error, now: now) }
            state = .closed(failures: failures + 1)
        case (.probing, .well) where isProbe:
            state = .closed(failures: 0)
            pause = policy.firstPause
        case (.probing, .ill) where isProbe && !isStraggler:
            pause = pause > policy.longestPause / 2 ? policy.longestPause : pause * 2
            return open(error, now: now)
        case (.probing, .unknown) where isProbe && !isStraggler: state = .open(until: now)
        default: break
        }
        return false
    }

    private mutating func open(_ error: EngagementAPIError?, now: UnixTime) -> Bool {
        let status = error?.status.map { "status \($0): " } ?? ""
        lastFailure = status + String((error?.reason ?? "").prefix(200))
        state = .open(until: now.advanced(byMilliseconds: pause))
        return true
    }
}

extension BreakerPolicy {
    /// At least a millisecond, or there would be no pause to double.
    fileprivate var firstPause: Int64 { max(1, firstPauseMilliseconds) }
    fileprivate var longestPause: Int64 { max(firstPause, longestPauseMilliseconds) }
}

/// What the outcome of a call says of the API's health.
private enum Health {
    case well
    case ill
    case unknown

    /// Whatever the API itself answered is health, 429 and 401 included: it is there and thinks. Ill are 5xx, everything
    /// that keeps an answer from coming, and what is not HTTP: something else sits at the API's port. A 200 that cannot be
    /// read is an answer, since leaving the API alone would not change it.
    init(_ error: EngagementAPIError) {
        switch error.code {
        case .serverError, .badGateway, .overloaded, .connectionFailed, .connectionLost, .timedOut, .tlsFailed:
            self = .ill
        case .invalidResponse: self = error.status == 200 ? .well : .ill
        // Nothing was sent, or not to this host, or nobody waited for what came.
        case .invalidCall, .cancelled, .circuitOpen, .tokenRefused, .usageExhausted: self = .unknown
        case .badRequest, .unsupportedGrouping, .tweetsUnavailable, .unauthenticated, .appNotAllowListed,
            .forbiddenTweets, .forbiddenMetrics, .forbidden, .notFound, .notAcceptable, .rateLimited, .redirected,
            .unexpectedStatus, .responseTooLarge:
            self = .well
        }
    }
}

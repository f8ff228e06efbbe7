public import Engagement
internal import Synchronization

/// Why no call can be made now.
public struct CallRefusal: Equatable, Sendable {
    /// When to look again. A call may be refused again then, since others look too.
    public let until: UnixTime
    /// What a caller that does not wait is told: ``EngagementAPIError/Code/rateLimited(resetAt:)``,
    /// ``EngagementAPIError/Code/circuitOpen(until:)``, or the refusal of the credentials that is remembered.
    public let error: EngagementAPIError

    public init(until: UnixTime, error: EngagementAPIError) {
        self.until = until
        self.error = error
    }
}

/// Decides which calls to one API go out now: the admission control of the client.
///
/// It keeps each pool within its quota and shares out what is left by urgency (dossier §8), leaves credentials alone that
/// were refused, and an API that fails. It never waits: whoever is refused is told when to look again.
///
/// - Pools: one for each account's user context and one for each app; 2-legged calls and bearer tokens of one account are
///   the same app, as are 2-legged calls with one key (dossier §9).
/// - Time is a parameter, so that a table of events says everything about it. All calls are safe from any thread, and short.
///
/// ```swift
/// if let refusal = governor.admit(credentials, .interactive, now: now) { throw refusal.error }
/// // … send the call …
/// governor.landed(credentials, error: nil, rateLimit: reply.rateLimit, now: now)
/// ```
public final class CallGovernor: Sendable {
    private let policy: QuotaPolicy
    private let admission: Mutex<Admission>

    /// A governor of one API, which is to say of one host.
    public init(quota: QuotaPolicy = QuotaPolicy(), breaker: BreakerPolicy = BreakerPolicy()) {
        policy = quota
        admission = Mutex(Admission(quota: quota, breaker: breaker))
    }

    /// Why a call with these credentials cannot be made now, or nil if it can. Looks, takes nothing.
    public func refusal(for credentials: Credentials, _ urgency: CallUrgency, now: UnixTime) -> CallRefusal? {
        admission.withLock { $0.refusal(for: credentials, urgency, now: now) }
    }

    /// Takes a call from the pool of these credentials, or says why not. Every admission must be followed by one
    /// ``landed(_:error:rateLimit:now:)``, also if the call was cancelled.
    public func admit(_ credentials: Credentials, _ urgency: CallUrgency, now: UnixTime) -> CallRefusal? {
        admission.withLock { $0.admit(credentials, urgency, now: now) }
    }

    /// What came of an admitted call: its error, or nil for an answer, and what the headers said of the quota.
    public func landed(
        _ credentials: Credentials,
        error: EngagementAPIError?,
        rateLimit: RateLimit?,
        now: UnixTime
    ) {
        admission.withLock { $0.landed(credentials, error, rateLimit ?? error?.rateLimit, now: now) }
    }

    /// The token service refused the key and secret of these credentials. No call was admitted for that.
    internal func refused(_ credentials: Credentials, _ error: EngagementAPIError, now: UnixTime) {
        admission.withLock { $0.refused(credentials, error, now: now) }
    }
}

// MARK: - What is known

extension CallGovernor {
    /// The quota of the minute that these credentials draw on, or nil if nothing is known of it. Calls in flight are spent,
    /// and in a pause after a 429 nothing is left; a reset that the API has not told is nil.
    public func quota(of credentials: Credentials, now: UnixTime) -> RateLimit.Quota? {
        admission.withLock { $0.quota(of: credentials, now: now) }
    }

    /// Every pool that was asked for, in the order of their first calls, as its last event left it: a `resetAt` or
    /// `pausedUntil` that is over has no meaning any more.
    public var states: [PoolState] { admission.withLock { $0.pools.map(PoolState.init) } }

    /// Whether calls go through to the API at all, as the last event left it.
    public var circuit: CircuitState { admission.withLock { $0.breaker.state } }

    /// What is known of one pool.
    public struct PoolState: Equatable, Sendable {
        /// Whose pool; of an app that several accounts share, the first that called.
        public let account: AccountName
        /// The account's own pool, or that of its app.
        public let isUserContext: Bool
        /// Calls that the contract allows in a minute, if the API said so.
        public let limit: Int?
        /// Calls that are left in this minute, those in flight taken off; nil if nothing is known.
        public let remaining: Int?
        /// When the next minute begins, if the API said so.
        public let resetAt: UnixTime?
        /// The end of the pause after a 429.
        public let pausedUntil: UnixTime?
        /// When credentials that were refused are tried again.
        public let refusedUntil: UnixTime?
        /// Calls that have not landed.
        public let inFlight: Int

        internal init(_ pool: QuotaPool) {
            account = pool.account
            isUserContext = pool.isUserContext
            limit = pool.minute.limit
            remaining = pool.minute.remaining.map { max(0, $0 - pool.inFlight) }
            resetAt = pool.minute.resetAt
            pausedUntil = pool.pausedUntil
            refusedUntil = pool.refused?.until
            inFlight = pool.inFlight
        }
    }
}

/// The pools and the breaker, under the governor's lock.
private struct Admission: Sendable {
    let policy: QuotaPolicy
    var pools: [QuotaPool] = []
    var breaker: CircuitBreaker
    /// Which pool credentials draw on, by everything that tells. Bounded by the accounts of the configuration.
    private var places: [PoolName: Int] = [:]

    init(quota: QuotaPolicy, breaker: BreakerPolicy) {
        policy = quota
        self.breaker = CircuitBreaker(breaker)
    }

    mutating func refusal(for credentials: Credentials, _ urgency: CallUrgency, now: UnixTime) -> CallRefusal? {
        let place = settledPlace(of: credentials, now)
        let pool = pools[place].refusal(for: credentials, urgency, policy, now: now)
        let circuit = breaker.refusal(for: credentials.account, now: now)
        // Nothing goes out before both allow it.
        guard let pool, let circuit else { return pool ?? circuit }
        return circuit.until < pool.until ? pool : circuit
    }

    mutating func admit(_ credentials: Credentials, _ urgency: CallUrgency, now: UnixTime) -> CallRefusal? {
        if let refusal = refusal(for: credentials, urgency, now: now) { return refusal }
        let place = place(of: credentials)
        pools[place].take(now)
        breaker.take(pool: place, now: now)
        return nil
    }

    mutating func landed(
        _ credentials: Credentials,
        _ error: EngagementAPIError?,
        _ rateLimit: RateLimit?,
        now: UnixTime
    ) {
        let place = settledPlace(of: credentials, now)
        let isStraggler = pools[place].stragglers > 0
        pools[place].land(credentials, error: error, rateLimit: rateLimit, policy: policy, now: now)
        guard breaker.land(error, pool: place, isStraggler: isStraggler, now: now) else { return }
        for index in pools.indices { pools[index].stragglers = pools[index].inFlight }
    }

    mutating func refused(_ credentials: Credentials, _ error: EngagementAPIError, now: UnixTime) {
        pools[place(of: credentials)].refuse(credentials, error, now: now)
    }

    mutating func quota(of credentials: Credentials, now: UnixTime) -> RateLimit.Quota? {
        pools[settledPlace(of: credentials, now)].quota
    }

    private mutating func settledPlace(of credentials: Credentials, _ now: UnixTime) -> Int {
        let place = place(of: credentials)
        pools[place].settle(now)
        breaker.settle(now)
        return place
    }

    /// The pool of these credentials, found by any of their names; the others are names of it from now on.
    private mutating func place(of credentials: Credentials) -> Int {
        let names = PoolName.all(of: credentials)
        let place = names.compactMap { places[$0] }.first ?? pools.count
        if place == pools.count { pools.append(QuotaPool(credentials)) }
        for name in names where places[name] == nil { places[name] = place }
        return place
    }
}

/// What a pool can be known by.
private enum PoolName: Hashable {
    case user(AccountName)
    case app(key: String)
    /// The app of an account: a bearer token does not say which one it is.
    case appOf(AccountName)

    static func all(of credentials: Credentials) -> [PoolName] {
        switch credentials.method {
        case .user: [.user(credentials.account)]
        case .appOnly(let consumer): [.app(key: consumer.key), .appOf(credentials.account)]
        case .bearer: [.appOf(credentials.account)]
        }
    }
}

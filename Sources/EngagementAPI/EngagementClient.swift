internal import Digests
public import Engagement

/// The client of the Engagement API: one call in, one decoded answer or one typed error out.
///
/// ```swift
/// let client = EngagementClient(
///     baseURL: "https://data-api.twitter.com", transport: CurlTransport(), retry: RetryPolicy(), clock: UnixTime.now)
/// let call = EngagementCall(endpoint: .totals, tweets: tweets, types: .publicTotals)
/// let reply = try await client.perform(call, as: credentials, deadline: UnixTime.now().advanced(bySeconds: 10))
/// ```
public final class EngagementClient: Sendable {
    /// Host and path that the endpoints' paths are appended to.
    public let baseURL: String

    internal let transport: any HTTPTransport
    private let retry: RetryPolicy
    internal let limits: ResponseLimits
    internal let clock: TimeSource
    internal let governor: CallGovernor?
    internal let nonce: @Sendable () -> String
    private let random: @Sendable () -> Double
    private let sleep: @Sendable (_ milliseconds: Int64) async throws -> Void
    private let observe: (@Sendable (EngagementClientEvent) -> Void)?

    /// A client of the API at `baseURL`, for example `https://data-api.twitter.com`.
    ///
    /// With a `governor`, which may be shared with whoever wants to know before, no call is sent that it does not admit.
    /// Nonce, random numbers (0 up to 1) and sleep are parameters so that tests need neither luck nor time.
    public init(
        baseURL: String,
        transport: any HTTPTransport,
        retry: RetryPolicy,
        clock: @escaping TimeSource,
        limits: ResponseLimits = ResponseLimits(),
        governor: CallGovernor? = nil,
        nonce: @escaping @Sendable () -> String = EngagementClient.randomNonce,
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
        sleep: @escaping @Sendable (_ milliseconds: Int64) async throws -> Void = EngagementClient.sleep,
        observe: (@Sendable (EngagementClientEvent) -> Void)? = nil
    ) {
        self.baseURL = baseURL
        self.transport = transport
        self.retry = retry
        self.limits = limits
        self.clock = clock
        self.governor = governor
        self.nonce = nonce
        self.random = random
        self.sleep = sleep
        self.observe = observe
    }

    /// Sends `call` until it is answered, and decodes the answer.
    ///
    /// Rate limits, 5xx, timeouts and broken connections are tried again by the ``RetryPolicy``, never past `deadline`, a
    /// moment of the client's clock. What a second try cannot change is thrown at once.
    ///
    /// With a governor every attempt has to be admitted. What is refused is thrown at once and nothing is sent, and a rate
    /// limit is not waited for: whoever called knows better whether old numbers will do.
    ///
    /// - Throws: ``EngagementAPIError``; after the last attempt, the error of that attempt.
    public func perform(
        _ call: EngagementCall,
        as credentials: Credentials,
        deadline: UnixTime,
        urgency: CallUrgency = .interactive
    ) async throws(EngagementAPIError) -> EngagementReply {
        try call.validate()
        let url = try url(of: call.endpoint)
        let body = RequestEncoding.body(of: call)
        var number = 1
        var previous: EngagementAPIError?
        // A clock that is set back gives no attempt more time than the call had.
        let budget = deadline.milliseconds - clock().milliseconds
        while true {
            let began = clock()
            let deadline = min(deadline, began.advanced(byMilliseconds: budget))
            if let error = hopelessness(of: credentials, deadline, now: began)?.after(attempts: number - 1) {
                observe?(.failed(attempt(call, credentials, number, began), error))
                throw error
            }
            if let refusal = governor?.admit(credentials, urgency, now: began) {
                // What the API said last tells more than that it is left alone now; a rate limit says when to come back.
                if case .rateLimited = refusal.error.code { throw refusal.error.after(attempts: number - 1) }
                throw (previous ?? refusal.error).after(attempts: number - 1)
            }
            do {
                var (reply, bytes) = try await send(call, body, to: url, as: credentials, deadline: deadline)
                governor?.landed(credentials, error: nil, rateLimit: reply.rateLimit, now: clock())
                observe?(.answered(attempt(call, credentials, number, began), bytes: bytes, rateLimit: reply.rateLimit))
                reply.attempts = number
                return reply
            } catch {
                let error = landed(credentials, urgency, error).after(attempts: number)
                let attempt = attempt(call, credentials, number, began)
                observe?(.failed(attempt, error))
                guard let delay = delay(after: number, error, deadline: deadline) else { throw error }
                observe?(.waiting(attempt, milliseconds: delay))
                do { try await sleep(delay) } catch { throw cancellation(of: credentials).after(attempts: number) }
                previous = error
            }
            number += 1
        }
    }

    /// 128 random bits in hexadecimal.
    public static func randomNonce() -> String { Hexadecimal.encode(SecureRandom.bytes(16)) }

    /// Suspends the task.
    public static func sleep(milliseconds: Int64) async throws {
        try await Task.sleep(for: .milliseconds(milliseconds))
    }

    /// Whether `baseURL` is one that calls can be sent to: http or https with a host, without user, query and fragment.
    public static func isUsable(baseURL: String) -> Bool { RequestURL(base: baseURL, path: "/") != nil }
}

// MARK: - Between attempts

extension EngagementClient {
    /// Why an attempt would be in vain: nobody waits for the answer any more.
    private func hopelessness(of credentials: Credentials, _ deadline: UnixTime, now: UnixTime) -> EngagementAPIError? {
        if Task.isCancelled { return cancellation(of: credentials) }
        guard now >= deadline else { return nil }
        return EngagementAPIError(.timedOut, "the deadline was over before the call", account: credentials.account)
    }

    /// Tells the governor what became of an attempt that failed, and returns the error as a caller gets it: a rate limit
    /// ends when the governor says.
    private func landed(
        _ credentials: Credentials,
        _ urgency: CallUrgency,
        _ error: EngagementAPIError
    ) -> EngagementAPIError {
        var error = error
        error.account = credentials.account
        guard let governor else { return error }
        let now = clock()
        governor.landed(credentials, error: error, rateLimit: error.rateLimit, now: now)
        guard case .rateLimited = error.code, let refusal = governor.refusal(for: credentials, urgency, now: now) else {
            return error
        }
        return EngagementAPIError(
            .rateLimited(resetAt: refusal.until),
            error.reason,
            status: error.status,
            account: error.account,
            rateLimit: error.rateLimit
        )
    }

    /// How long to wait before the next attempt, or nil if there is none.
    private func delay(after number: Int, _ error: EngagementAPIError, deadline: UnixTime) -> Int64? {
        guard error.isRetryable, number < retry.maximumAttempts else { return nil }
        if governor != nil, case .rateLimited = error.code { return nil }
        let now = clock()
        let delay = retry.delay(after: number, error.code, now: now, random: random())
        // Subtracted, not added: a reset far in the future must not overflow.
        return delay < deadline.milliseconds - now.milliseconds ? delay : nil
    }

    private func url(of endpoint: Endpoint) throws(EngagementAPIError) -> RequestURL {
        guard let url = RequestURL(base: baseURL, path: endpoint.path) else {
            throw EngagementAPIError(.invalidCall, "the base URL is not an http or https address")
        }
        return url
    }

    private func attempt(
        _ call: EngagementCall,
        _ credentials: Credentials,
        _ number: Int,
        _ began: UnixTime
    ) -> EngagementClientEvent.Attempt {
        EngagementClientEvent.Attempt(
            call: call,
            account: credentials.account,
            number: number,
            milliseconds: clock().milliseconds - began.milliseconds
        )
    }

    private func cancellation(of credentials: Credentials) -> EngagementAPIError {
        EngagementAPIError(.cancelled, "the call was cancelled", account: credentials.account)
    }
}

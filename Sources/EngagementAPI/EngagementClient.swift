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

    private let transport: any HTTPTransport
    private let retry: RetryPolicy
    private let limits: ResponseLimits
    private let clock: TimeSource
    private let nonce: @Sendable () -> String
    private let random: @Sendable () -> Double
    private let sleep: @Sendable (_ milliseconds: Int64) async throws -> Void
    private let observe: (@Sendable (EngagementClientEvent) -> Void)?

    /// A client of the API at `baseURL`, for example `https://data-api.twitter.com`.
    ///
    /// Nonce, random numbers (0 up to 1) and sleep are parameters so that tests need neither luck nor time.
    public init(
        baseURL: String,
        transport: any HTTPTransport,
        retry: RetryPolicy,
        clock: @escaping TimeSource,
        limits: ResponseLimits = ResponseLimits(),
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
    /// - Throws: ``EngagementAPIError``; after the last attempt, the error of that attempt.
    public func perform(
        _ call: EngagementCall,
        as credentials: Credentials,
        deadline: UnixTime
    ) async throws(EngagementAPIError) -> EngagementReply {
        try call.validate()
        let url = try url(of: call.endpoint)
        let body = RequestEncoding.body(of: call)
        var number = 1
        while true {
            let began = clock()
            do {
                let (reply, bytes) = try await send(call, body, to: url, as: credentials, deadline: deadline)
                observe?(.answered(attempt(call, credentials, number, began), bytes: bytes, rateLimit: reply.rateLimit))
                return reply
            } catch {
                var error = error
                error.account = credentials.account
                let attempt = attempt(call, credentials, number, began)
                observe?(.failed(attempt, error))
                guard let delay = delay(after: number, error, deadline: deadline) else { throw error }
                observe?(.waiting(attempt, milliseconds: delay))
                do { try await sleep(delay) } catch { throw cancellation(of: credentials) }
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

// MARK: - One attempt

extension EngagementClient {
    private func send(
        _ call: EngagementCall,
        _ body: [UInt8],
        to url: RequestURL,
        as credentials: Credentials,
        deadline: UnixTime
    ) async throws(EngagementAPIError) -> (EngagementReply, bytes: Int) {
        guard !Task.isCancelled else { throw cancellation(of: credentials) }
        let now = clock()
        guard now < deadline else { throw EngagementAPIError(.timedOut, "the deadline was over before the call") }
        let request = TransportRequest(
            url: url.text,
            headers: [
                HTTPHeader(
                    "Authorization",
                    credentials.authorization(for: url, nonce: nonce(), timestamp: now.seconds)
                ),
                HTTPHeader("Content-Type", "application/json"),
                HTTPHeader("Accept", "application/json"),
                HTTPHeader("Accept-Encoding", "gzip"),
            ],
            body: body,
            maximumResponseBytes: limits.packedBytes
        )
        let response: TransportResponse
        do {
            response = try await transport.send(request, deadline: deadline)
        } catch {
            throw EngagementAPIError(error)
        }
        return (try decode(response, to: call, as: credentials), response.body.count)
    }

    private func decode(
        _ response: TransportResponse,
        to call: EngagementCall,
        as credentials: Credentials
    ) throws(EngagementAPIError) -> EngagementReply {
        let now = clock()
        let rateLimit = RateLimit(response, now: now)
        guard response.status == 200 else {
            let content = (try? response.content(limit: limits.bytes)) ?? []
            throw ErrorDecoding(
                status: response.status,
                messages: ErrorBody.messages(in: content).map { credentials.redacted($0.text) },
                tweets: call.tweets,
                rateLimit: rateLimit,
                resetAt: rateLimit?.resetAt ?? RateLimit.retryAfter(response, now: now)
            ).error
        }
        do {
            var reply = try ResponseDecoding(call).decode(try response.json(limit: limits.bytes))
            reply.rateLimit = rateLimit
            return reply
        } catch {
            var error = error
            error.status = 200
            error.rateLimit = rateLimit
            throw error
        }
    }

    /// How long to wait before the next attempt, or nil if there is none.
    private func delay(after number: Int, _ error: EngagementAPIError, deadline: UnixTime) -> Int64? {
        guard error.isRetryable, number < retry.maximumAttempts else { return nil }
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

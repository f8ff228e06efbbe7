internal import Digests
public import Engagement
internal import JSON

/// Gets the bearer token of an app by its key and secret, and keeps it (dossier §9).
///
/// The service returns the same token until it is invalidated, so there is no expiry to watch; after a 401 the caller says
/// ``forget()`` and asks again. Callers that ask while a request is under way share its result, and one that is cancelled
/// cancels nobody else's.
public actor BearerToken {
    /// Where Twitter hands out tokens.
    public static let defaultURL = "https://api.twitter.com/oauth2/token"

    private let url: String
    private let consumer: ConsumerKey
    private let account: AccountName
    private let transport: any HTTPTransport
    private var known: Secret?
    private var request: Task<Result<Secret, EngagementAPIError>, Never>?
    /// When a service that failed is asked again.
    private var restUntil: UnixTime?

    /// The bearer token of the app `consumer`; `account` is named in errors.
    public init(
        url: String = BearerToken.defaultURL,
        consumer: ConsumerKey,
        account: AccountName,
        transport: any HTTPTransport
    ) {
        self.url = url
        self.consumer = consumer
        self.account = account
        self.transport = transport
    }

    /// The token, from memory or from the service. `deadline` is that of a request made now; whoever joins one that is
    /// under way waits by the first caller's.
    ///
    /// - Throws: ``EngagementAPIError/Code/tokenRefused(code:)`` if the service does not know key and secret, else as
    ///   ``EngagementClient/perform(_:as:deadline:urgency:)``. A failure is not remembered.
    public func value(deadline: UnixTime) async throws(EngagementAPIError) -> Secret {
        if let known { return known }
        let request =
            self.request
            ?? Task { [url, consumer, account, transport] in
                do throws(EngagementAPIError) {
                    return .success(
                        try await BearerToken.obtain(
                            url: url,
                            consumer: consumer,
                            transport: transport,
                            deadline: deadline
                        )
                    )
                } catch {
                    var error = error
                    error.account = account
                    return .failure(error)
                }
            }
        self.request = request
        let result = await request.value
        if self.request == request {
            self.request = nil
            known = try? result.get()
        }
        return try result.get()
    }

    /// The token as credentials; or `otherwise`, if the service cannot be reached or fails. It is asked again after a minute.
    ///
    /// No request takes more than half of the time to `deadline`, so that some is left for the call itself.
    ///
    /// - Throws: ``EngagementAPIError/Code/tokenRefused(code:)`` if the service does not know key and secret.
    public func credentials(
        otherwise: Credentials,
        deadline: UnixTime,
        now: UnixTime
    ) async throws(EngagementAPIError) -> Credentials {
        if let known { return .bearer(account: account, token: known) }
        // The second comparison is for a clock that was set back.
        if let restUntil, now < restUntil, restUntil <= now.advanced(bySeconds: BearerToken.restSeconds) {
            return otherwise
        }
        let half = (deadline.milliseconds - now.milliseconds) / 2
        guard half > 0 else { return otherwise }
        let time = min(half, BearerToken.longestMilliseconds)
        do {
            return .bearer(account: account, token: try await value(deadline: now.advanced(byMilliseconds: time)))
        } catch {
            if case .tokenRefused = error.code { throw error }
            restUntil = now.advanced(bySeconds: BearerToken.restSeconds)
            return otherwise
        }
    }

    /// Drops the token, so that the next caller gets a new one; but not if it is another than `refused` by now, which some
    /// other caller has obtained in the meantime.
    public func forget(_ refused: Secret? = nil) {
        guard let refused else {
            known = nil
            request = nil
            return
        }
        if known == refused { known = nil }
    }

    private static func obtain(
        url: String,
        consumer: ConsumerKey,
        transport: any HTTPTransport,
        deadline: UnixTime
    ) async throws(EngagementAPIError) -> Secret {
        let request = TransportRequest(
            url: url,
            headers: [
                HTTPHeader("Authorization", basicAuthorization(of: consumer)),
                HTTPHeader("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8"),
                HTTPHeader("Accept-Encoding", "gzip"),
            ],
            body: Array("grant_type=client_credentials".utf8),
            maximumResponseBytes: limit
        )
        let response: TransportResponse
        do {
            response = try await transport.send(request, deadline: deadline)
        } catch {
            throw EngagementAPIError(error)
        }
        guard response.status == 200 else { throw refusal(response, of: consumer) }
        let content = try response.json(limit: limit)
        guard let reply = try? JSONValue(parsing: content), reply["token_type"]?.string?.lowercased() == "bearer",
            let token = reply["access_token"]?.string, !token.isEmpty
        else { throw EngagementAPIError(.invalidResponse, "the token service sent no token", status: 200) }
        return Secret(token)
    }

    /// The service answers with objects that carry a number; 99 is "unable to verify your credentials" (dossier §7).
    private static func refusal(_ response: TransportResponse, of consumer: ConsumerKey) -> EngagementAPIError {
        let messages = ErrorBody.messages(in: (try? response.content(limit: limit)) ?? [])
        let credentials = Credentials.appOnly(account: AccountName(""), consumer: consumer)
        let texts = messages.map { credentials.redacted($0.text) }
        guard response.status == 401 || response.status == 403 else {
            return ErrorDecoding(status: response.status, messages: texts, tweets: [], rateLimit: nil, resetAt: nil)
                .error
        }
        return EngagementAPIError(
            .tokenRefused(code: messages.lazy.compactMap(\.code).first),
            texts.isEmpty ? "the token service refused key and secret" : texts.joined(separator: "; "),
            status: response.status
        )
    }

    /// Key and secret are percent-encoded before they are joined (dossier §9).
    internal static func basicAuthorization(of consumer: ConsumerKey) -> String {
        let pair = "\(PercentEncoding.encode(consumer.key)):\(PercentEncoding.encode(consumer.secret.reveal()))"
        return "Basic \(Base64.encode(Array(pair.utf8)))"
    }

    /// A token reply has a few hundred bytes.
    private static let limit = 64 * 1024
    private static let restSeconds: Int64 = 60
    private static let longestMilliseconds: Int64 = 5000
}

public import Engagement

/// Why a call to the Engagement API gave no counts: a code to match on, a sentence to read, and what a caller needs to
/// decide what comes next. Two errors are equal if their codes are.
public struct EngagementAPIError: Error, Sendable {
    /// What went wrong, to match on.
    public let code: Code
    /// What went wrong, to read: the API's own words where it had any. Never contains a secret.
    public let reason: String
    /// The HTTP status, or nil if there was no response.
    public var status: Int?
    /// Whose credentials were used.
    public var account: AccountName?
    /// What a response said of the quota.
    public var rateLimit: RateLimit?
    /// Whose the forbidden Tweets are, by the number of the author, where the older wording said so (dossier §7).
    public var authors: [TweetID: String] = [:]
    /// How many times the call was sent; 0 if it was not, as a call that the client's governor did not admit.
    public var attempts = 0
    /// Whether the same call may succeed later.
    public let isRetryable: Bool

    /// An error; `isRetryable` is what the code implies unless the caller knows better.
    public init(
        _ code: Code,
        _ reason: String,
        status: Int? = nil,
        account: AccountName? = nil,
        rateLimit: RateLimit? = nil,
        isRetryable: Bool? = nil
    ) {
        self.code = code
        self.reason = reason
        self.status = status
        self.account = account
        self.rateLimit = rateLimit
        self.isRetryable = isRetryable ?? code.isTransient
    }

    /// One case for each row of dossier §7, then what can happen to a connection.
    public enum Code: Equatable, Sendable {
        /// The call breaks a limit that is known beforehand; nothing was sent.
        case invalidCall
        /// 400: the API found the request wrong, in words that are not known.
        case badRequest
        /// 400: the endpoint does not divide counts that way.
        case unsupportedGrouping
        /// 400: every Tweet of the call is unavailable.
        case tweetsUnavailable
        /// 401: the token or signature was refused.
        case unauthenticated
        /// 401 or 403: the developer app is not allow-listed for this API.
        case appNotAllowListed
        /// 403: these Tweets of the call are not the account's own. The others can be asked for again without them.
        case forbiddenTweets([TweetID])
        /// 403: these metrics, by their names in the API, are not to be had with these credentials at this endpoint.
        case forbiddenMetrics([String])
        /// 403 in words that are not known.
        case forbidden
        /// 403 of the token service, or a token reply without a token, with the service's number for it.
        case tokenRefused(code: Int?)
        /// 404: no such path, probably a wrong base URL.
        case notFound
        /// 406: the request did not accept gzip.
        case notAcceptable
        /// 429: the quota of the minute or second is used up; `resetAt` if the API said when there is more.
        case rateLimited(resetAt: UnixTime?)
        /// 500, or another 5xx without a case of its own.
        case serverError
        /// 502: a proxy had no answer from the API.
        case badGateway
        /// 503: overloaded or down.
        case overloaded
        /// 3xx, which is never followed: credentials go to no other host.
        case redirected
        /// A status that the API is not known to send.
        case unexpectedStatus
        /// No connection: name, route, port or proxy.
        case connectionFailed
        /// No answer in time, or the deadline was over before the call could be sent.
        case timedOut
        /// No trusted connection: certificate or handshake.
        case tlsFailed
        /// The connection broke, or the body ended early.
        case connectionLost
        /// More bytes than are accepted, packed or unpacked.
        case responseTooLarge
        /// Not HTTP, not gzip, not JSON, or not the JSON that was asked for.
        case invalidResponse
        /// Nothing was sent: the API failed again and again, and is left alone until then.
        case circuitOpen(until: UnixTime)
        /// The Tweets of the call go beyond what may be asked in a month; nothing was sent for them.
        case usageExhausted
        /// The caller's task was cancelled.
        case cancelled
    }
}

extension EngagementAPIError.Code {
    /// Whether failures of this kind pass by themselves. A wrong request, credentials and certificates do not.
    public var isTransient: Bool {
        switch self {
        case .rateLimited, .serverError, .badGateway, .overloaded, .connectionFailed, .timedOut, .connectionLost,
            .circuitOpen:
            true
        case .invalidCall, .badRequest, .unsupportedGrouping, .tweetsUnavailable, .unauthenticated, .appNotAllowListed,
            .forbiddenTweets, .forbiddenMetrics, .forbidden, .tokenRefused, .notFound, .notAcceptable, .redirected,
            .unexpectedStatus, .tlsFailed, .responseTooLarge, .invalidResponse, .usageExhausted, .cancelled:
            false
        }
    }
}

extension EngagementAPIError {
    /// The same error, of a call that was sent so many times.
    internal func after(attempts: Int) -> EngagementAPIError {
        var error = self
        error.attempts = attempts
        return error
    }
}

extension EngagementAPIError: Equatable {
    public static func == (left: EngagementAPIError, right: EngagementAPIError) -> Bool { left.code == right.code }
}

extension EngagementAPIError: CustomStringConvertible {
    public var description: String {
        let status = status.map { "status \($0): " } ?? ""
        let account = account.map { " (account \($0))" } ?? ""
        return status + reason + account
    }
}

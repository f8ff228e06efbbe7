internal import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import MetricLoader

/// How failures of the Engagement API look to our callers: a stable code and a sentence that says what to do.
extension AnswerGap {
    internal init(_ failure: LoadFailure) {
        self.init(
            family: failure.endpoint.family,
            tweets: Set(failure.tweets),
            types: failure.types,
            window: failure.window,
            code: failure.error.code.responseCode,
            message: "The Engagement API gave no numbers: \(failure.error)."
        )
    }
}

extension AnswerGap {
    /// What the cache lacked for a request that allows no call; nil for any other.
    internal init?(notCached table: MetricTable) {
        guard table.need.freshness.onlyIfCached else { return nil }
        self.init(
            family: table.need.family,
            tweets: Set(table.need.tweets),
            types: table.need.types,
            window: table.need.window,
            code: "NOT_CACHED",
            message: "The cache has no number that may be served, and the request allows no call (only-if-cached)."
        )
    }
}

extension EngagementAPIError.Code {
    /// `extensions.code` in a response.
    internal var responseCode: String {
        switch self {
        case .rateLimited: "UPSTREAM_RATE_LIMITED"
        case .unauthenticated, .tokenRefused: "UPSTREAM_UNAUTHENTICATED"
        case .appNotAllowListed: "UPSTREAM_APP_NOT_ALLOW_LISTED"
        case .forbiddenTweets, .forbiddenMetrics, .forbidden: "UPSTREAM_FORBIDDEN"
        case .tweetsUnavailable: "TWEET_UNAVAILABLE"
        case .timedOut: "UPSTREAM_TIMEOUT"
        case .connectionFailed, .connectionLost, .tlsFailed, .serverError, .badGateway, .overloaded, .circuitOpen,
            .cancelled:
            "UPSTREAM_UNAVAILABLE"
        case .usageExhausted: "USAGE_EXHAUSTED"
        case .invalidResponse, .responseTooLarge, .redirected, .unexpectedStatus, .notFound: "UPSTREAM_INVALID_RESPONSE"
        case .invalidCall, .badRequest, .unsupportedGrouping, .notAcceptable: "UPSTREAM_REFUSED"
        }
    }

    /// The label `outcome` of `engageql_upstream_calls_total`.
    internal var outcome: String {
        switch self {
        case .rateLimited: "rate_limited"
        case .unauthenticated, .tokenRefused, .appNotAllowListed: "unauthenticated"
        case .forbiddenTweets, .forbiddenMetrics, .forbidden: "forbidden"
        case .tweetsUnavailable: "unavailable"
        case .timedOut: "timeout"
        case .connectionFailed, .connectionLost, .tlsFailed: "connection"
        case .serverError, .badGateway, .overloaded: "server_error"
        case .invalidResponse, .responseTooLarge, .redirected, .unexpectedStatus, .notFound: "invalid_response"
        case .invalidCall, .badRequest, .unsupportedGrouping, .notAcceptable: "refused"
        case .circuitOpen: "circuit_open"
        case .usageExhausted: "usage_exhausted"
        case .cancelled: "cancelled"
        }
    }
}

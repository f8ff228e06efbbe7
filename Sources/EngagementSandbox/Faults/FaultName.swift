extension Fault {
    /// The name in settings.
    public var name: String {
        switch self {
        case .badRequest: "400"
        case .unsupportedGrouping: "400-grouping"
        case .allUnavailable: "400-unavailable"
        case .tokenNotFound: "401"
        case .unknownAuthorization: "401-scheme"
        case .applicationUnauthorized: "401-application"
        case .applicationForbidden: "403-application"
        case .forbidden: "403"
        case .forbiddenTweets: "403-tweets"
        case .forbiddenTweetsByAuthor: "403-tweets-by-author"
        case .forbiddenMetric: "403-metric"
        case .notFound: "404"
        case .notAcceptable: "406"
        case .enhanceYourCalm: "420"
        case .tooManyRequests: "429"
        case .tooManyRequestsWithReset: "429-reset"
        case .tooManyRequestsWithRetryAfter: "429-retry-after"
        case .internalServerError: "500"
        case .badGateway: "502"
        case .serviceUnavailable: "503"
        case .redirect: "redirect"
        case .empty: "empty"
        case .rubbish: "rubbish"
        case .wrongShape: "wrong-shape"
        case .wordCounts: "word-counts"
        case .negativeCounts: "negative-counts"
        case .objectErrors: "object-errors"
        case .refusedToken: "refused-token"
        case .wrongContentType: "wrong-content-type"
        case .notGzipped: "not-gzipped"
        case .truncatedGzip: "truncated-gzip"
        case .corruptGzip: "corrupt-gzip"
        case .hangUp: "hang-up"
        case .cutAfterHead: "cut-head"
        case .cut: "cut"
        case .reset: "reset"
        case .resetInBody: "reset-body"
        case .delay: "delay"
        case .drip: "drip"
        case .stall: "stall"
        }
    }

    /// The fault of that name; `milliseconds` matter to those that take time, `tweets` to those that name Tweets.
    public init?(name: String, milliseconds: Int, tweets: Int = 1) {
        guard let fault = Fault.all(milliseconds: milliseconds, tweets: tweets).first(where: { $0.name == name }) else {
            return nil
        }
        self = fault
    }

    /// Every fault, with these parameters.
    public static func all(milliseconds: Int = 1000, tweets: Int = 1) -> [Fault] {
        [
            .badRequest, .unsupportedGrouping, .allUnavailable, .tokenNotFound, .unknownAuthorization,
            .applicationUnauthorized, .applicationForbidden, .forbidden, .forbiddenTweets(tweets),
            .forbiddenTweetsByAuthor(tweets), .forbiddenMetric, .notFound, .notAcceptable, .enhanceYourCalm,
            .tooManyRequests, .tooManyRequestsWithReset, .tooManyRequestsWithRetryAfter(milliseconds: milliseconds),
            .internalServerError, .badGateway, .serviceUnavailable, .redirect, .empty, .rubbish, .wrongShape,
            .wordCounts, .negativeCounts, .objectErrors, .refusedToken, .wrongContentType, .notGzipped, .truncatedGzip,
            .corruptGzip, .hangUp, .cutAfterHead, .cut, .reset, .resetInBody, .delay(milliseconds: milliseconds),
            .drip(milliseconds: milliseconds), .stall(milliseconds: milliseconds),
        ]
    }

    /// The time that it takes or tells, if it does.
    var milliseconds: Int? {
        switch self {
        case .tooManyRequestsWithRetryAfter(let milliseconds), .delay(let milliseconds), .drip(let milliseconds),
            .stall(let milliseconds):
            milliseconds
        default: nil
        }
    }

    /// How many Tweets it names, if it does.
    var tweets: Int? {
        switch self {
        case .forbiddenTweets(let count), .forbiddenTweetsByAuthor(let count): count
        default: nil
        }
    }

    /// Whether calls of `target` can meet it: what speaks of Tweets and counts means nothing to the token service, and only
    /// that one gives tokens.
    func befalls(_ target: FaultTarget) -> Bool {
        switch self {
        case .refusedToken: target == .token
        case .unsupportedGrouping, .allUnavailable, .applicationUnauthorized, .applicationForbidden, .forbiddenTweets,
            .forbiddenTweetsByAuthor, .forbiddenMetric, .notAcceptable, .wrongShape, .wordCounts, .negativeCounts,
            .objectErrors:
            target != .token
        default: true
        }
    }
}

internal import Engagement
internal import JSON

extension Fault {
    /// What is answered instead of doing the call's work, or nil if the fault needs the call or spoils the true answer.
    func replacement(at now: UnixTime, quota: Quota) -> PlainReply? {
        switch self {
        case .badRequest: PlainReply(Refusal(400, InventedWording.badRequest))
        case .unsupportedGrouping: PlainReply(Refusal(400, Wording.unsupportedGroupings([GroupBy.hour.rawValue])))
        case .allUnavailable: PlainReply(Refusal(400, Wording.allUnavailable))
        case .tokenNotFound: PlainReply(Refusal(401, Wording.tokenNotFound))
        case .unknownAuthorization: PlainReply(Refusal(401, Wording.unknownAuthorization))
        case .applicationUnauthorized: PlainReply(Refusal(401, Wording.applicationNotAuthorized))
        case .applicationForbidden: PlainReply(Refusal(403, Wording.applicationNotAuthorized))
        case .forbidden: PlainReply(Refusal(403, InventedWording.forbidden))
        case .notFound: PlainReply(404, Fault.pageDoesNotExist.bytes)
        case .notAcceptable: PlainReply(Refusal(406, Wording.gzipRequired))
        case .enhanceYourCalm: PlainReply(Refusal(420, InventedWording.rateLimited))
        case .tooManyRequests: PlainReply(Refusal(429, InventedWording.rateLimited))
        case .tooManyRequestsWithReset:
            PlainReply(Refusal(429, InventedWording.rateLimited), headers: quota.exhausted(at: now))
        case .tooManyRequestsWithRetryAfter(let milliseconds):
            PlainReply(
                Refusal(429, InventedWording.rateLimited),
                headers: [("Retry-After", "\((milliseconds + 999) / 1000)")]
            )
        case .internalServerError: PlainReply(Refusal(500, Wording.internalServerError))
        case .badGateway: PlainReply(page: 502, Fault.proxyErrorPage)
        case .serviceUnavailable: PlainReply(Refusal(503, InventedWording.serviceUnavailable))
        case .redirect: PlainReply(redirectTo: "/elsewhere")
        case .empty: PlainReply.empty
        case .rubbish: PlainReply(200, Array("]this is no JSON{".utf8))
        case .forbiddenTweets, .forbiddenTweetsByAuthor, .forbiddenMetric, .wrongShape, .wordCounts, .negativeCounts,
            .objectErrors, .refusedToken, .wrongContentType, .notGzipped, .truncatedGzip, .corruptGzip, .hangUp,
            .cutAfterHead, .cut, .reset, .resetInBody, .delay, .drip, .stall:
            nil
        }
    }

    /// What is answered instead by the token service, whose errors are objects.
    func tokenReplacement(at now: UnixTime, quota: Quota) -> PlainReply? {
        switch self {
        case .forbidden: TokenService.reply(403, TokenService.credentialsError)
        case .refusedToken: TokenService.reply(200, TokenService.answer(token: "SANDBOXREFUSEDTOKEN"))
        default: befalls(.token) ? replacement(at: now, quota: quota) : nil
        }
    }

    /// The refusal of a call for what it names, if the fault is one of those that do.
    func refusal(of body: InsightsBody, in world: SandboxWorld) -> Refusal? {
        switch self {
        case .forbiddenTweets(let count):
            return Refusal(403, Wording.forbidden(Fault.first(count, of: body)))
        case .forbiddenTweetsByAuthor(let count):
            return Refusal(403, Wording.forbiddenByAuthor(Fault.first(count, of: body), in: world))
        case .forbiddenMetric:
            return body.engagementTypes?.first.flatMap { EngagementType(wireName: $0) }.map { type in
                Refusal(403, Wording.forbiddenMetrics([type]))
            }
        default: return nil
        }
    }

    /// The first Tweets as the call lists them, each once.
    private static func first(_ count: Int, of body: InsightsBody) -> [TweetID] {
        var tweets: [TweetID] = []
        for tweet in body.tweetIDs ?? [] where tweets.count < count && !tweets.contains(tweet) { tweets.append(tweet) }
        return tweets
    }

    /// What api.twitter.com says of an unknown path (dossier §7).
    private static let pageDoesNotExist = JSONValue.object([
        .init(
            "errors",
            .array([
                .object([.init("message", .string("Sorry, that page does not exist")), .init("code", .integer(34))])
            ])
        )
    ])

    private static let proxyErrorPage =
        "<html><head><title>502 Proxy Error</title></head><body>Proxy Error</body></html>"
}

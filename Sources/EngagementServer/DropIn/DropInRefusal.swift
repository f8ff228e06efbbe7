internal import Bytes
internal import Engagement
internal import EngagementAPI
internal import GraphQL
internal import JSON
internal import MetricLoader

/// A call that is answered with an error: `{"errors":["…"]}`, strings and not objects (dossier §7).
///
/// Where the API's sentence is known it is used letter by letter, since clients look for it. Where it is not, clients can
/// depend on the status only, and the sentence is written for the person who reads it.
internal struct DropInRefusal: Error, Sendable {
    let status: Int
    let error: String
    var headers: [(name: String, value: String)] = []
    /// What was wrong, for the operator's log; the caller is not told.
    var explanation: String?

    init(_ status: Int, _ error: String) {
        self.status = status
        self.error = error
    }

    var body: ByteString {
        var buffer = ByteBuffer()
        buffer.append(json: .object([.init("errors", .array([.string(error)]))]))
        return buffer.freeze()
    }
}

// MARK: - In the API's words

extension DropInRefusal {
    static let gzipRequired = DropInRefusal(
        406,
        "This request requires gzip compression. Retry the request after setting 'Accept-Encoding' header in the request to"
            + " 'gzip'."
    )

    /// No `Authorization`, another scheme, or a bearer token where a user's is needed.
    static let unknownAuthorization = unauthenticated("Unknown Authorization Type", explanation: nil)

    /// Everything else that is wrong with credentials: a caller that could tell a bad signature from an unknown key would
    /// learn which keys there are.
    static func tokenNotFound(_ explanation: String) -> DropInRefusal {
        unauthenticated("Access token not found", explanation: explanation)
    }

    /// A key has made all requests of its minute: in the words that the official Ruby client looks for.
    static func rateLimited(_ refusal: AccessRefusal) -> DropInRefusal {
        var limited = DropInRefusal(429, "Rate limit exceeded: \(refusal.message)")
        limited.headers = refusal.headers
        return limited
    }

    /// A key has used up its calls.
    static func callsExhausted(_ seconds: Int64) -> DropInRefusal {
        var limited = DropInRefusal(429, "Rate limit exceeded: \(CallBudget.exhausted.message)")
        limited.headers = [(name: "Retry-After", value: String(seconds))]
        return limited
    }

    static let allUnavailable = DropInRefusal(400, "Tweet ID(s) are unavailable")

    static func unsupportedGroupings(_ names: [String]) -> DropInRefusal {
        DropInRefusal(
            400,
            "One or more of the groupBys you have specified are not supported: (\(names.joined(separator: ", "))). Please"
                + " adjust your request and try again."
        )
    }

    static func forbiddenMetrics(_ types: [EngagementType]) -> DropInRefusal {
        DropInRefusal(403, "Forbidden to access metrics: \(types.map(\.wireName).sorted().joined(separator: ", "))")
    }

    /// Clients take the ids from behind the colon, and send the call again without them.
    static func forbiddenTweets(_ tweets: [TweetID]) -> DropInRefusal {
        DropInRefusal(403, "Forbidden to access tweets: \(tweets.map(\.description).joined(separator: ", "))")
    }

    private static func unauthenticated(_ reason: String, explanation: String?) -> DropInRefusal {
        var refusal = DropInRefusal(401, "Your account could not be authenticated. Reason: \(reason)")
        refusal.explanation = explanation
        return refusal
    }
}

// MARK: - In ours

extension DropInRefusal {
    static let notFound = DropInRefusal(404, "There is no such path.")

    static let contentType = DropInRefusal(400, "The Content-Type must be application/json.")

    static var methodNotAllowed: DropInRefusal {
        var refusal = DropInRefusal(405, "Only POST is allowed here.")
        refusal.headers = [(name: "Allow", value: "POST")]
        return refusal
    }

    static func badRequest(_ reason: String) -> DropInRefusal { DropInRefusal(400, reason) }

    /// What became of a call to the API whose numbers were needed. What the API says of the caller's own credentials is
    /// passed on; what is wrong between the API and us is not the caller's to mend.
    init(_ failure: LoadFailure, of caller: Caller) {
        let isOwn = failure.access == .account(caller.account)
        switch failure.error.code {
        case .rateLimited:
            // "rate limit" is what the official Ruby client looks for.
            self.init(429, "Rate limit exceeded: no call is left for now.")
        case .appNotAllowListed: self.init(403, "Your application id is not authorized.")
        case .unauthenticated where isOwn, .tokenRefused where isOwn:
            self = .tokenNotFound("the Engagement API refused the credentials of account \(caller.account)")
        case .forbidden where isOwn: self.init(403, failure.error.reason)
        default: self.init(503, "The Engagement API gave no numbers: \(failure.error.reason).")
        }
    }
}

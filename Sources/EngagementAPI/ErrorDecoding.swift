internal import Bytes
internal import Engagement
internal import JSON

/// The sentences of an error body, whichever of its shapes it has.
internal enum ErrorBody {
    /// A sentence and, from the token service, its number.
    internal struct Message: Equatable, Sendable {
        var code: Int?
        var text: String
    }

    /// Far more than the API has ever been seen to say.
    private static let maximumBytes = 256 * 1024
    private static let maximumMessages = 64

    /// What `body` says, or nothing if it is no JSON. Text and HTML are not repeated: a proxy may put anything there.
    internal static func messages(in body: [UInt8]) -> [Message] {
        guard body.count <= maximumBytes, let value = try? JSONValue(parsing: body) else { return [] }
        return messages(in: value["errors"] ?? value["error"] ?? .null)
    }

    /// The sentences of an `errors` member: strings on this API, objects with `message` and `code` on api.twitter.com.
    internal static func messages(in errors: JSONValue) -> [Message] {
        switch errors {
        case .string(let text): [Message(text: text)]
        case .object: [message(errors)].compactMap(\.self)
        case .array(let elements): elements.prefix(maximumMessages).compactMap(message)
        case .null, .boolean, .integer, .number: []
        }
    }

    private static func message(_ element: JSONValue) -> Message? {
        if let text = element.string { return Message(text: text) }
        guard let text = element["message"]?.string else { return nil }
        return Message(code: element["code"]?.integer.flatMap { Int(exactly: $0) }, text: text)
    }
}

/// Turns a response that is no 200 into its error: dossier §7, row by row.
internal struct ErrorDecoding {
    /// The HTTP status.
    let status: Int
    /// What the body said.
    let messages: [String]
    /// The Tweets of the call, which limits what a message can claim to be forbidden.
    let tweets: [TweetID]
    /// What the headers said of the quota.
    let rateLimit: RateLimit?
    /// When a refused call may be sent again, if the headers said so.
    let resetAt: UnixTime?

    /// The error, still without an account.
    internal var error: EngagementAPIError {
        let (code, reason) = classified
        let words = messages.joined(separator: "; ")
        var error = EngagementAPIError(
            code,
            words.isEmpty ? reason : String(words.prefix(1000)),
            status: status,
            rateLimit: rateLimit
        )
        if case .forbiddenTweets = code { error.authors = authors }
        return error
    }

    private var classified: (EngagementAPIError.Code, String) {
        switch status {
        case 300..<400: (.redirected, "the API redirects elsewhere, which is not followed")
        case 400, 413, 414, 415, 422: (badRequest, "the API refused the request")
        case 401: (forbidden ?? .unauthenticated, "not authenticated")
        case 403: (forbidden ?? .forbidden, "the API forbids this")
        case 404: (.notFound, "the API has no such path; is the base URL right?")
        case 406: (.notAcceptable, "the API requires gzip")
        case 420, 429: (.rateLimited(resetAt: resetAt), "the rate limit is reached")
        case 502: (.badGateway, "a proxy had no answer from the API")
        case 503: (.overloaded, "the API is overloaded or down")
        case 500..<600: (.serverError, "the API failed")
        default: (.unexpectedStatus, "the API answered with an unexpected status")
        }
    }

    private var badRequest: EngagementAPIError.Code {
        if says("groupbys you have specified are not supported") { return .unsupportedGrouping }
        if says("tweet id(s) are unavailable") { return .tweetsUnavailable }
        return .badRequest
    }

    /// What is forbidden, by the words alone: it is not certain which of the two statuses they come with. Nil if they do not
    /// tell. A list that cannot be read, or names nothing of the call, is no list to heal by: resending would change nothing.
    private var forbidden: EngagementAPIError.Code? {
        if says("application id is not authorized") { return .appNotAllowListed }
        let forbiddenTweets = Set(listed(after: "forbidden to access tweets").compactMap { TweetID($0) })
        let named = tweets.filter(forbiddenTweets.contains)
        if !named.isEmpty { return .forbiddenTweets(named) }
        let metrics = listed(after: "forbidden to access metrics")
        return metrics.isEmpty ? nil : .forbiddenMetrics(metrics)
    }

    /// Whose the forbidden Tweets of the call are, from messages of the older wording: "… for author id N: ids".
    private var authors: [TweetID: String] {
        let asked = Set(tweets)
        var authors: [TweetID: String] = [:]
        for message in messages where message.lowercased().hasPrefix(ErrorDecoding.authorWording) {
            let rest = message.dropFirst(ErrorDecoding.authorWording.count)
            let author = rest.prefix { $0 != ":" }.filter { !$0.isWhitespace }
            guard UInt64(author) != nil else { continue }
            for id in rest.drop(while: { $0 != ":" }).split(whereSeparator: { ":, ".contains($0) }) {
                guard let tweet = TweetID(id), asked.contains(tweet) else { continue }
                authors[tweet] = author
            }
        }
        return authors
    }

    private static let authorWording = "forbidden to access tweets for author id"

    /// The wording's case is not certain (dossier §7), so it is ignored.
    private func says(_ words: String) -> Bool {
        messages.contains { $0.lowercased().contains(words) }
    }

    /// The elements behind the last colon of every message that begins with `words`. The older wording names one author a
    /// message, so there can be several.
    private func listed(after words: String) -> [String] {
        messages.filter { $0.lowercased().hasPrefix(words) }.flatMap { message in
            let list = message.split(separator: ":", omittingEmptySubsequences: false).dropFirst().last ?? ""
            return list.split { $0 == "," || $0.isWhitespace }.map(String.init)
        }
    }
}

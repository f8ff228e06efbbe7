internal import Engagement

/// The texts of errors that are known from the API's documents or seen in real clients, letter by letter (dossier §7).
enum Wording {
    static let gzipRequired =
        "This request requires gzip compression. Retry the request after setting 'Accept-Encoding' header in the request to"
        + " 'gzip'."

    static let unknownAuthorization = authenticationFailed("Unknown Authorization Type")

    static let tokenNotFound = authenticationFailed("Access token not found")

    /// Only the sentence is known, not how it is introduced, in what case, and under which status.
    static let applicationNotAuthorized = "Your application id is not authorized."

    static let allUnavailable = "Tweet ID(s) are unavailable"

    static let internalServerError = "internal server error"

    static func authenticationFailed(_ reason: String) -> String {
        "Your account could not be authenticated. Reason: \(reason)"
    }

    static func unsupportedGroupings(_ names: [String]) -> String {
        "One or more of the groupBys you have specified are not supported: (\(names.joined(separator: ", ")))."
            + " Please adjust your request and try again."
    }

    static func forbiddenMetrics(_ types: [EngagementType]) -> String {
        "Forbidden to access metrics: \(types.map(\.wireName).joined(separator: ", "))"
    }

    static func forbidden(_ tweets: [TweetID]) -> String {
        "Forbidden to access tweets: \(list(tweets))"
    }

    static func forbidden(_ tweets: [TweetID], author: String) -> String {
        "Forbidden to access tweets for author id \(author): \(list(tweets))"
    }

    /// A string for each author, ordered by the author's id.
    static func forbiddenByAuthor(_ tweets: [TweetID], in world: SandboxWorld) -> [String] {
        let byAuthor = Dictionary(grouping: tweets) { world.owner(of: $0).userID }
        return byAuthor.sorted { $0.key < $1.key }.map { forbidden($0.value, author: $0.key) }
    }

    static func unavailable(_ count: Int) -> String {
        "\(count) Tweet ID(s) are unavailable"
    }

    /// The documents print `TIME_PERIOD` for what stands in the parentheses; what it looks like is our invention.
    static func olderThanNinetyDays(before limit: UnixTime) -> String {
        "Impressions & engagements for tweets older than 90 days (\(limit.iso8601)) are not supported"
    }

    private static func list(_ tweets: [TweetID]) -> String {
        tweets.map(\.description).joined(separator: ", ")
    }
}

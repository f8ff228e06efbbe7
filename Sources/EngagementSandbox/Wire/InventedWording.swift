/// Texts of errors that nobody has published (dossier §12, "nothing found"). The API surely says something else: a client
/// must not depend on any of them, only on the status. They are written to help the person who reads them.
enum InventedWording {
    static let notFound = "There is no such path."
    static let notRecorded = "No exchange with this path and this body was recorded."
    static let methodNotAllowed = "Only POST is allowed here."
    static let rateLimited = "Rate limit exceeded: no call is left for now."
    static let badRequest = "The request cannot be served as it is."
    static let forbidden = "This is not for you."
    static let serviceUnavailable = "The service is unavailable."

    static let missingGrantType = "Missing required parameter: grant_type"

    // Authentication: the known opening with a reason of ours.

    static let malformedAuthorization = Wording.authenticationFailed("The Authorization header is malformed")
    static let signatureMethod = Wording.authenticationFailed("Only HMAC-SHA1 with oauth_version 1.0 is supported")
    static let badSignature = Wording.authenticationFailed("Invalid signature")
    static let badTimestamp = Wording.authenticationFailed("Timestamp out of bounds")
    static let reusedNonce = Wording.authenticationFailed("Nonce already used")
    static let badBodyHash = Wording.authenticationFailed("Body hash does not match the body")

    // The request's body.

    static let contentType = "The Content-Type must be application/json."
    static let emptyGroupings = "groupings must have at least one member."

    static func malformed(_ reason: String) -> String { "The request is not valid JSON: \(reason)." }
    static func unknownKey(_ key: String) -> String { "Unknown key: \(key)." }
    static func missingKey(_ key: String) -> String { "Missing key: \(key)." }
    static func wrongKind(_ key: String, expected: String) -> String { "\(key) must be \(expected)." }
    static func emptyArray(_ key: String) -> String { "\(key) must not be empty." }
    static func invalidTweetID(_ text: String) -> String { "Not a Tweet ID: \(text)." }
    static func tooManyTweets(_ limit: Int) -> String { "At most \(limit) Tweet IDs are allowed per request." }
    static let repeatedTweet = "A Tweet ID stands twice in tweet_ids."
    static let badGzip = "The body is not gzip, although Content-Encoding says so."
    static func unknownType(_ name: String) -> String { "Unknown engagement type: \(name)." }

    static func tooManyGroupings(_ limit: Int) -> String { "At most \(limit) groupings are allowed per request." }
    static func reservedGrouping(_ name: String) -> String { "A grouping must not be named \(name)." }
    static func repeatedGrouping(_ name: String) -> String { "Two groupings are named \(name)." }
    static func malformedGrouping(_ name: String) -> String { "Grouping \(name) must be {\"group_by\": [names]}." }
    static func repeatedGroupBy(_ name: String) -> String { "Grouping \(name) names a groupBy twice." }
    static func fourLevelOrder(_ name: String) -> String {
        "Grouping \(name) has four groupBys in an order that is not allowed."
    }
    static let tooManyFourLevelGroupings = "At most one grouping with four groupBys is allowed per request."

    static func unexpectedWindow(_ key: String) -> String { "\(key) is allowed for historical only." }
    static func invalidTime(_ key: String) -> String { "\(key) must be YYYY-MM-DD or YYYY-MM-DDTHH:MM:SSZ." }
    static let halfAWindow = "start and end must be given together."
    static let emptyWindow = "start must lie before end."
    static let longWindow = "The time between start and end must not exceed 4 weeks."
    static let futureWindow = "end must not lie in the future."
    static func earlyWindow(_ limit: String) -> String { "start must not lie before \(limit)." }
}

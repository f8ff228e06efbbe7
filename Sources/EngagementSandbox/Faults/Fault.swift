/// One way in which a call goes wrong: every row of dossier §7, and what networks and proxies do to an answer. ``name`` is
/// what settings call it.
public enum Fault: Equatable, Sendable {
    // MARK: Refused, whatever the call is

    /// 400 in words of ours.
    case badRequest
    /// 400 for a dimension that is not supported, in the known words.
    case unsupportedGrouping
    /// 400 as if every Tweet were gone, in the known words.
    case allUnavailable
    /// 401 as for a token that nobody knows, in the known words.
    case tokenNotFound
    /// 401 as for another scheme than OAuth and Bearer, in the known words.
    case unknownAuthorization
    /// 401 as for an app that is not allow-listed. Which of the two statuses is right is not known.
    case applicationUnauthorized
    /// 403 as for an app that is not allow-listed.
    case applicationForbidden
    /// 403 in words of ours, which name neither Tweets nor metrics. At the token service, the known answer for a wrong consumer
    /// key or secret.
    case forbidden
    /// 404 with the body of another host, whose `errors` are objects.
    case notFound
    /// 406 as if gzip were not accepted.
    case notAcceptable
    /// 420, the status for too many calls that this API's elder relatives used.
    case enhanceYourCalm
    /// 429 without any header that says when to come back.
    case tooManyRequests
    /// 429 with the quota's headers: none left, and the next minute as the reset.
    case tooManyRequestsWithReset
    /// 429 with `Retry-After`, so many milliseconds in whole seconds, rounded up.
    case tooManyRequestsWithRetryAfter(milliseconds: Int)
    /// 500 with the API's own text.
    case internalServerError
    /// 502 with a proxy's HTML page, not JSON.
    case badGateway
    /// 503.
    case serviceUnavailable
    /// 302 to another path of the sandbox, which a signed POST must not follow.
    case redirect

    // MARK: Refused for what the call names

    /// 403 for the first Tweets that the call names, whoever owns them.
    case forbiddenTweets(Int)
    /// The same in the older wording, with a string for each author.
    case forbiddenTweetsByAuthor(Int)
    /// 403 for the first metric that the call names.
    case forbiddenMetric

    // MARK: 200 with another content

    /// Nothing.
    case empty
    /// Text that is no JSON.
    case rubbish
    /// The answer in an array, where an object belongs.
    case wrongShape
    /// Words in place of counts.
    case wordCounts
    /// Every count is -1.
    case negativeCounts
    /// `errors` as objects with `code` and `message`, not strings.
    case objectErrors
    /// An access token that the API does not know. From the token service only.
    case refusedToken

    // MARK: The true answer, spoilt on its way

    /// The right body under `text/html`.
    case wrongContentType
    /// The right body, but not gzipped.
    case notGzipped
    /// A gzip body that ends early, though the HTTP message is whole.
    case truncatedGzip
    /// A gzip body with damaged content.
    case corruptGzip
    /// The connection closes before the status line.
    case hangUp
    /// The connection closes after the head, before the first byte of the body.
    case cutAfterHead
    /// The connection closes in the middle of the body.
    case cut
    /// The connection is reset before the status line.
    case reset
    /// The connection is reset in the middle of the body.
    case resetInBody

    // MARK: The true answer, late or never

    /// After so many milliseconds.
    case delay(milliseconds: Int)
    /// A few bytes at a time, with so many milliseconds between.
    case drip(milliseconds: Int)
    /// Never: the connection closes without an answer after so many milliseconds.
    case stall(milliseconds: Int)
}

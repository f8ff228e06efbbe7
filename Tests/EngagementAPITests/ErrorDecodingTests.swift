import Engagement
import Gzip
import Testing

@testable import EngagementAPI

@Suite("Errors of dossier §7")
struct ErrorDecodingTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let status: Int
        let body: String
        let code: EngagementAPIError.Code
        var isRetryable = false
        var testDescription: String { "\(status) \(body.prefix(60))" }
    }

    @Test("The older wording says whose the Tweets are, and only of Tweets that were asked for")
    func authors() {
        let error = ErrorDecoding(
            status: 403,
            messages: [
                "Forbidden to access tweets for author id 2244994945: 123456789, 223456789, 999",
                "forbidden to access tweets for author id nobody: 5",
            ],
            tweets: Self.tweets,
            rateLimit: nil,
            resetAt: nil
        ).error
        #expect(error.authors == [Self.tweets[0]: "2244994945", Self.tweets[1]: "2244994945"])
    }

    /// The Tweets of the call that the rows answer.
    static let tweets = [TweetID(rawValue: 123_456_789), TweetID(rawValue: 223_456_789), TweetID(rawValue: 5)]

    static let rows = [
        Row(status: 400, body: "", code: .badRequest),
        Row(status: 400, body: #"{"errors":["no such date"]}"#, code: .badRequest),
        Row(
            status: 400,
            body: #"{"errors":["One or more of the groupBys you have specified are not supported: (engagement.hour). "#
                + #"Please adjust your request and try again."]}"#,
            code: .unsupportedGrouping
        ),
        Row(status: 400, body: #"{"errors":["Tweet ID(s) are unavailable"]}"#, code: .tweetsUnavailable),
        Row(status: 400, body: #"{"errors":["3 Tweet ID(s) are unavailable"]}"#, code: .tweetsUnavailable),
        Row(
            status: 401,
            body: #"{"errors":["Your account could not be authenticated. Reason: Access token not found"]}"#,
            code: .unauthenticated
        ),
        Row(
            status: 401,
            body: #"{"errors":["Your account could not be authenticated. Reason: Unknown Authorization Type"]}"#,
            code: .unauthenticated
        ),
        Row(status: 401, body: #"{"errors":["Your Application ID is not authorized."]}"#, code: .appNotAllowListed),
        Row(status: 403, body: #"{"errors":["your application id is not authorized."]}"#, code: .appNotAllowListed),
        Row(
            status: 403,
            body: #"{"errors":["Forbidden to access tweets: 123456789, 223456789"]}"#,
            code: .forbiddenTweets([tweets[0], tweets[1]])
        ),
        Row(
            status: 403,
            body: #"{"errors":["Forbidden to access tweets for author id 2244994945: 123456789","#
                + #""Forbidden to access tweets for author id 5: 223456789,999"]}"#,
            code: .forbiddenTweets([tweets[0], tweets[1]])
        ),
        Row(
            status: 401,
            body: #"{"errors":["Forbidden to access tweets: 123456789"]}"#,
            code: .forbiddenTweets([tweets[0]])
        ),
        Row(
            status: 401,
            body: #"{"errors":["Forbidden to access metrics: retweets"]}"#,
            code: .forbiddenMetrics(["retweets"])
        ),
        Row(status: 401, body: #"{"errors":["Forbidden to access tweets"]}"#, code: .unauthenticated),
        Row(status: 403, body: #"{"errors":["Forbidden to access tweets: 999"]}"#, code: .forbidden),
        Row(status: 403, body: #"{"errors":["Forbidden to access tweets"]}"#, code: .forbidden),
        Row(
            status: 403,
            body: #"{"errors":["Forbidden to access metrics: retweets, favorites"]}"#,
            code: .forbiddenMetrics(["retweets", "favorites"])
        ),
        Row(status: 403, body: #"{"errors":["no"]}"#, code: .forbidden),
        Row(
            status: 404,
            body: #"{"errors":[{"message":"Sorry, that page does not exist","code":34}]}"#,
            code: .notFound
        ),
        Row(
            status: 406,
            body: #"{"errors":["This request requires gzip compression. Retry the request after setting "#
                + #"'Accept-Encoding' header in the request to 'gzip'."]}"#,
            code: .notAcceptable
        ),
        Row(status: 429, body: #"{"errors":["Rate limit"]}"#, code: .rateLimited(resetAt: nil), isRetryable: true),
        Row(status: 420, body: "", code: .rateLimited(resetAt: nil), isRetryable: true),
        Row(status: 500, body: #"{"errors":["internal server error"]}"#, code: .serverError, isRetryable: true),
        Row(status: 502, body: "<html>Proxy Error</html>", code: .badGateway, isRetryable: true),
        Row(status: 503, body: "", code: .overloaded, isRetryable: true),
        Row(status: 504, body: "\0\u{1}", code: .serverError, isRetryable: true),
        Row(status: 302, body: "", code: .redirected),
        Row(status: 204, body: "", code: .unexpectedStatus),
        Row(status: 418, body: #"{"errors":{"a":1}}"#, code: .unexpectedStatus),
        Row(
            status: 400,
            body: #"{"errors":[1,null,{"message":"Tweet ID(s) are unavailable"}]}"#,
            code: .tweetsUnavailable
        ),
        Row(status: 400, body: #"{"error":"Tweet ID(s) are unavailable"}"#, code: .tweetsUnavailable),
    ]

    enum Packing: CaseIterable, Sendable {
        case plain
        case gzip
        case gzipWithoutHeader
    }

    @Test("each row has its code, packed or not", arguments: rows, Packing.allCases)
    func codes(row: Row, packing: Packing) async throws {
        let plain = Array(row.body.utf8)
        let answer = TransportResponse(
            status: row.status,
            headers: packing == .gzip ? [HTTPHeader("content-encoding", "gzip")] : [],
            body: packing == .plain ? plain : Gzip.compress(plain)
        )
        let bench = Bench(ScriptedTransport([.success(answer)]))
        let call = EngagementCall(endpoint: .totals, tweets: ErrorDecodingTests.tweets, types: .publicTotals)
        let error = try #require(await bench.outcome(call).error)
        #expect(error.code == row.code)
        #expect(error.isRetryable == row.isRetryable)
        #expect(error.status == row.status)
        #expect(error.account == Known.account)
        #expect(!error.reason.isEmpty)
    }

    @Test("the API's own words are the reason")
    func reason() async throws {
        let bench = Bench(ScriptedTransport(status: 401, #"{"errors":["a","b"]}"#))
        let error = try #require(await bench.outcome().error)
        #expect("\(error)" == "status 401: a; b (account acme)")
    }

    @Test("an error body that cannot be unpacked still has its status")
    func damaged() async {
        let answer = TransportResponse(status: 500, headers: [HTTPHeader("Content-Encoding", "gzip")], body: [1, 2, 3])
        #expect(await Bench(ScriptedTransport([.success(answer)])).outcome().error?.code == .serverError)
    }

    @Test("errors are equal by their code alone")
    func equality() {
        #expect(EngagementAPIError(.badRequest, "a", status: 400) == EngagementAPIError(.badRequest, "b"))
        #expect(EngagementAPIError(.badRequest, "a") != EngagementAPIError(.forbidden, "a"))
    }
}

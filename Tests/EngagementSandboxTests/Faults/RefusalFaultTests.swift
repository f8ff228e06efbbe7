import Engagement
import EngagementSandbox
import JSON
import Testing

/// Every row of the error table (dossier §7) can be had on demand, in the words that are known.
@Suite struct RefusalFaultTests {
    private static let failed = "Your account could not be authenticated. Reason: "
    /// Globex's and a stranger's, in the order in which the call names them.
    private let tweets = [
        TweetID(rawValue: 1_802_997_363_221_987_329), TweetID(rawValue: 1_765_017_450_569_535_488),
        TweetID(rawValue: 1_785_265_636_840_173_569),
    ]

    struct Row: Sendable, CustomTestStringConvertible {
        let fault: Fault
        let status: Int
        /// The strings of `errors`; nil where nobody knows them, so that a client must not either.
        var errors: [String]?

        var testDescription: String { fault.name }

        init(_ fault: Fault, _ status: Int, _ errors: String...) {
            self.fault = fault
            self.status = status
            self.errors = errors.isEmpty ? nil : errors
        }
    }

    @Test(
        "A refusal comes with its status and words, once, whatever the call is",
        arguments: [
            Row(.badRequest, 400),
            Row(
                .unsupportedGrouping,
                400,
                "One or more of the groupBys you have specified are not supported: (engagement.hour). Please adjust your"
                    + " request and try again."
            ),
            Row(.allUnavailable, 400, "Tweet ID(s) are unavailable"),
            Row(.tokenNotFound, 401, failed + "Access token not found"),
            Row(.unknownAuthorization, 401, failed + "Unknown Authorization Type"),
            Row(.applicationUnauthorized, 401, "Your application id is not authorized."),
            Row(.applicationForbidden, 403, "Your application id is not authorized."),
            Row(.forbidden, 403),
            Row(.forbiddenTweets(1), 403, "Forbidden to access tweets: 1802997363221987329"),
            Row(.forbiddenTweets(2), 403, "Forbidden to access tweets: 1802997363221987329, 1765017450569535488"),
            Row(
                .forbiddenTweetsByAuthor(2),
                403,
                "Forbidden to access tweets for author id 1000002: 1765017450569535488",
                "Forbidden to access tweets for author id 1000003: 1802997363221987329"
            ),
            Row(.forbiddenMetric, 403, "Forbidden to access metrics: retweets"),
            Row(
                .notAcceptable,
                406,
                "This request requires gzip compression. Retry the request after setting 'Accept-Encoding' header in the"
                    + " request to 'gzip'."
            ),
            Row(.enhanceYourCalm, 420), Row(.tooManyRequests, 429), Row(.tooManyRequestsWithReset, 429),
            Row(.tooManyRequestsWithRetryAfter(milliseconds: 1), 429),
            Row(.internalServerError, 500, "internal server error"), Row(.serviceUnavailable, 503),
        ]
    )
    func refusals(_ row: Row) throws {
        let bench = try Bench { $0.faults = FaultPlan([.init(row.fault, times: 1)]) }
        let request = body(tweets, ["retweets", "favorites"])
        let answer = try bench.call(.totals, request, as: .bearer)
        #expect(answer.status == row.status)
        #expect(answer.header("Content-Encoding") == "gzip")
        if let errors = row.errors { #expect(answer.errors == errors) } else { #expect(answer.errors.count == 1) }
        #expect(bench.endpoint.calls.map(\.fault) == [row.fault])
        #expect(try bench.call(.totals, request, as: .bearer).status == 200)
    }

    @Test("404 speaks as another host does: in objects")
    func notFound() throws {
        let bench = try Bench { $0.faults = FaultPlan([.init(.notFound)]) }
        let answer = try bench.call(.totals, body(tweets, ["favorites"]), as: .bearer)
        #expect(answer.status == 404)
        let expected = #"{"errors":[{"message":"Sorry, that page does not exist","code":34}]}"#
        #expect(text(answer.json) == expected)
    }

    @Test("A Tweet is named once, and no more are named than there are")
    func namedTweets() throws {
        let bench = try Bench { $0.faults = FaultPlan([.init(.forbiddenTweets(9))]) }
        let repeated = [tweets[2], tweets[2], tweets[1]]
        #expect(
            try bench.call(.totals, body(repeated, ["favorites"]), as: .bearer).errors == [
                "Forbidden to access tweets: 1785265636840173569, 1765017450569535488"
            ]
        )
    }

    @Test("429 comes without a header, with the quota's, or with Retry-After in seconds rounded up")
    func rateHeaders() throws {
        let bench = try Bench(at: "2024-10-01T12:20:40Z") {
            $0.quotaPerMinute = 7
            $0.faults = FaultPlan([
                .init(.tooManyRequests, times: 1), .init(.tooManyRequestsWithReset, times: 1),
                .init(.tooManyRequestsWithRetryAfter(milliseconds: 2001), times: 1),
            ])
        }
        let answers = try (0..<3).map { _ in try bench.call(.totals, body(tweets, ["favorites"]), as: .bearer) }
        #expect(answers.map(\.status) == [429, 429, 429])
        let names = answers.map { $0.headers.map { $0.name.lowercased() }.filter { !$0.hasPrefix("content-") } }
        #expect(
            names == [[], ["x-per-minute-limit", "x-per-minute-remaining", "x-per-minute-reset"], ["retry-after"]]
        )
        #expect(answers[1].header("x-per-minute-limit") == "7")
        #expect(answers[1].header("x-per-minute-remaining") == "0")
        #expect(answers[1].header("x-per-minute-reset") == "\(bench.now.seconds + 20)")
        #expect(answers[2].header("Retry-After") == "3")
    }

    @Test("Every fault has a name of its own, by which settings find it again")
    func names() throws {
        let all = Fault.all(milliseconds: 5, tweets: 2)
        #expect(Set(all.map(\.name)).count == all.count)
        for fault in all { #expect(Fault(name: fault.name, milliseconds: 5, tweets: 2) == fault) }
        let plan = try SandboxConfiguration(
            yaml: "faults: [{fault: 403-tweets, tweets: 2}, {fault: stall, milliseconds: 5}]",
            source: "f"
        ).faults
        #expect(plan == FaultPlan([.init(.forbiddenTweets(2)), .init(.stall(milliseconds: 5))]))
    }
}

import Engagement
import EngagementSandbox
import EngagementServer
import JSON
import TestSupport
import Testing

/// A fault that befalls one call of two costs that call's Tweets at most, whichever fault and whichever call it is.
@Suite(.serialized)
struct PartialFailureTests {
    /// What is left of 300 Tweets, which are asked for in calls of 250 and 50.
    enum Loss: Sendable {
        /// Nothing is lost.
        case nothing
        /// One Tweet is, and that is remembered.
        case oneTweet
        /// The Tweets of the call are, since its metric is forbidden, and that is remembered.
        case metric
        /// The Tweets of the call are.
        case call
        /// Those of the other one may be too: it is not sent any more, if it was not under way.
        case account
    }

    static func loss(of fault: Fault) -> Loss {
        switch fault {
        case .delay, .drip, .notGzipped, .objectErrors, .allUnavailable: .nothing
        case .forbiddenTweets, .forbiddenTweetsByAuthor: .oneTweet
        case .forbiddenMetric: .metric
        case .tokenNotFound, .unknownAuthorization, .applicationUnauthorized, .applicationForbidden, .tooManyRequests,
            .tooManyRequestsWithReset, .tooManyRequestsWithRetryAfter, .enhanceYourCalm:
            .account
        default: .call
        }
    }

    private static let tweets = (0..<300).map { sequence in
        // Of long ago, so that their numbers do not change any more.
        SandboxWorld.tweetID(postedAt: TestBed.start.advanced(bySeconds: -200_000_000), sequence: sequence)
    }

    @Test("The other call's Tweets have their numbers", arguments: Fault.all(milliseconds: 5))
    func otherCall(_ fault: Fault) async throws {
        // The token service alone has it.
        if fault == .refusedToken { return }
        let bed = try TestBed { server, _ in server.deadlineSeconds = 5 }
        bed.sandbox.setFaults(FaultPlan([.init(fault, times: 1)]))
        let lost = try await lostTweets(bed)
        #expect(bed.sandbox.calls.filter { $0.fault != nil }.count == 1)
        let sound = bed.sandbox.calls.filter { $0.fault == nil && $0.status == 200 }.flatMap(\.tweets)
        #expect(lost.isDisjoint(with: sound), "\(fault.name)")
        switch PartialFailureTests.loss(of: fault) {
        case .nothing: #expect(lost.isEmpty, "\(fault.name)")
        case .oneTweet: #expect(lost.count == 1, "\(fault.name)")
        case .metric, .call: #expect(lost.count == 50 || lost.count == 250, "\(fault.name): \(lost.count)")
        case .account: #expect([50, 250, 300].contains(lost.count), "\(fault.name): \(lost.count)")
        }
        try await heal(bed, fault, lost)
    }

    /// When the fault is over, what was lost is asked for and nothing else; what is remembered, when it is forgotten.
    private func heal(_ bed: TestBed, _ fault: Fault, _ lost: Set<TweetID>) async throws {
        switch PartialFailureTests.loss(of: fault) {
        case .nothing: return
        case .oneTweet, .metric: bed.clock.advance(seconds: 90_000)
        case .call, .account: bed.clock.advance(seconds: 60)
        }
        bed.sandbox.forgetCalls()
        #expect(try await lostTweets(bed).isEmpty, "\(fault.name)")
        let asked = Set(bed.sandbox.calls.flatMap(\.tweets))
        switch PartialFailureTests.loss(of: fault) {
        case .oneTweet, .metric: #expect(asked.isSuperset(of: lost), "\(fault.name)")
        default: #expect(asked == lost, "\(fault.name)")
        }
    }

    /// The Tweets without a number; the others' numbers are right, and the errors name these and no others.
    private func lostTweets(_ bed: TestBed) async throws -> Set<TweetID> {
        let answer = try await bed.ask(
            "query($ids: [ID!]!) { totals(tweetIds: $ids) { tweetId favorites } }",
            .object([.init("ids", .array(PartialFailureTests.tweets.map { .string($0.description) }))])
        )
        let rows = try #require(answer["data"]?["totals"]?.array)
        #expect(rows.compactMap { $0["tweetId"]?.string } == PartialFailureTests.tweets.map(\.description))
        var lost: Set<TweetID> = []
        for (tweet, row) in zip(PartialFailureTests.tweets, rows) {
            if let count = row["favorites"]?.integer {
                #expect(count == bed.sandbox.metrics.total(tweet: tweet, type: .favorites, asOf: bed.sandbox.now))
            } else {
                lost.insert(tweet)
            }
        }
        let named = (answer["errors"]?.array ?? []).flatMap { $0["extensions"]?["tweetIds"]?.array ?? [] }
        #expect(Set(named.compactMap { $0.string.flatMap(TweetID.init) }) == lost)
        return lost
    }
}

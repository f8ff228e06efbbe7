import Engagement
import Ledger
import TestSupport
import Testing

@Suite struct UsageForecastTests {
    /// Calls that may be made after ten Tweets were asked, and what there is to say of them under a policy.
    struct Case: Sendable {
        let calls: [(tweets: [TweetID], account: AccountName?)]
        let policy: UsagePolicy
        let newTweets: Int
        let refusedTweets: Int
    }

    static let cases = [
        Case(calls: [], policy: UsagePolicy(), newTweets: 0, refusedTweets: 0),
        Case(calls: [(tweets(0..<10), nil)], policy: UsagePolicy(), newTweets: 0, refusedTweets: 0),
        Case(calls: [(tweets(5..<15), nil)], policy: UsagePolicy(), newTweets: 5, refusedTweets: 0),
        // The same Tweet in two calls is new once.
        Case(
            calls: [(tweets(5..<15), nil), (tweets(8..<20), ada)],
            policy: UsagePolicy(),
            newTweets: 10,
            refusedTweets: 0
        ),
        Case(
            calls: [(tweets(5..<15), nil), (tweets(8..<20), nil)],
            policy: UsagePolicy(stopTweets: 13),
            newTweets: 3,
            refusedTweets: 7
        ),
        Case(calls: [(tweets(0..<5), bob)], policy: UsagePolicy(stopAccounts: 0), newTweets: 0, refusedTweets: 5),
    ]

    @Test("what calls would come to is what they come to, and it is not counted", arguments: cases)
    func told(_ test: Case) throws {
        let folder = try TemporaryFolder()
        let log = EventLog()
        let ledger = try makeLedger(folder, usage: test.policy, log: log)
        _ = ledger.usage.admit(tweets(0..<10), at: noon)
        ledger.flush()
        let (before, reached) = (ledger.usage.usage(at: noon), log.reached)
        for _ in 1...2 {
            let forecast = ledger.usage.forecast(test.calls, at: noon)
            #expect(
                forecast == UsageForecast(usage: before, newTweets: test.newTweets, refusedTweets: test.refusedTweets)
            )
        }
        #expect(ledger.usage.usage(at: noon) == before)
        #expect(log.reached == reached)

        let refused = test.calls.flatMap { ledger.usage.admit($0.tweets, of: $0.account, at: noon).refused }
        #expect(Set(refused).count == test.refusedTweets)
        #expect(ledger.usage.usage(at: noon).calendarMonth.tweets == 10 + test.newTweets)
    }

    @Test func `in the next month all of them are new again`() throws {
        let ledger = try makeLedger()
        _ = ledger.usage.admit(tweets(0..<10), at: noon)
        let april = time("2024-04-01T00:00:00Z")
        #expect(ledger.usage.forecast([(tweets(0..<10), nil)], at: april).newTweets == 10)
        #expect(ledger.usage.forecast([(tweets(0..<10), nil)], at: noon).newTweets == 0)
    }
}

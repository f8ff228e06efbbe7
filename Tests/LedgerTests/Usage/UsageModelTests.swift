import Engagement
import Foundation
import Ledger
import TestSupport
import Testing

/// A meter that is so simple that it is right: everything that was ever asked, and Foundation's calendar.
private struct UsageModel {
    let policy: UsagePolicy
    private var tweetDays: [TweetID: Set<Int>] = [:]
    private var accountDays: [String: Set<Int>] = [:]

    init(policy: UsagePolicy) {
        self.policy = policy
    }

    mutating func admit(_ tweets: [TweetID], of account: AccountName?, at now: UnixTime) -> UsageAdmission {
        if let account, let stop = policy.stopAccounts {
            let counted = accounts(policy.period, now)
            if !counted.contains(account.rawValue), counted.count >= stop {
                return UsageAdmission(refused: tweets, refusal: .stopAccounts)
            }
        }
        var admission = UsageAdmission()
        for tweet in tweets {
            let counted = self.tweets(policy.period, now)
            if counted.contains(tweet) || counted.count < policy.stopTweets ?? .max {
                admission.admitted.append(tweet)
                tweetDays[tweet, default: []].insert(day(now))
            } else {
                admission.refused.append(tweet)
                admission.refusal = .stopTweets
            }
        }
        if let account, !admission.admitted.isEmpty { note(account.rawValue, now) }
        return admission
    }

    mutating func note(_ account: String, _ now: UnixTime) {
        accountDays[account, default: []].insert(day(now))
    }

    func usage(at now: UnixTime) -> Usage {
        func count(_ period: UsagePeriod) -> Usage.Count {
            Usage.Count(tweets: tweets(period, now).count, accounts: accounts(period, now).count)
        }
        return Usage(calendarMonth: count(.calendarMonth), rolling30Days: count(.rolling30Days), policy: policy)
    }

    private func tweets(_ period: UsagePeriod, _ now: UnixTime) -> Set<TweetID> {
        let days = days(period, now)
        return Set(tweetDays.filter { $0.value.contains(where: days.contains) }.keys)
    }

    private func accounts(_ period: UsagePeriod, _ now: UnixTime) -> Set<String> {
        let days = days(period, now)
        return Set(accountDays.filter { $0.value.contains(where: days.contains) }.keys)
    }

    private func day(_ now: UnixTime) -> Int { Int(now.seconds / 86_400) }

    private func days(_ period: UsagePeriod, _ now: UnixTime) -> ClosedRange<Int> {
        let today = day(now)
        if period == .rolling30Days { return (today - 29)...today }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let dayOfMonth = calendar.component(.day, from: Date(timeIntervalSince1970: Double(now.seconds)))
        return (today + 1 - dayOfMonth)...today
    }
}

@Suite struct UsageModelTests {
    @Test(arguments: UsagePeriod.allCases, [false, true])
    func `the meter agrees with its model through months, restarts and flushes`(
        period: UsagePeriod,
        hasFile: Bool
    ) throws {
        let folder = try TemporaryFolder()
        var generator = SeededGenerator(seed: runSeed &+ (hasFile ? 1 : 0) &+ (period == .calendarMonth ? 2 : 0))
        let policy = UsagePolicy(period: period, stopTweets: 120, stopAccounts: 6)
        var ledger = try makeLedger(hasFile ? folder : nil, usage: policy)
        var model = UsageModel(policy: policy)
        var now = time("2023-12-20T21:00:00Z")
        for step in 0..<1500 {
            switch Int.random(in: 0..<100, using: &generator) {
            case 0..<4 where hasFile: ledger.flush()
            case 4..<8 where hasFile:
                ledger.close()
                ledger = try makeLedger(folder, usage: policy)
            case 8..<25:
                let seconds: [Int64] = [1, 1000, 40_000, 86_400, 3 * 86_400]
                now = now.advanced(bySeconds: seconds.randomElement(using: &generator) ?? 0)
            case 25: now = now.advanced(bySeconds: .random(in: 20...70, using: &generator) * 86_400)
            case 26..<30:
                let number = String(Int.random(in: 1...9, using: &generator))
                ledger.usage.note(authorIDs: [number, "no number"], at: now)
                model.note(number, now)
            case 30..<34:
                ledger.usage.note(accounts: [ada], at: now)
                model.note("ada", now)
            default:
                let some = randomTweets(&generator)
                let account = [nil, ada, bob, eve].randomElement(using: &generator) ?? nil
                let admission = ledger.usage.admit(some, of: account, at: now)
                let expected = model.admit(some, of: account, at: now)
                try #require(admission == expected, "step \(step), seed \(runSeed), \(now.iso8601)")
            }
            let usage = ledger.usage.usage(at: now)
            try #require(usage == model.usage(at: now), "step \(step), seed \(runSeed), \(now.iso8601)")
        }
    }

    /// Mostly neighbours in age, with repetitions.
    private func randomTweets(_ generator: inout SeededGenerator) -> [TweetID] {
        let first = Int.random(in: 0..<300, using: &generator)
        return tweets(
            (0..<Int.random(in: 0...20, using: &generator)).map { _ in
                first + .random(in: 0..<30, using: &generator)
            }
        )
    }
}

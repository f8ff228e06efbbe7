internal import Engagement

/// The counts as values: what the file has, what is being written to it, and what waits.
///
/// Each Tweet's last day of asking is in the newest of these that has it. The counts of the file change when a batch is
/// committed (``settle()``), in the same moment as the batch is forgotten; between commit and settling both have the same
/// days, so it does not matter which is looked at.
struct UsageTally: Sendable {
    private let policy: UsagePolicy
    /// The counts of the file; empty without one.
    private var written = DayCounts()
    private var writing = UsageBatch()
    private var waiting = UsageBatch()
    /// What ``written`` becomes when the transaction that is under way is committed.
    private var next: DayCounts?

    /// Accounts are few, so all are in memory.
    private var accounts: [AccountIdentity: UTCDay] = [:]
    private var accountDays = DayCounts()
    private var notices: [UsageThreshold: UsageNotice] = [:]

    private var day = UTCDay(index: .min)
    private var isToBeWritten = false

    struct News {
        let events: [LedgerEvent]
        let isToBeWritten: Bool
    }

    /// How many days are kept: two of the longest month.
    static let keptDays = 62

    init(policy: UsagePolicy) {
        self.policy = policy
    }

    // MARK: - Counting

    /// Begins a new day: forgets what lies behind.
    mutating func turn(to now: UnixTime) {
        let today = now.flooredHour.day
        guard today > day else { return }
        day = today
        let first = today.advanced(by: -UsageTally.keptDays)
        written.forget(before: first)
        writing.changes.forget(before: first)
        waiting.forget(before: first)
        accounts = accounts.filter { $0.value >= first }
        accountDays.forget(before: first)
    }

    /// See ``UsageMeter/admit(_:of:at:)``. `lastDays` looks into the file.
    mutating func admit(
        _ tweets: [TweetID],
        of account: AccountIdentity?,
        at now: UnixTime,
        lastDays: ([TweetID]) -> [UTCDay?]?
    ) -> UsageAdmission {
        let today = now.flooredHour.day
        let days = policy.period.days(at: now)
        if let account, !isCounted(accounts[account], days), accountDays.sum(of: days) >= policy.stopAccounts ?? .max {
            return UsageAdmission(refused: tweets, refusal: .stopAccounts)
        }
        var lasts = tweets.map(lastDay)
        let gaps = lasts.indices.filter { lasts[$0] == nil }
        if !gaps.isEmpty, let filed = lastDays(gaps.map { tweets[$0] }) {
            for (gap, day) in zip(gaps, filed) { lasts[gap] = day }
        }
        var count = tweetCount(days)
        var admission = UsageAdmission()
        admission.admitted.reserveCapacity(tweets.count)
        for (tweet, known) in zip(tweets, lasts) {
            // A Tweet that is named twice waits the second time.
            let last = waiting.tweets[tweet] ?? known
            if !isCounted(last, days) {
                guard count < policy.stopTweets ?? .max else {
                    admission.refused.append(tweet)
                    admission.refusal = .stopTweets
                    continue
                }
                count += 1
            }
            admission.admitted.append(tweet)
            let next = today.following(last)
            guard next != last else { continue }
            waiting.tweets[tweet] = next
            waiting.changes.move(from: last, to: next)
            isToBeWritten = true
        }
        if let account, !admission.admitted.isEmpty { note(account, at: now) }
        return admission
    }

    mutating func note(_ account: AccountIdentity, at now: UnixTime) {
        let last = accounts[account]
        let next = now.flooredHour.day.following(last)
        guard next != last else { return }
        accounts[account] = next
        accountDays.move(from: last, to: next)
        waiting.accounts[account] = next
        isToBeWritten = true
    }

    func usage(at now: UnixTime) -> Usage {
        func count(_ period: UsagePeriod) -> Usage.Count {
            let days = period.days(at: now)
            return Usage.Count(tweets: tweetCount(days), accounts: accountDays.sum(of: days))
        }
        return Usage(calendarMonth: count(.calendarMonth), rolling30Days: count(.rolling30Days), policy: policy)
    }

    /// The thresholds that are reached and were not reported in this period, and whether something waits to be written.
    mutating func takeNews(at now: UnixTime) -> News {
        let period = policy.period
        let days = period.days(at: now)
        let usage = usage(at: now)
        var events: [LedgerEvent] = []
        for threshold in UsageThreshold.allCases {
            guard let limit = policy.limit(of: threshold), usage.count(of: threshold) >= limit else { continue }
            if let notice = notices[threshold], notice.limit == limit, days.contains(notice.day) { continue }
            let notice = UsageNotice(limit: limit, day: now.flooredHour.day)
            notices[threshold] = notice
            waiting.notices[threshold] = notice
            isToBeWritten = true
            let count = usage.count(of: threshold)
            events.append(
                .usageReached(threshold, count: count, limit: limit, period: period, since: days.lowerBound)
            )
        }
        defer { isToBeWritten = false }
        return News(events: events, isToBeWritten: isToBeWritten)
    }

    private func lastDay(_ tweet: TweetID) -> UTCDay? { waiting.tweets[tweet] ?? writing.tweets[tweet] }

    private func isCounted(_ last: UTCDay?, _ days: ClosedRange<UTCDay>) -> Bool {
        last.map(days.contains) ?? false
    }

    private func tweetCount(_ days: ClosedRange<UTCDay>) -> Int {
        written.sum(of: days) + writing.changes.sum(of: days) + waiting.changes.sum(of: days)
    }

    // MARK: - Writing

    /// Takes in what a file that was just opened has besides Tweets; and the file, which may have taken another's place, gets
    /// what is known all the same.
    mutating func load(
        accounts filedAccounts: [AccountIdentity: UTCDay],
        notices filedNotices: [UsageThreshold: UsageNotice]
    ) {
        for (account, day) in filedAccounts where accounts[account].map({ $0 < day }) ?? true {
            accountDays.move(from: accounts[account], to: day)
            accounts[account] = day
        }
        for (account, day) in accounts where filedAccounts[account] != day { waiting.accounts[account] = day }
        notices.merge(filedNotices) { mine, _ in mine }
        for (threshold, notice) in notices where filedNotices[threshold] != notice {
            waiting.notices[threshold] = notice
        }
    }

    mutating func takeWaiting() -> UsageBatch {
        writing = waiting
        waiting = UsageBatch()
        return writing
    }

    /// The batch is in the file, which now has these counts, but not committed.
    mutating func hasWritten(_ counts: DayCounts) {
        next = counts
    }

    /// The batch is committed.
    mutating func settle() {
        writing = UsageBatch()
        if let next { written = next }
        next = nil
    }

    /// The batch was not committed.
    mutating func putBack() {
        next = nil
        writing.append(waiting)
        waiting = writing
        writing = UsageBatch()
    }
}

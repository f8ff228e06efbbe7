public import Engagement
internal import SQLite
internal import Synchronization

/// Counts the unique Tweets and unique accounts that are asked upstream, the units of the contract (dossier §8), and says
/// before each call what may still be asked.
///
/// - A Tweet is counted when ``admit(_:of:at:)`` admits it, whatever becomes of the call: the contract counts what is named.
/// - An account is counted when Tweets are asked with its token, or when a refusal names it as an author. The authors of
///   other public Tweets cannot be learnt from this API, so the count of accounts is a lower bound of what is billed. An
///   account that is known by its name and by its number counts twice.
/// - Counts of the current period are exact. A period that is over can no longer be asked about: of each Tweet only the last
///   day of asking is kept.
///
/// Admitting and noting are atomic, so calls at the same time never exceed a stop together. All methods may be called from
/// any thread.
public final class UsageMeter: Sendable {
    /// The thresholds.
    public let policy: UsagePolicy
    private let tally: Mutex<UsageTally>
    private let file: LedgerFile?
    private let report: @Sendable (LedgerEvent) -> Void

    init(policy: UsagePolicy, file: LedgerFile?, report: @escaping @Sendable (LedgerEvent) -> Void) {
        self.policy = policy
        self.file = file
        self.report = report
        tally = Mutex(UsageTally(policy: policy))
    }

    /// Which Tweets of a call may be asked; they are counted at once. `account` is the owner whose token will sign, nil for a
    /// call without one.
    ///
    /// Tweets that are counted in the period already may always be asked again. New ones may as long as the count stays
    /// within the stop, the first of `tweets` first. If the account is new and its stop is reached, all Tweets are refused.
    public func admit(_ tweets: [TweetID], of account: AccountName? = nil, at now: UnixTime) -> UsageAdmission {
        let account = account.map(AccountIdentity.name)
        let (admission, news) = tally.withLock { tally in
            tally.turn(to: now)
            let admission = tally.admit(tweets, of: account, at: now) { unknown in lastDays(of: unknown) }
            return (admission, tally.takeNews(at: now))
        }
        tell(news, now)
        return admission
    }

    /// Counts accounts whose Tweets were asked.
    public func note(accounts: [AccountName], at now: UnixTime) {
        note(accounts.map(AccountIdentity.name), now)
    }

    /// Counts the authors that a refusal named (dossier §7). What is no number is passed over.
    public func note(authorIDs: [String], at now: UnixTime) {
        note(authorIDs.compactMap(AccountIdentity.init(authorID:)), now)
    }

    /// The counts of both periods.
    public func usage(at now: UnixTime) -> Usage {
        tally.withLock { tally in
            tally.turn(to: now)
            return tally.usage(at: now)
        }
    }

    /// What asking these calls, one after the other, would come to. Nothing is counted.
    ///
    /// - Parameter calls: The Tweets of each, and the owner whose token would sign, nil for a call without one.
    public func forecast(_ calls: [(tweets: [TweetID], account: AccountName?)], at now: UnixTime) -> UsageForecast {
        // A copy counts, and is thrown away.
        var tally = tally.withLock { $0 }
        tally.turn(to: now)
        let usage = tally.usage(at: now)
        var refused: Set<TweetID> = []
        for call in calls {
            let account = call.account.map(AccountIdentity.name)
            let admission = tally.admit(call.tweets, of: account, at: now) { unknown in lastDays(of: unknown) }
            refused.formUnion(admission.refused)
        }
        return UsageForecast(
            usage: usage,
            newTweets: tally.usage(at: now)[policy.period].tweets - usage[policy.period].tweets,
            refusedTweets: refused.count
        )
    }

    private func note(_ accounts: [AccountIdentity], _ now: UnixTime) {
        let news = tally.withLock { tally in
            tally.turn(to: now)
            for account in accounts { tally.note(account, at: now) }
            return tally.takeNews(at: now)
        }
        tell(news, now)
    }

    /// The last days of asking in the file, nil for each Tweet that is not there. What cannot be read counts as not there:
    /// the writer, which looks for itself, corrects the counts.
    private func lastDays(of tweets: [TweetID]) -> [UTCDay?]? {
        file?.read { connection throws(SQLiteError) in try connection.usage.lastDays(of: tweets) }
    }

    private func tell(_ news: UsageTally.News, _ now: UnixTime) {
        for event in news.events { report(event) }
        if news.isToBeWritten { file?.wake(at: now) }
    }
}

extension UsageMeter: LedgerPart {
    func load(from connection: LedgerConnection) throws(SQLiteError) {
        let accounts = try connection.usage.accounts(connection.accounts)
        let notices = try connection.usage.notices()
        let counts = try connection.usage.counts()
        tally.withLock { tally in
            tally.load(accounts: accounts, notices: notices)
            tally.hasWritten(counts)
        }
    }

    func write(to connection: LedgerConnection, now: UnixTime) throws(SQLiteError) {
        if connection.isNew { try load(from: connection) }
        let batch = tally.withLock { $0.takeWaiting() }
        try connection.usage.write(batch, accounts: connection.accounts)
        if !batch.isEmpty {
            try connection.usage.sweep(before: now.flooredHour.day.advanced(by: -UsageTally.keptDays), for: batch)
        }
        let counts = try connection.usage.counts()
        tally.withLock { $0.hasWritten(counts) }
    }

    func settle() {
        tally.withLock { $0.settle() }
    }

    func putBack() {
        tally.withLock { $0.putBack() }
    }
}

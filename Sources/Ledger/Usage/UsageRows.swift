internal import Engagement
internal import SQLite

/// The rows of usage, over one connection.
final class UsageRows {
    private let selectTweet: Statement
    private let replaceTweet: Statement
    private let addDay: Statement
    private let selectDays: Statement
    private let replaceAccount: Statement
    private let selectAccounts: Statement
    private let replaceNotice: Statement
    private let selectNotices: Statement
    private let deleteDays: Statement
    private let deleteAccounts: Statement
    private let sweeper: Sweeper

    init(_ connection: Connection) throws(SQLiteError) {
        selectTweet = try connection.prepare("SELECT day FROM asked_tweets WHERE tweet = ?1")
        replaceTweet = try connection.prepare("INSERT OR REPLACE INTO asked_tweets (tweet, day) VALUES (?1, ?2)")
        addDay = try connection.prepare(
            """
            INSERT INTO asked_days (day, tweets) VALUES (?1, ?2)
            ON CONFLICT (day) DO UPDATE SET tweets = tweets + ?2
            """
        )
        selectDays = try connection.prepare("SELECT day, tweets FROM asked_days")
        replaceAccount = try connection.prepare("INSERT OR REPLACE INTO asked_accounts (account, day) VALUES (?1, ?2)")
        selectAccounts = try connection.prepare("SELECT account, day FROM asked_accounts")
        replaceNotice = try connection.prepare(
            "INSERT OR REPLACE INTO notices (threshold, value, day) VALUES (?1, ?2, ?3)"
        )
        selectNotices = try connection.prepare("SELECT threshold, value, day FROM notices")
        deleteDays = try connection.prepare("DELETE FROM asked_days WHERE day < ?1")
        deleteAccounts = try connection.prepare("DELETE FROM asked_accounts WHERE day < ?1")
        sweeper = try Sweeper(connection, table: "asked_tweets", expired: "day < ?3")
    }

    // MARK: - Reading

    /// The last days of asking, nil for each Tweet that is not there.
    func lastDays(of tweets: [TweetID]) throws(SQLiteError) -> [UTCDay?] {
        var days: [UTCDay?] = []
        days.reserveCapacity(tweets.count)
        for tweet in tweets { days.append(try lastDay(of: tweet)) }
        return days
    }

    private func lastDay(of tweet: TweetID) throws(SQLiteError) -> UTCDay? {
        selectTweet.bind(Int64(bitPattern: tweet.rawValue), at: 1)
        defer { selectTweet.reset() }
        return try selectTweet.step() ? day(selectTweet.integer(0)) : nil
    }

    /// How many Tweets were asked on which day for the last time.
    func counts() throws(SQLiteError) -> DayCounts {
        var counts = DayCounts()
        defer { selectDays.reset() }
        while try selectDays.step() {
            counts.add(Int(selectDays.integer(1)), on: day(selectDays.integer(0)))
        }
        return counts
    }

    /// The last day of asking of each account.
    func accounts(_ accounts: AccountNumbers) throws(SQLiteError) -> [AccountIdentity: UTCDay] {
        var days: [AccountIdentity: UTCDay] = [:]
        defer { selectAccounts.reset() }
        while try selectAccounts.step() {
            guard let account = try accounts.identity(selectAccounts.integer(0)) else { continue }
            days[account] = day(selectAccounts.integer(1))
        }
        return days
    }

    /// What was reported.
    func notices() throws(SQLiteError) -> [UsageThreshold: UsageNotice] {
        var notices: [UsageThreshold: UsageNotice] = [:]
        defer { selectNotices.reset() }
        while try selectNotices.step() {
            guard let threshold = UsageThreshold(rawValue: Int(selectNotices.integer(0))) else { continue }
            let limit = Int(selectNotices.integer(1))
            notices[threshold] = UsageNotice(limit: limit, day: day(selectNotices.integer(2)))
        }
        return notices
    }

    // MARK: - Writing

    /// Writes a batch. What it changes in the counts is found out here, from the rows: another process may have written.
    func write(_ batch: UsageBatch, accounts: AccountNumbers) throws(SQLiteError) {
        var changes = DayCounts()
        // In the order of the keys, neighbours share pages.
        for (tweet, asked) in batch.tweets.sorted(by: { $0.key < $1.key }) {
            let last = try lastDay(of: tweet)
            let next = asked.following(last)
            if next == last { continue }
            changes.move(from: last, to: next)
            replaceTweet.bind(Int64(bitPattern: tweet.rawValue), at: 1)
            replaceTweet.bind(Int64(next.index), at: 2)
            try replaceTweet.run()
        }
        for (day, count) in changes.days {
            addDay.bind(Int64(day.index), at: 1)
            addDay.bind(Int64(count), at: 2)
            try addDay.run()
        }
        for (account, day) in batch.accounts {
            replaceAccount.bind(try accounts.number(of: account), at: 1)
            replaceAccount.bind(Int64(day.index), at: 2)
            try replaceAccount.run()
        }
        for (threshold, notice) in batch.notices {
            replaceNotice.bind(Int64(threshold.rawValue), at: 1)
            replaceNotice.bind(Int64(notice.limit), at: 2)
            replaceNotice.bind(Int64(notice.day.index), at: 3)
            try replaceNotice.run()
        }
    }

    /// Deletes some of what was asked before `day` for the last time, in step with what a batch adds.
    func sweep(before day: UTCDay, for batch: UsageBatch) throws(SQLiteError) {
        for statement in [deleteDays, deleteAccounts] {
            statement.bind(Int64(day.index), at: 1)
            try statement.run()
        }
        try sweeper.sweep(expiredBefore: Int64(day.index), rows: batch.tweets.count)
    }

    private func day(_ index: Int64) -> UTCDay { UTCDay(index: Int32(clamping: index)) }
}

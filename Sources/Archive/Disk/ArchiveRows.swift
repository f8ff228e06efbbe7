internal import Engagement
internal import SQLite

/// The rows of an archive, over one connection.
///
/// - Note: `@unchecked Sendable` holds because ``ArchiveFile`` keeps the one that writes inside a mutex, and hands one that
///   reads to one thread at a time and takes it back under a lock before it hands it to the next.
final class ArchiveRows: @unchecked Sendable {
    private let connection: Connection
    private let selectScope: Statement
    private let insertScope: Statement
    private let selectRecord: Statement
    private let replaceRecord: Statement
    private let replaceUnavailable: Statement
    private let deleteUnavailable: Statement
    private let deleteOldest: Statement
    private let maximumPages: Int64

    /// Rows that make room at a time.
    private static let evictedAtOnce: Int64 = 256

    init(_ connection: Connection, maximumBytes: Int) throws(SQLiteError) {
        self.connection = connection
        selectScope = try connection.prepare("SELECT id FROM scopes WHERE name = ?1")
        insertScope = try connection.prepare("INSERT INTO scopes (name) VALUES (?1)")
        selectRecord = try connection.prepare("SELECT record FROM totals WHERE tweet = ?1 AND scope = ?2")
        replaceRecord = try connection.prepare(
            "INSERT OR REPLACE INTO totals (tweet, scope, newest, record) VALUES (?1, ?2, ?3, ?4)"
        )
        replaceUnavailable = try connection.prepare(
            "INSERT OR REPLACE INTO unavailable (tweet, since, checked, removed) VALUES (?1, ?2, ?3, ?4)"
        )
        deleteUnavailable = try connection.prepare("DELETE FROM unavailable WHERE tweet = ?1")
        deleteOldest = try connection.prepare(
            """
            DELETE FROM totals WHERE (tweet, scope) IN (SELECT tweet, scope FROM totals ORDER BY newest LIMIT ?1)
            """
        )
        // An eighth is for the write-ahead log.
        let pageSize = max(512, try connection.integer("PRAGMA page_size"))
        let pages = Int64(maximumBytes) / pageSize
        maximumPages = pages - pages / 8
        // SQLite starts the log over when it was moved into the file completely, and then cuts it to its limit.
        try connection.execute("PRAGMA wal_autocheckpoint = \(min(1000, max(8, pages / 16)))")
        try connection.execute("PRAGMA journal_size_limit = \(pages / 16 * pageSize)")
    }

    // MARK: - Transactions

    /// Runs `body` in one transaction; `kind` is `IMMEDIATE` for one that writes.
    func transaction<Result>(
        _ kind: String,
        _ body: (ArchiveRows) throws(SQLiteError) -> Result
    ) throws(SQLiteError) -> Result {
        try connection.execute("BEGIN \(kind)")
        do throws(SQLiteError) {
            let result = try body(self)
            try connection.execute("COMMIT")
            return result
        } catch {
            // SQLite may have rolled back by itself; then this fails and nothing is lost.
            try? connection.execute("ROLLBACK")
            throw error
        }
    }

    /// Moves everything from the write-ahead log into the file.
    func checkpoint() throws(SQLiteError) {
        try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    // MARK: - Totals

    /// The number of a scope; nil if it has no row yet.
    func number(of scope: CellScope) throws(SQLiteError) -> Int64? {
        guard case .account(let account) = scope else { return ArchiveSchema.everyone }
        selectScope.bind(account.rawValue, at: 1)
        defer { selectScope.reset() }
        return try selectScope.step() ? selectScope.integer(0) : nil
    }

    /// What is kept of a Tweet. What cannot be read counts as nothing.
    func record(of tweet: TweetID, scope: Int64) throws(SQLiteError) -> ObservedTotals? {
        selectRecord.bind(Int64(bitPattern: tweet.rawValue), at: 1)
        selectRecord.bind(scope, at: 2)
        defer { selectRecord.reset() }
        guard try selectRecord.step() else { return nil }
        return ObservedTotals(decoding: unsafe Array(selectRecord.bytes(0)))
    }

    /// Adds what was observed, and drops what need not be kept.
    func add(
        _ observed: [ObservationKey: ObservedTotals],
        _ thinning: Thinning,
        now: UInt32
    ) throws(SQLiteError) {
        var numbers: [CellScope: Int64] = [:]
        // In the order of the keys, neighbours share pages.
        for (key, later) in observed.sorted(by: { $0.key.tweet < $1.key.tweet }) {
            let scope = if let known = numbers[key.scope] { known } else { try insertedNumber(of: key.scope) }
            numbers[key.scope] = scope
            var record = try record(of: key.tweet, scope: scope) ?? ObservedTotals()
            record.merge(later)
            record.thin(thinning, now: max(now, record.newest))
            replaceRecord.bind(Int64(bitPattern: key.tweet.rawValue), at: 1)
            replaceRecord.bind(scope, at: 2)
            replaceRecord.bind(Int64(record.newest), at: 3)
            replaceRecord.bind(record.encoded, at: 4)
            try replaceRecord.run()
        }
    }

    private func insertedNumber(of scope: CellScope) throws(SQLiteError) -> Int64 {
        if let number = try number(of: scope) { return number }
        if case .account(let account) = scope {
            insertScope.bind(account.rawValue, at: 1)
            try insertScope.run()
        }
        guard let number = try number(of: scope) else {
            throw SQLiteError(code: 1, message: "an account has no number")
        }
        return number
    }

    /// Deletes what a purge selects.
    func purge(_ selection: PurgeSelection) throws(SQLiteError) {
        var scope: Int64?
        if let account = selection.account {
            guard let number = try number(of: .account(account)) else { return }
            scope = number
        }
        let ofScope = scope.map { "scope = \($0)" }
        guard let tweets = selection.tweets else {
            return try connection.execute("DELETE FROM totals" + (ofScope.map { " WHERE \($0)" } ?? ""))
        }
        for tweet in tweets {
            let ofTweet = "tweet = \(Int64(bitPattern: tweet.rawValue))"
            try connection.execute(
                "DELETE FROM totals WHERE " + [ofTweet, ofScope].compactMap(\.self).joined(separator: " AND ")
            )
        }
    }

    /// Deletes what was observed longest ago if nine tenths of the file are in use, until four fifths are. Returns how many
    /// histories went.
    func makeRoom() throws(SQLiteError) -> Int {
        guard try usedPages() > maximumPages * 9 / 10 else { return 0 }
        var evicted = 0
        while try usedPages() > maximumPages * 8 / 10 {
            deleteOldest.bind(ArchiveRows.evictedAtOnce, at: 1)
            try deleteOldest.run()
            let count = Int(try connection.integer("SELECT changes()"))
            if count == 0 { break }
            evicted += count
        }
        return evicted
    }

    private func usedPages() throws(SQLiteError) -> Int64 {
        try connection.integer("PRAGMA page_count") - connection.integer("PRAGMA freelist_count")
    }

    func countTotals() throws(SQLiteError) -> Int { Int(try connection.integer("SELECT count(*) FROM totals")) }

    // MARK: - Unavailable Tweets

    func unavailable() throws(SQLiteError) -> [TweetID: UnavailableTweet] {
        var tweets: [TweetID: UnavailableTweet] = [:]
        let select = try connection.prepare("SELECT tweet, since, checked, removed FROM unavailable")
        while try select.step() {
            tweets[TweetID(rawValue: UInt64(bitPattern: select.integer(0)))] = UnavailableTweet(
                since: UInt32(clamping: select.integer(1)),
                checkedAt: UInt32(clamping: select.integer(2)),
                isRemoved: select.integer(3) != 0
            )
        }
        return tweets
    }

    /// Writes rows, or deletes those that are nil.
    func write(_ unavailable: [TweetID: UnavailableTweet?]) throws(SQLiteError) {
        for (tweet, state) in unavailable {
            let tweet = Int64(bitPattern: tweet.rawValue)
            guard let state else {
                deleteUnavailable.bind(tweet, at: 1)
                try deleteUnavailable.run()
                continue
            }
            replaceUnavailable.bind(tweet, at: 1)
            replaceUnavailable.bind(Int64(state.since), at: 2)
            replaceUnavailable.bind(Int64(state.checkedAt), at: 3)
            replaceUnavailable.bind(state.isRemoved ? 1 : 0, at: 4)
            try replaceUnavailable.run()
        }
    }
}

/// Whose observations of which Tweet.
struct ObservationKey: Hashable, Sendable {
    let scope: CellScope
    let tweet: TweetID
}

internal import Engagement
internal import SQLite

/// A connection that reads rows, with its statements.
///
/// It keeps the numbers that its file gave to accounts to itself: another file, made after this one was set aside, has
/// other numbers, and mixing them up would show one account's numbers to another.
///
/// - Note: `@unchecked Sendable` holds because ``DiskTier`` hands a reader to one thread at a time and takes it back under a
///   lock before it hands it to the next.
final class DiskReader: @unchecked Sendable {
    private let connection: Connection
    private let selectAccount: Statement
    private let selectTotals: Statement
    private let selectDays: Statement
    private let selectSizes: Statement
    private var accountNumbers: [AccountName: Int64] = [:]

    init(_ connection: Connection) throws(SQLiteError) {
        self.connection = connection
        selectAccount = try connection.prepare(CacheSchema.selectAccount)
        selectTotals = try connection.prepare(CacheSchema.selectTotals)
        selectDays = try connection.prepare(CacheSchema.selectDays)
        selectSizes = try connection.prepare(CacheSchema.selectSizes)
    }

    /// Runs `body` in one transaction: it sees the file as of its first read.
    func transaction(_ body: () throws(SQLiteError) -> Void) throws(SQLiteError) {
        try connection.execute("BEGIN")
        do {
            try body()
        } catch {
            try? connection.execute("ROLLBACK")
            throw error
        }
        try connection.execute("COMMIT")
    }

    func note(_ name: String) throws(SQLiteError) -> String? {
        // Files of version 1 have no such table.
        guard try connection.integer(CacheSchema.countNoteTables) > 0 else { return nil }
        let select = try connection.prepare(CacheSchema.selectNote)
        select.bind(name, at: 1)
        return try select.step() ? select.text(0) : nil
    }

    /// The number of a scope in the file, or nil if nothing was ever written for it.
    func number(of scope: CellScope) throws(SQLiteError) -> Int64? {
        guard case .account(let account) = scope else { return CacheSchema.everyone }
        if let number = accountNumbers[account] { return number }
        selectAccount.bind(account.rawValue, at: 1)
        defer { selectAccount.reset() }
        guard try selectAccount.step() else { return nil }
        let number = selectAccount.integer(0)
        accountNumbers[account] = number
        return number
    }

    /// Calls `body` with the packed totals of a Tweet, or nil if there is no row or its checksum does not fit.
    @inline(__always)
    func totals(
        scope: Int64,
        tweet: TweetID,
        _ body: (UnsafeRawBufferPointer?) -> Void
    ) throws(SQLiteError) {
        let tweet = Int64(bitPattern: tweet.rawValue)
        selectTotals.bind(scope, at: 1)
        selectTotals.bind(tweet, at: 2)
        defer { selectTotals.reset() }
        if try selectTotals.step() {
            let bucket = Int64(RecordKey.totalsBucket)
            unsafe body(RecordEnvelope.open(selectTotals.bytes(0), scope: scope, tweet: tweet, bucket: bucket))
        } else {
            body(nil)
        }
    }

    /// Calls `body` with each day of `days` that has a row, in order. A row whose checksum does not fit is left out.
    func days(
        scope: Int64,
        tweet: TweetID,
        _ days: ClosedRange<Int32>,
        _ body: (Int32, UnsafeRawBufferPointer) -> Void
    ) throws(SQLiteError) {
        let tweet = Int64(bitPattern: tweet.rawValue)
        selectDays.bind(scope, at: 1)
        selectDays.bind(tweet, at: 2)
        selectDays.bind(Int64(days.lowerBound), at: 3)
        selectDays.bind(Int64(days.upperBound), at: 4)
        defer { selectDays.reset() }
        while try selectDays.step() {
            let day = selectDays.integer(0)
            let blob = unsafe selectDays.bytes(1)
            guard let record = unsafe RecordEnvelope.open(blob, scope: scope, tweet: tweet, bucket: day) else {
                continue
            }
            unsafe body(Int32(truncatingIfNeeded: day), record)
        }
    }

    /// The purges that the file knows of, and the greatest number that any had.
    func purges() throws(SQLiteError) -> (entries: [PurgeJournal.Entry], latest: UInt64) {
        let journal = PurgeJournal(connection)
        return (try journal.entries(), try journal.latest())
    }

    /// How many rows of totals and of series there are.
    func sizes() throws(SQLiteError) -> (totals: Int, series: Int) {
        defer { selectSizes.reset() }
        guard try selectSizes.step() else { return (0, 0) }
        return (Int(selectSizes.integer(0)), Int(selectSizes.integer(1)))
    }
}

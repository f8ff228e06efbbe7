internal import Engagement
internal import SQLite

/// The one connection that writes. Rows are written in batches, each one transaction: after a crash at any moment a batch
/// is there with all its rows or not at all.
///
/// - Note: `@unchecked Sendable` holds because ``DiskTier`` keeps the writer inside a mutex.
final class CacheWriter: @unchecked Sendable {
    private let connection: Connection
    private let selectAccount: Statement
    private let insertAccount: Statement
    private let selectTotals: Statement
    private let selectDay: Statement
    private let replaceTotals: Statement
    private let replaceDay: Statement
    private let addSizes: Statement
    private let deleteTotals: Statement
    private let deleteDay: Statement
    private let evictor: Evictor
    private let journal: PurgeJournal
    private var sweep: PurgeSweep?
    /// The purges that were written down when the file was opened, and the greatest number that any had.
    let purgesAtOpening: (entries: [PurgeJournal.Entry], latest: UInt64)
    /// Numbers of accounts that are committed.
    private var accountNumbers: [AccountName: Int64] = [:]

    /// Takes over a connection to a file that has the tables.
    init(_ connection: Connection, maximumBytes: Int, history: HistoryDepth) throws(SQLiteError) {
        self.connection = connection
        selectAccount = try connection.prepare(CacheSchema.selectAccount)
        insertAccount = try connection.prepare(CacheSchema.insertAccount)
        selectTotals = try connection.prepare(CacheSchema.selectTotals)
        selectDay = try connection.prepare(CacheSchema.selectDay)
        replaceTotals = try connection.prepare(CacheSchema.replaceTotals)
        replaceDay = try connection.prepare(CacheSchema.replaceDay)
        addSizes = try connection.prepare(CacheSchema.addSizes)
        deleteTotals = try connection.prepare(CacheSchema.deleteTotals)
        deleteDay = try connection.prepare(CacheSchema.deleteDay)
        evictor = try Evictor(connection, maximumBytes: maximumBytes, history: history)
        journal = PurgeJournal(connection)
        purgesAtOpening = (try journal.entries(), try journal.latest())
    }

    /// Writes `batch` in one transaction and returns the rows as they are now, each with what was there before. `evicted` is
    /// called with the number of rows that had to make room.
    func write(
        _ batch: [MemoryTier.Waiting],
        scopes: ScopeRegistry,
        now: UInt32,
        purges: PurgeMarks,
        evicted: (Int) -> Void
    ) throws(SQLiteError) -> [[UInt8]] {
        evictor.now = UnixTime(seconds: Int64(now))
        let room = try evictor.makeRoom()
        if room > 0 { evicted(room) }
        return try makingRoom(evicted) { () throws(SQLiteError) in try commit(batch, scopes, now, purges) }
    }

    /// Runs `body` again when it did not fit: the file has reached its bound within it, or the disk is full. In the second case
    /// it fails again.
    private func makingRoom<Result>(
        _ evicted: (Int) -> Void,
        _ body: () throws(SQLiteError) -> Result
    ) throws(SQLiteError) -> Result {
        do {
            return try body()
        } catch  where error.isFull {
            let room = try evictor.makeRoom(evenIfThereIs: true)
            if room > 0 { evicted(room) }
            return try body()
        }
    }

    /// Moves everything from the write-ahead log into the file.
    func checkpoint() throws(SQLiteError) {
        try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }

    func note(_ text: String, as name: String) throws(SQLiteError) {
        let replace = try connection.prepare(CacheSchema.replaceNote)
        replace.bind(name, at: 1)
        replace.bind(text, at: 2)
        try replace.run()
    }

    // MARK: - Purges

    /// Writes a purge down; see ``PurgeJournal/append(_:_:as:)``.
    func append(
        _ selection: PurgeSelection,
        _ kind: PurgeKind,
        as number: UInt64,
        evicted: (Int) -> Void
    ) throws(SQLiteError) -> UInt64 {
        try makingRoom(evicted) { () throws(SQLiteError) in try journal.append(selection, kind, as: number) }
    }

    /// Goes over some rows for a purge; see ``PurgeSweep/step()``.
    func purgeRows(_ mark: PurgeMark) throws(SQLiteError) -> (rows: Int, isDone: Bool) {
        let sweep = if let sweep, sweep.number == mark.number { sweep } else { try PurgeSweep(connection, mark) }
        self.sweep = sweep
        let isDone = try sweep.step()
        if isDone {
            try journal.remove(upTo: mark.number)
            self.sweep = nil
        }
        return (sweep.rows, isDone)
    }

    // MARK: - One transaction

    private func commit(
        _ batch: [MemoryTier.Waiting],
        _ scopes: ScopeRegistry,
        _ now: UInt32,
        _ purges: PurgeMarks
    ) throws(SQLiteError) -> [[UInt8]] {
        var rows: [[UInt8]] = []
        rows.reserveCapacity(batch.count)
        var numbers = accountNumbers
        var added = (totals: 0, series: 0)
        try connection.execute("BEGIN IMMEDIATE")
        do {
            for record in batch {
                let scope = try number(of: scopes.scope(record.key.scope), &numbers)
                let row = try write(record, scope, now, purges, &added)
                rows.append(row)
            }
            if added != (0, 0) {
                addSizes.bind(Int64(added.totals), at: 1)
                addSizes.bind(Int64(added.series), at: 2)
                try addSizes.run()
            }
            try connection.execute("COMMIT")
        } catch {
            // SQLite may have rolled back by itself; then this fails and nothing is lost.
            try? connection.execute("ROLLBACK")
            throw error
        }
        accountNumbers = numbers
        return rows
    }

    /// The number of a scope in the file; a new account gets one in this very transaction.
    private func number(
        of scope: CellScope,
        _ numbers: inout [AccountName: Int64]
    ) throws(SQLiteError) -> Int64 {
        guard case .account(let account) = scope else { return CacheSchema.everyone }
        if let number = numbers[account] { return number }
        var number = try existingNumber(of: account)
        if number == nil {
            insertAccount.bind(account.rawValue, at: 1)
            try insertAccount.run()
            number = try existingNumber(of: account)
        }
        guard let number else { throw SQLiteError(code: 1, message: "an account has no number") }
        numbers[account] = number
        return number
    }

    private func existingNumber(of account: AccountName) throws(SQLiteError) -> Int64? {
        selectAccount.bind(account.rawValue, at: 1)
        defer { selectAccount.reset() }
        return try selectAccount.step() ? selectAccount.integer(0) : nil
    }

    /// Reads the row, merges, writes it back.
    private func write(
        _ record: MemoryTier.Waiting,
        _ scope: Int64,
        _ now: UInt32,
        _ purges: PurgeMarks,
        _ added: inout (totals: Int, series: Int)
    ) throws(SQLiteError) -> [UInt8] {
        let key = record.key
        let tweet = Int64(bitPattern: key.tweet)
        let bucket = Int64(key.bucket)
        let select = key.isTotals ? selectTotals : selectDay
        select.bind(scope, at: 1)
        select.bind(tweet, at: 2)
        if !key.isTotals { select.bind(bucket, at: 3) }
        var merged = record.bytes
        let hasRow = try select.step()
        if hasRow {
            if let row = unsafe RecordEnvelope.open(select.bytes(0), scope: scope, tweet: tweet, bucket: bucket) {
                merged = unsafe record.bytes.withUnsafeBytes { unsafe key.merge(row, $0, now: now, purges: purges) }
            }
        }
        select.reset()
        let difference = (merged.isEmpty ? 0 : 1) - (hasRow ? 1 : 0)
        if key.isTotals { added.totals += difference } else { added.series += difference }
        if merged.isEmpty {
            // Nothing was left of it by a purge.
            let delete = key.isTotals ? deleteTotals : deleteDay
            delete.bind(scope, at: 1)
            delete.bind(tweet, at: 2)
            if !key.isTotals { delete.bind(bucket, at: 3) }
            try delete.run()
            return merged
        }
        let blob = RecordEnvelope.seal(merged, scope: scope, tweet: tweet, bucket: bucket)
        let replace = key.isTotals ? replaceTotals : replaceDay
        replace.bind(scope, at: 1)
        replace.bind(tweet, at: 2)
        if !key.isTotals { replace.bind(bucket, at: 3) }
        replace.bind(Int64(key.newestFetch(in: merged)), at: key.isTotals ? 3 : 4)
        replace.bind(blob, at: key.isTotals ? 4 : 5)
        try replace.run()
        return merged
    }
}

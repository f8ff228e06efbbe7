internal import Engagement
internal import SQLite

/// A connection to the ledger's file with its statements. Those that read are opened for reading only.
///
/// - Note: `@unchecked Sendable` holds because ``LedgerFile`` keeps the one that writes inside a mutex, and hands one that
///   reads to one thread at a time and takes it back under a lock before it hands it to the next.
final class LedgerConnection: @unchecked Sendable {
    private let connection: Connection
    let accounts: AccountNumbers
    let usage: UsageRows
    let owners: OwnerRows
    /// Whether nothing was committed yet.
    private(set) var isNew = true

    init(_ connection: Connection, _ registry: AccountRegistry) throws(SQLiteError) {
        self.connection = connection
        accounts = try AccountNumbers(connection, registry)
        usage = try UsageRows(connection)
        owners = try OwnerRows(connection)
        // SQLite starts the log over when it was moved into the file completely, and then cuts it to this.
        try connection.execute("PRAGMA journal_size_limit = \(4 << 20)")
    }

    /// Runs `body` in one transaction, in which the file is seen as of its first read.
    func read<Result>(_ body: (LedgerConnection) throws(SQLiteError) -> Result) throws(SQLiteError) -> Result {
        try connection.execute("BEGIN")
        do throws(SQLiteError) {
            let result = try body(self)
            try connection.execute("COMMIT")
            return result
        } catch {
            try? connection.execute("ROLLBACK")
            throw error
        }
    }

    /// Runs `body` in one transaction that writes: after a crash at any moment all of it is there or nothing.
    func write(_ body: (LedgerConnection) throws(SQLiteError) -> Void) throws(SQLiteError) {
        try connection.execute("BEGIN IMMEDIATE")
        do throws(SQLiteError) {
            try body(self)
            try connection.execute("COMMIT")
        } catch {
            // SQLite may have rolled back by itself; then this fails and nothing is lost.
            try? connection.execute("ROLLBACK")
            accounts.forget()
            throw error
        }
        isNew = false
    }

    /// Moves everything from the write-ahead log into the file.
    func checkpoint() throws(SQLiteError) {
        try connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    }
}

public import Engagement
internal import SQLite

extension StoredCache {
    /// Purges a cache file that nobody has open, and returns how many rows were deleted or changed.
    ///
    /// The file is held alone as long as this takes: a server keeps numbers in memory too, and must be asked to purge them
    /// itself. A server that starts meanwhile runs in memory at first. If this is cut short, the purge still holds, and whoever
    /// opens the file next goes on with it.
    ///
    /// - Throws: ``StoredCacheError/inUse(path:)`` if somebody has it open.
    public static func purge(
        path: String,
        _ selection: PurgeSelection,
        _ kind: PurgeKind,
        busyMilliseconds: Int = 500
    ) throws(StoredCacheError) -> Int {
        let file = try file(path, busyMilliseconds)
        return try StoredCacheError.at(path) { () throws(SQLiteError) in
            // Says what is wrong with a file that is no cache, before anything is written.
            _ = try file.openForReading()
            let connection = try Connection(path: path, mode: .create, busyMilliseconds: busyMilliseconds)
            // With a write-ahead log whoever has the file open holds a lock on it, which this is not to be had beside
            // (https://www.sqlite.org/wal.html#use_of_wal_without_shared_memory).
            try connection.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT")
            let journal = PurgeJournal(connection)
            _ = try journal.append(selection, kind, as: 1)
            var rows = 0
            for entry in try journal.entries() {
                let sweep = try PurgeSweep(connection, PurgeMark(entry, ScopeRegistry()))
                while try !sweep.step() {}
                try journal.remove(upTo: entry.number)
                rows += sweep.rows
            }
            try connection.execute("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE)")
            return rows
        }
    }
}

internal import SQLite

extension StoredCache {
    /// Whether another process has the file open at this moment. A file that is not there is nobody's, and of one that is no
    /// cache whoever opens it finds out what is wrong.
    public static func isInUse(path: String, busyMilliseconds: Int = 500) -> Bool {
        guard let file = try? file(path, busyMilliseconds), (try? file.openForReading()) != nil else { return false }
        do throws(SQLiteError) {
            let connection = try Connection(path: path, mode: .create, busyMilliseconds: busyMilliseconds)
            // With a write-ahead log whoever has the file open holds a lock on it, which this is not to be had beside
            // (https://www.sqlite.org/wal.html#use_of_wal_without_shared_memory).
            try connection.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT")
            return false
        } catch {
            return error.isBusy
        }
    }
}

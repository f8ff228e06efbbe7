internal import Engagement
internal import Glibc
public import SQLite

/// A cache file as it lies there, for looking into it, also while a server uses it: nothing is locked, changed, evicted or set
/// aside. It is used by one thread at a time.
public final class StoredCache {
    public let path: String
    let connection: Connection
    private let file: DatabaseFile

    /// - Parameter busyMilliseconds: How long to wait for a process that holds the file to itself.
    public init(path: String, busyMilliseconds: Int = 2000) throws(StoredCacheError) {
        self.path = path
        file = try StoredCache.file(path, busyMilliseconds)
        connection = try StoredCacheError.at(path) { [file] () throws(SQLiteError) in try file.openForReading() }
    }

    /// The file at `path`, which must be there.
    static func file(_ path: String, _ busyMilliseconds: Int) throws(StoredCacheError) -> DatabaseFile {
        guard unsafe access(path, F_OK) == 0 else { throw .missing(path: path) }
        return DatabaseFile(path: path, format: CacheSchema.format, busyMilliseconds: busyMilliseconds) { _, _ in }
    }

    /// Bytes of the file and its write-ahead log.
    public var fileBytes: Int { file.size }

    /// Everyone, and the accounts that the file has numbers of, by their number in the file.
    func scopes() throws(SQLiteError) -> [(number: Int64, scope: CellScope)] {
        let select = try connection.prepare("SELECT id, name FROM accounts ORDER BY name")
        var scopes: [(number: Int64, scope: CellScope)] = [(CacheSchema.everyone, .everyone)]
        while try select.step() { scopes.append((select.integer(0), .account(AccountName(select.text(1))))) }
        return scopes
    }

    /// Runs `body` in one transaction: it sees the file as of its first read, whatever is written meanwhile.
    func transaction<Result>(_ body: () throws(SQLiteError) -> Result) throws(SQLiteError) -> Result {
        try connection.execute("BEGIN")
        do {
            let result = try body()
            try connection.execute("COMMIT")
            return result
        } catch {
            try? connection.execute("ROLLBACK")
            throw error
        }
    }
}

/// Why a cache file cannot be looked into, or purged.
public enum StoredCacheError: Error, Equatable, Sendable {
    /// There is no such file.
    case missing(path: String)
    /// It is no cache file of this version, or a damaged one.
    case unusable(path: String, SQLiteError)
    /// Another process has it.
    case inUse(path: String)
    /// It cannot be read or written: its rights, the disk.
    case failed(path: String, SQLiteError)

    static func at<Result>(
        _ path: String,
        _ body: () throws(SQLiteError) -> Result
    ) throws(StoredCacheError) -> Result {
        do throws(SQLiteError) {
            return try body()
        } catch {
            if error.isBusy { throw .inUse(path: path) }
            throw error.isCorruption ? .unusable(path: path, error) : .failed(path: path, error)
        }
    }
}

extension StoredCacheError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missing(let path): "there is no \(path)"
        case .unusable(let path, let error): "\(path) is no cache file that can be used: \(error)"
        case .inUse(let path): "\(path) is in use by another process"
        case .failed(let path, let error): "\(path): \(error)"
        }
    }
}

public import Engagement
public import SQLite

/// What happens to a cache that an operator should know. Events come on the thread where they happen and must not call the
/// cache.
public enum MetricCacheEvent: Equatable, Sendable {
    /// The file is in use.
    case opened(path: String)
    /// A file that is no usable cache was renamed, and a new one takes its place.
    case setAside(path: String, movedTo: String, reason: SetAsideReason)
    /// The file cannot be used for now: the cache runs in memory.
    case unavailable(path: String, SQLiteError)
    /// Rows could not be written; they stay in memory as long as there is room. It is tried again later.
    case writeFailed(rows: Int, SQLiteError)
    /// Writing works again after ``writeFailed(rows:_:)`` or ``unavailable(path:_:)``.
    case writingResumed
    /// Rows could not be read; their cells count as missing. Reported once until reading works again.
    case readFailed(SQLiteError)
    /// Old rows made room in the file.
    case evicted(rows: Int)
    /// A purge has been over the whole file, and deleted or changed so many rows.
    case purged(PurgeSelection, PurgeKind, rows: Int)
    /// A purge could not be written down or not go on in the file: it holds as long as this process runs, and is tried again.
    case purgeDelayed(PurgeSelection, PurgeKind, SQLiteError)
    /// Cells were not stored, because they would have been seen by others than their account.
    case refused(cells: Int, scope: CellScope, account: AccountName)

    /// Why a file was set aside.
    public typealias SetAsideReason = DatabaseFile.SetAsideReason
}

extension MetricCacheEvent: CustomStringConvertible {
    public var description: String {
        switch self {
        case .opened(let path):
            "cache file \(path) is in use"
        case .setAside(let path, let target, let reason):
            "cache file \(path) was moved to \(target), because it \(reason); the cache starts anew"
        case .unavailable(let path, let error):
            "cache file \(path) cannot be used, the cache runs in memory: \(error)"
        case .writeFailed(let rows, let error):
            "\(rows) rows could not be written to the cache file: \(error)"
        case .writingResumed:
            "the cache file can be written again"
        case .readFailed(let error):
            "the cache file could not be read: \(error)"
        case .evicted(let rows):
            "\(rows) old rows made room in the cache file"
        case .purged(let selection, let kind, let rows):
            "a \(kind) purge of \(selection) has been over the cache file: \(rows) rows"
        case .purgeDelayed(let selection, let kind, let error):
            "a \(kind) purge of \(selection) could not be written to the cache file: \(error)"
        case .refused(let cells, let scope, let account):
            "\(cells) cells of account \(account) were not stored for \(scope): they are private"
        }
    }
}

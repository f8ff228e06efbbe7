public import Engagement
public import SQLite

/// What happens to a ledger that an operator should know. Events come on the thread where they happen and must not call the
/// ledger.
public enum LedgerEvent: Equatable, Sendable {
    /// The file is in use.
    case opened(path: String)
    /// A file that is no usable ledger was renamed, and a new one takes its place.
    case setAside(path: String, movedTo: String, reason: DatabaseFile.SetAsideReason)
    /// The file cannot be used for now: the ledger runs in memory.
    case unavailable(path: String, SQLiteError)
    /// What was learnt could not be written; it stays in memory. It is tried again later.
    case writeFailed(SQLiteError)
    /// Writing works again after ``writeFailed(_:)`` or ``unavailable(path:_:)``.
    case writingResumed
    /// The file could not be read; Tweets in it count as not asked before. Reported once until reading works again.
    case readFailed(SQLiteError)
    /// A threshold was reached. Reported once in a period: once in a calendar month, at most once in 30 days. Another limit
    /// in the configuration is news.
    case usageReached(UsageThreshold, count: Int, limit: Int, period: UsagePeriod, since: UTCDay)
}

extension LedgerEvent: CustomStringConvertible {
    public var description: String {
        switch self {
        case .opened(let path):
            "ledger file \(path) is in use"
        case .setAside(let path, let target, let reason):
            "ledger file \(path) was moved to \(target), because it \(reason); usage is counted anew"
        case .unavailable(let path, let error):
            "ledger file \(path) cannot be used, usage is counted in memory only: \(error)"
        case .writeFailed(let error):
            "the ledger file could not be written: \(error)"
        case .writingResumed:
            "the ledger file can be written again"
        case .readFailed(let error):
            "the ledger file could not be read: \(error)"
        case .usageReached(let threshold, let count, let limit, let period, let since):
            """
            \(count) unique \(threshold.isOfTweets ? "Tweets" : "accounts") were asked upstream since \(since.iso8601) \
            (\(period)), \(threshold) is \(limit)\(threshold.isStop ? ": no new ones are asked" : "")
            """
        }
    }
}

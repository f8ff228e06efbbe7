internal import Archive
internal import Engagement
internal import EngagementAPI
internal import Ledger
internal import MetricCache
internal import MetricLoader
internal import SharedTier
internal import TweetLists

/// Everything that the server does and that is worth counting or logging: one list, so that counters, logs and tests agree.
internal enum Observation: Sendable {
    /// A request was answered; `microseconds` from the last byte in to the response.
    case answered(route: Route, status: Int, microseconds: Int64)
    /// The loader read the cache, or finished a call.
    case loader(LoaderEvent)
    /// The client sent an attempt of a call.
    case client(EngagementClientEvent)
    /// Something happened to the cache file.
    case cache(MetricCacheEvent)
    /// Something happened to the ledger, or a threshold of use was reached.
    case ledger(LedgerEvent)
    /// Something happened to the file of the lists.
    case lists(ListEvent)
    /// Something happened to the archive, or numbers of Tweets that are gone were removed.
    case archive(ArchiveEvent)
    /// The shared tier came, went, or refused something.
    case shared(SharedTierEvent)

    /// Which file could not be read, written or used as it was, if that is what happened.
    var failedFile: StoredFile? {
        switch self {
        case .cache(.unavailable), .cache(.writeFailed), .cache(.readFailed), .cache(.setAside), .cache(.purgeDelayed):
            .cache
        case .ledger(.unavailable), .ledger(.writeFailed), .ledger(.readFailed), .ledger(.setAside): .ledger
        case .archive(.unavailable), .archive(.writeFailed), .archive(.readFailed), .archive(.setAside): .archive
        case .lists(.unavailable), .lists(.writeFailed), .lists(.setAside): .lists
        default: nil
        }
    }

    /// A file of the data folder.
    enum StoredFile: String, CaseIterable {
        case cache
        case ledger
        case archive
        case lists
    }
}

public import Engagement
public import EngagementAPI

/// The tables of an operation, one for each of its needs, and what went wrong on the way to them.
public struct LoadedMetrics: Sendable {
    /// In the order of the needs.
    public internal(set) var tables: [MetricTable]
    /// Calls that failed; empty if everything was answered.
    public internal(set) var failures: [LoadFailure]
    /// How the cells stood when the operation first looked.
    public let counts: CellCounts

    /// Whether every cell can be served without asking upstream.
    public var isFresh: Bool { counts.stale == 0 && counts.missing == 0 }
}

/// How many of an operation's cells were found in which state: the numbers behind `engageql_cache_cells_total`.
public struct CellCounts: Equatable, Sendable {
    public var fresh = 0
    public var stale = 0
    public var missing = 0

    public init(fresh: Int = 0, stale: Int = 0, missing: Int = 0) {
        self.fresh = fresh
        self.stale = stale
        self.missing = missing
    }

    internal mutating func count(_ table: MetricTable) {
        var staleCells = 0
        var goneCells = 0
        for cell in table.cells {
            switch cell.freshness {
            case .fresh: continue
            case .stale: staleCells += 1
            case .gone: goneCells += 1
            }
        }
        fresh += table.cells.count - staleCells - goneCells
        stale += staleCells
        missing += goneCells
    }
}

/// A call that gave nothing: the cells it was for have no number, or only an old one.
public struct LoadFailure: Equatable, Sendable {
    public let endpoint: Endpoint
    public let access: UpstreamAccess
    public let tweets: [TweetID]
    public let types: EngagementTypeSet
    public let window: HourWindow?
    public let error: EngagementAPIError

    /// Whether the failure leaves the family's cells of these types without a fresh number.
    public func concerns(_ family: MetricFamily, _ types: EngagementTypeSet) -> Bool {
        endpoint.family == family && !self.types.isDisjoint(with: types)
    }
}

/// What a loader did, for counters and logs.
public enum LoaderEvent: Sendable {
    /// An operation read the cache.
    case lookedUp(CellCounts)
    /// A call was answered or failed for good; nil for success.
    case called(EngagementCall, access: UpstreamAccess, error: EngagementAPIError?)
    /// A gap was covered by a call that someone else had under way.
    case joined(EngagementCall)
}

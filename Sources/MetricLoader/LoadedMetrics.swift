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
    /// What was asked upstream on the way.
    public internal(set) var cost = LoadCost()

    /// Whether every cell can be served without asking upstream.
    public var isFresh: Bool { counts.fresh == counts.all }
}

/// How many of an operation's cells were found in which state: the numbers behind `engageql_cache_cells_total`.
public struct CellCounts: Equatable, Sendable {
    public var fresh = 0
    /// Past their time, and served while they are refreshed.
    public var stale = 0
    /// Served only if upstream gives nothing newer.
    public var expired = 0
    public var missing = 0

    public init(fresh: Int = 0, stale: Int = 0, expired: Int = 0, missing: Int = 0) {
        self.fresh = fresh
        self.stale = stale
        self.expired = expired
        self.missing = missing
    }

    public var all: Int { fresh + stale + expired + missing }

    internal mutating func count(_ table: MetricTable) {
        var counts = CellCounts()
        for cell in table.cells {
            switch cell.freshness {
            case .fresh: continue
            case .stale: counts.stale += 1
            case .expired: counts.expired += 1
            case .gone: counts.missing += 1
            }
        }
        fresh += table.cells.count - counts.all
        stale += counts.stale
        expired += counts.expired
        missing += counts.missing
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

    /// - Parameter call: What of the planned call was not answered.
    internal init(_ planned: CallPlanner.PlannedCall, _ call: EngagementCall, _ error: EngagementAPIError) {
        endpoint = call.endpoint
        access = planned.access
        tweets = call.tweets
        types = call.types
        window = planned.window
        self.error = error
    }

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

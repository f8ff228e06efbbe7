/// One number of the API with what is known about it: the unit of the cache, of the planner and of every answer.
public struct Cell: Equatable, Sendable {
    /// The count; 0 unless `state` is ``State/counted``.
    public var count: Int64
    /// When upstream answered, in seconds since 1970; 0 if it never did.
    public var fetchedAt: UInt32
    /// Whether there is a count, and if not why.
    public var state: State
    /// Whether it may be served as it is.
    public var freshness: Freshness

    /// What upstream said about the number.
    public enum State: UInt8, Sendable {
        /// Nothing is known.
        case missing
        /// There is a count.
        case counted
        /// The Tweet is deleted, protected, suspended, or never was: the API does not say which.
        case unavailable
        /// The account may not see it: the Tweet is another's.
        case forbidden
        /// The Tweet is too old for this metric: 90 days for impressions and engagements of totals, 1800 for video views.
        case tooOld
    }

    /// How a stored cell stands to its time to live.
    public enum Freshness: UInt8, Sendable {
        /// Not stored, or too old to be served at all.
        case gone
        /// Too old to be served, unless upstream cannot give anything newer.
        case expired
        /// Past its time to live, but not by much: it is served while it is refreshed.
        case stale
        /// Within its time to live.
        case fresh
    }

    @inlinable
    public init(count: Int64, fetchedAt: UInt32, state: State, freshness: Freshness) {
        self.count = count
        self.fetchedAt = fetchedAt
        self.state = state
        self.freshness = freshness
    }

    /// A cell about which nothing is known.
    public static let missing = Cell(count: 0, fetchedAt: 0, state: .missing, freshness: .gone)
}

extension Cell.State {
    /// Whether upstream said for good that there is no number.
    public var isAbsence: Bool {
        switch self {
        case .missing, .counted: false
        case .unavailable, .forbidden, .tooOld: true
        }
    }
}

/// How old numbers may be for the one who asks, where their own life does not decide that alone.
///
/// Sealed hours meet every demand: they no longer change.
public struct FreshnessDemand: Hashable, Sendable {
    /// The most seconds since a number was fetched; nil leaves it to its life. It never makes that longer.
    public var maxAge: Int?
    /// The seconds that a number must have left of its life.
    public var minFresh: Int
    /// What becomes of numbers that are older.
    public var staleness: Staleness
    /// Whether nothing may be fetched: what the cache may not serve is missing.
    public var onlyIfCached: Bool

    /// What becomes of numbers that are not fresh enough.
    public enum Staleness: Hashable, Sendable {
        /// As the cache has it: for a while they are served and refreshed, then only if upstream gives nothing newer.
        case usual
        /// Served only if upstream gives nothing newer.
        case onError
        /// Served and refreshed, up to so many seconds past their time; nil for as long as the cache has them.
        case accepted(seconds: Int?)
        /// Never served.
        case refused
    }

    public init(
        maxAge: Int? = nil,
        minFresh: Int = 0,
        staleness: Staleness = .usual,
        onlyIfCached: Bool = false
    ) {
        self.maxAge = maxAge
        self.minFresh = minFresh
        self.staleness = staleness
        self.onlyIfCached = onlyIfCached
    }

    /// No demand: the life of each number decides.
    public static let usual = FreshnessDemand()

    /// Whether nothing stale may be served as long as upstream can be asked.
    public var forbidsStale: Bool { staleness == .onError || staleness == .refused }

    /// Whether it can make numbers be fetched that would not be otherwise.
    public var isCostly: Bool { maxAge != nil || minFresh > 0 || forbidsStale }
}

extension FreshnessDemand {
    /// What meets both, for numbers that are looked up together.
    public func strictest(with other: FreshnessDemand) -> FreshnessDemand {
        FreshnessDemand(
            maxAge: [maxAge, other.maxAge].compactMap(\.self).min(),
            minFresh: max(minFresh, other.minFresh),
            staleness: staleness.stricter(than: other.staleness),
            onlyIfCached: onlyIfCached || other.onlyIfCached
        )
    }

    /// The demand of a document's author, under the one of whoever sends it. The ages must meet both; of old numbers the
    /// author's word holds, if there is one.
    public func combined(withRequest request: FreshnessDemand) -> FreshnessDemand {
        var combined = strictest(with: request)
        switch (staleness, request.staleness) {
        case (.accepted, _), (.refused, _): combined.staleness = staleness
        case (.usual, _), (.onError, .accepted): combined.staleness = request.staleness
        case (.onError, _): combined.staleness = .onError
        }
        return combined
    }
}

extension FreshnessDemand.Staleness {
    fileprivate func stricter(than other: Self) -> Self {
        if case .accepted(let seconds) = self, case .accepted(let others) = other {
            return .accepted(seconds: [seconds, others].compactMap(\.self).min())
        }
        return rank >= other.rank ? self : other
    }

    private var rank: Int {
        switch self {
        case .accepted: 0
        case .usual: 1
        case .onError: 2
        case .refused: 3
        }
    }
}

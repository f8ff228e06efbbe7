internal import Engagement

extension TimeToLive {
    /// How a cell stands at `now` for one who makes a demand: ``freshness(fetchedAt:lifetime:now:)``, but for the age that
    /// counts as fresh and for what becomes of older cells.
    ///
    /// - Parameter lifetime: Seconds; nil for a sealed cell, which meets every demand.
    func freshness(fetchedAt: UInt32, lifetime: Int?, now: Int64, demand: FreshnessDemand) -> Cell.Freshness {
        let own = freshness(fetchedAt: fetchedAt, lifetime: lifetime, now: now)
        guard let lifetime, own != .gone else { return own }
        let age = Int(now) - Int(fetchedAt)
        // RFC 9111 §5.2.1: an age of exactly max-age is young enough, and so is a rest of exactly min-fresh.
        if own == .fresh, age <= demand.maxAge ?? .max, age + demand.minFresh <= lifetime { return .fresh }
        let freshness: Cell.Freshness
        switch demand.staleness {
        case .usual: freshness = own == .fresh ? .expired : own
        case .onError: freshness = .expired
        case .accepted(let seconds):
            let excess = age - min(lifetime, demand.maxAge ?? lifetime)
            freshness = excess <= seconds ?? .max ? .stale : .expired
        case .refused: freshness = .gone
        }
        return demand.onlyIfCached && freshness == .expired ? .gone : freshness
    }

    /// Counted totals of less than this age are fresh for one who makes this demand, however old the Tweet is.
    func shortestLifeOfTotals(_ demand: FreshnessDemand) -> Int {
        let shortest = min(
            totalsInFirstHour,
            totalsInFirst6Hours,
            totalsInFirstDay,
            totalsInFirst7Days,
            totalsInFirst30Days,
            totalsLater
        )
        return min(shortest - demand.minFresh, demand.maxAge ?? .max)
    }
}

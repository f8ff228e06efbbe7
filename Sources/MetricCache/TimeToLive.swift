public import Engagement

/// How long which cell lives. All lengths are seconds.
///
/// A value without a clock: the time is a parameter everywhere.
public struct TimeToLive: Equatable, Sendable {
    /// Totals of a Tweet that was less than an hour old when they were fetched.
    public var totalsInFirstHour = 30
    /// … less than six hours old.
    public var totalsInFirst6Hours = 2 * 60
    /// … less than a day old.
    public var totalsInFirstDay = 5 * 60
    /// … less than seven days old.
    public var totalsInFirst7Days = 30 * 60
    /// … less than thirty days old.
    public var totalsInFirst30Days = 6 * 3600
    /// … older, or of an age that the id does not tell.
    public var totalsLater = 86_400

    /// An hour that ended this long before it was fetched no longer changes: it is sealed and stays fresh for ever.
    public var seriesSettleGrace = 48 * 3600
    /// An hour that was still open when it was fetched, or had ended less than six hours before.
    public var seriesRecentHour = 5 * 60
    /// An hour that had ended longer ago but was not sealed yet.
    public var seriesSettlingHour = 30 * 60

    /// That a Tweet is unavailable.
    public var unavailable = 3600
    /// That an account may not see a number.
    public var forbidden = 3600
    /// That a Tweet is too old for a metric.
    public var tooOld = 86_400

    /// How long after its time a cell is served while it is refreshed, but no longer than its time to live was: a number is
    /// at most twice as old as it may be.
    public var staleWhileRevalidate = 3600
    /// How long after its time a cell is served if upstream fails or the quota is used up.
    public var staleIfError = 86_400

    /// The defaults above.
    public init() {}
}

extension TimeToLive {
    /// What a cell counts, as far as its life depends on it.
    public enum Subject: Equatable, Sendable {
        /// Lifetime counts of a Tweet.
        case totals(TweetID)
        /// One hour of a series.
        case hour(UTCHour)
        /// One day of a series. It lives as its last hour does, which is the last to settle.
        case day(UTCDay)
    }

    /// How `cell` stands at `now`.
    public func freshness(of cell: Cell, subject: Subject, now: UnixTime) -> Cell.Freshness {
        if cell.state == .missing { return .gone }
        let lifetime = lifetime(of: cell.state, subject: subject, fetchedAt: cell.fetchedAt)
        return freshness(fetchedAt: cell.fetchedAt, lifetime: lifetime, now: now.seconds)
    }

    /// How many seconds from its fetch a cell is fresh; nil for a sealed one.
    public func lifetime(of state: Cell.State, subject: Subject, fetchedAt: UInt32) -> Int? {
        switch state {
        case .missing: return 0
        case .unavailable: return unavailable
        case .forbidden: return forbidden
        case .tooOld: return tooOld
        case .counted: break
        }
        switch subject {
        case .totals(let tweet):
            return lifetimeOfTotals(tweet, fetchedAt: fetchedAt)
        case .hour(let hour):
            return lifetimeOfHour(endingAt: (Int(hour.index) + 1) * 3600, fetchedAt: fetchedAt)
        case .day(let day):
            return lifetimeOfHour(endingAt: (Int(day.index) + 1) * 86_400, fetchedAt: fetchedAt)
        }
    }

    private func lifetimeOfTotals(_ tweet: TweetID, fetchedAt: UInt32) -> Int {
        guard let createdAt = tweet.createdAt else { return totalsLater }
        switch Int64(fetchedAt) - createdAt.seconds {
        case ..<3600: return totalsInFirstHour
        case ..<(6 * 3600): return totalsInFirst6Hours
        case ..<86_400: return totalsInFirstDay
        case ..<(7 * 86_400): return totalsInFirst7Days
        case ..<(30 * 86_400): return totalsInFirst30Days
        default: return totalsLater
        }
    }

    private func lifetimeOfHour(endingAt end: Int, fetchedAt: UInt32) -> Int? {
        let age = Int(fetchedAt) - end
        if age >= seriesSettleGrace { return nil }
        return age < 6 * 3600 ? seriesRecentHour : seriesSettlingHour
    }

    /// Fresh within its lifetime, then stale, then expired, then gone. A cell from the future, as a clock that was set back
    /// leaves behind, is expired: nobody knows how old it is.
    func freshness(fetchedAt: UInt32, lifetime: Int?, now: Int64) -> Cell.Freshness {
        guard let lifetime else { return .fresh }
        let age = Int(now) - Int(fetchedAt)
        let excess = age - lifetime
        if excess < 0 { return age >= -TimeToLive.clockStepAllowance ? .fresh : .expired }
        if excess < min(lifetime, staleWhileRevalidate) { return .stale }
        return excess < staleIfError ? .expired : .gone
    }

    /// A clock that is being adjusted may step back this many seconds without making cells stale.
    static let clockStepAllowance = 60
}

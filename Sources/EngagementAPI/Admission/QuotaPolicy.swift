/// How a quota is shared out, and what is assumed of one that is not known.
public struct QuotaPolicy: Equatable, Sendable {
    /// The most calls of a pool in any 60 seconds while the API has said nothing of its quota. Known clients make between
    /// 2 and 60 (dossier §8).
    public var assumedPerMinute: Int
    /// The share of a window's limit that is left to interactive calls, in percent.
    public var reservedPercentForInteractive: Int
    /// The share of a window's limit that background calls leave to all others, in percent.
    public var reservedPercentFromBackground: Int
    /// The pause of a pool after a 429 that does not say when there is more, in milliseconds.
    public var pauseMilliseconds: Int64

    public init(
        assumedPerMinute: Int = 60,
        reservedPercentForInteractive: Int = 20,
        reservedPercentFromBackground: Int = 50,
        pauseMilliseconds: Int64 = 10_000
    ) {
        self.assumedPerMinute = assumedPerMinute
        self.reservedPercentForInteractive = reservedPercentForInteractive
        self.reservedPercentFromBackground = reservedPercentFromBackground
        self.pauseMilliseconds = pauseMilliseconds
    }

    /// How many calls of a window with that limit a call of that urgency has to leave.
    ///
    /// A share that rounds to nothing is one call, except of a limit of 1, which everybody may use: else nobody but
    /// interactive callers would ever get an answer.
    internal func reserve(of limit: Int, against urgency: CallUrgency) -> Int {
        let percent =
            switch urgency {
            case .interactive: 0
            case .export: reservedPercentForInteractive
            case .background: max(reservedPercentFromBackground, reservedPercentForInteractive)
            }
        guard limit > 1, percent > 0 else { return 0 }
        let share = min(percent, 100)
        // A header may name any limit: divided first, so that nothing overflows.
        return max(1, limit / 100 * share + limit % 100 * share / 100)
    }
}

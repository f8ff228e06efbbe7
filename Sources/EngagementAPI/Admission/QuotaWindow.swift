internal import Engagement

/// What is known of the running window of a quota, a minute or a second, from the answers that came (dossier §8).
///
/// Answers come in any order, some without headers and some after the end of their window, so:
/// - the smallest number left that any answer of the window has said is the one that counts;
/// - an answer that said nothing takes one away, since its call was counted all the same;
/// - an answer is of this window if its reset is (about) the same, of the next one if it is later, and else too late;
/// - a limit that has been raised holds at once;
/// - without resets the window ends its own length after it was first seen, or when an answer to a call that was surely
///   sent after the smallest number was seen says that there is more.
internal struct QuotaWindow: Sendable {
    /// A minute or a second, in milliseconds.
    private let length: Int64
    /// The calls of a window, or nil as long as no answer named them.
    internal private(set) var limit: Int?
    /// The calls that are left before those in flight are taken off, or nil if nothing is known.
    internal private(set) var remaining: Int?
    /// When the window ends; nil between the end of one window and the first call of the next.
    private var end: UnixTime?
    /// Whether the API named the end. Else it is an estimate.
    private var isEndTold = false
    /// Whether an answer of this window came.
    private var isSeen = false
    /// The largest number left that was seen, to share out when the limit is not known.
    private var most = 0
    /// Whether nothing that was in flight when `remaining` was lowered can still be.
    private var isDrained = true
    /// Calls that were in flight when the window began and were probably counted in the one before.
    private var carried = 0

    internal init(milliseconds: Int64) {
        length = milliseconds
    }

    /// When the next window begins, if the API said so.
    internal var resetAt: UnixTime? { isEndTold ? end : nil }

    // MARK: - Admission

    /// Begins a new window if this one is over.
    internal mutating func settle(_ now: UnixTime, inFlight: Int) {
        guard remaining != nil, let end = end.map({ $0.clamped(to: now) }) else { return }
        self.end = end
        guard end <= now else { return }
        remaining = limit
        self.end = nil
        isEndTold = false
        isSeen = false
        isDrained = inFlight == 0
        carried = inFlight
    }

    /// When to look again for a call of that urgency, or nil if it may be made now.
    internal func wait(for urgency: CallUrgency, _ policy: QuotaPolicy, inFlight: Int, now: UnixTime) -> UnixTime? {
        guard let remaining else { return nil }
        let reserve = policy.reserve(of: limit ?? most, against: urgency)
        guard remaining - inFlight <= reserve else { return nil }
        let end = end ?? now.advanced(byMilliseconds: length)
        // Calls of the window before give their places back when they land.
        let isHeldByOldCalls = carried > 0 && remaining > reserve
        return isHeldByOldCalls ? min(end, now.advanced(byMilliseconds: max(50, length / 60))) : end
    }

    /// A call was admitted.
    internal mutating func take(_ now: UnixTime) {
        if remaining != nil, end == nil { end = now.advanced(byMilliseconds: length) }
    }

    // MARK: - Answers

    /// A call landed. `isCounted` is false if it surely did not reach the API; `inFlight` are those that are left.
    internal mutating func land(_ quota: RateLimit.Quota?, isCounted: Bool, inFlight: Int, now: UnixTime) {
        carried = max(0, carried - 1)
        let former = limit
        if let limit = quota?.limit, limit > 0 { self.limit = limit }
        if let told = quota?.remaining {
            let isRaised = former.map { (limit ?? 0) > $0 } ?? false
            note(max(0, told), reset: reset(quota?.resetAt, now), isRaised: isRaised, inFlight: inFlight, now: now)
        } else if let known = remaining {
            if isCounted { remaining = max(0, known - 1) }
        } else if let limit {
            begin(limit - 1, reset: reset(quota?.resetAt, now), inFlight: inFlight, now: now)
        }
        if inFlight == 0 { isDrained = true }
    }

    private mutating func note(_ told: Int, reset: UnixTime?, isRaised: Bool, inFlight: Int, now: UnixTime) {
        // A reset that is just over is that of the window before.
        if let reset, reset <= now { return }
        most = max(most, told)
        if isRaised { return begin(told, reset: reset, inFlight: inFlight, now: now) }
        guard let known = remaining else { return begin(told, reset: reset, inFlight: inFlight, now: now) }
        guard isEndTold, let end else {
            if isSeen, isDrained, told > known { return begin(told, reset: reset, inFlight: inFlight, now: now) }
            if reset != nil || !isSeen { self.end = reset ?? now.advanced(byMilliseconds: length) }
            isEndTold = reset != nil
            isSeen = true
            return lower(to: told, inFlight: inFlight)
        }
        let step = (reset ?? end).milliseconds - end.milliseconds
        if step >= length / 2 {
            begin(told, reset: reset, inFlight: inFlight, now: now)
        } else if step > -length / 2 {
            // Resets that were given in seconds from now differ by the latency.
            self.end = max(end, reset ?? end)
            lower(to: told, inFlight: inFlight)
        } else if step < -2 * length {
            // Not the window before: the end that was told earlier was wrong, or the clock has been set back.
            self.end = reset
            lower(to: told, inFlight: inFlight)
        }
    }

    private mutating func begin(_ told: Int, reset: UnixTime?, inFlight: Int, now: UnixTime) {
        remaining = told
        end = reset ?? now.advanced(byMilliseconds: length)
        isEndTold = reset != nil
        isSeen = true
        most = max(most, told)
        isDrained = inFlight == 0
        carried = inFlight
    }

    private mutating func lower(to told: Int, inFlight: Int) {
        guard let known = remaining, told < known else { return }
        remaining = told
        isDrained = inFlight == 0
    }

    /// A reset as far as it can be believed: one that was over a whole window ago comes from clocks that differ.
    private func reset(_ reset: UnixTime?, _ now: UnixTime) -> UnixTime? {
        guard let reset, now.milliseconds - reset.milliseconds < length else { return nil }
        return reset.clamped(to: now)
    }
}

extension UnixTime {
    /// The longest that anything waits for a moment, whatever clocks and headers say: 15 minutes.
    private static let longestWaitMilliseconds: Int64 = 900_000

    /// This moment, or 15 minutes from `now` if that is earlier: neither a clock that was set back nor a wrong header
    /// stops calls for hours.
    internal func clamped(to now: UnixTime) -> UnixTime {
        min(self, now.advanced(byMilliseconds: UnixTime.longestWaitMilliseconds))
    }

    /// The moment that many milliseconds later.
    internal func advanced(byMilliseconds milliseconds: Int64) -> UnixTime {
        UnixTime(milliseconds: self.milliseconds + milliseconds)
    }
}

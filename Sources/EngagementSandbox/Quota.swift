internal import Engagement

/// Calls a minute and a second, counted in pools (dossier §8). A minute is one of the clock, so that the reset time is a
/// whole minute; a second likewise.
struct Quota {
    /// Calls that each pool has a minute.
    private(set) var perMinute: Int
    /// Calls that each pool has a second; 0: no such limit, and no headers of one.
    private(set) var perSecond: Int
    /// Which headers tell of it.
    private(set) var headers: QuotaHeaders

    private var minute = Counter(seconds: 60)
    private var second = Counter(seconds: 1)

    init(perMinute: Int, perSecond: Int = 0, headers: QuotaHeaders = .all) {
        self.perMinute = perMinute
        self.perSecond = perSecond
        self.headers = headers
    }

    /// What a pool has left after a call, and whether the call may go on.
    struct Grant {
        let isGranted: Bool
        /// The names are known, that the reset is in Unix seconds too; nothing is known of a 429's body.
        let headers: [(name: String, value: String)]
    }

    /// Takes one call from a pool. A call that is refused for the quota takes none.
    mutating func take(from pool: String, at now: UnixTime) -> Grant {
        minute.move(to: now)
        second.move(to: now)
        let isGranted = minute.used(pool) < perMinute && (perSecond == 0 || second.used(pool) < perSecond)
        if isGranted {
            minute.count(pool)
            second.count(pool)
        }
        return Grant(isGranted: isGranted, headers: fields { limit, counter in limit - counter.used(pool) })
    }

    /// The headers of a pool that has nothing left, whatever the setting says of headers.
    func exhausted(at now: UnixTime) -> [(name: String, value: String)] {
        var quota = Quota(perMinute: perMinute, perSecond: perSecond)
        quota.minute.move(to: now)
        quota.second.move(to: now)
        return quota.fields { _, _ in 0 }
    }

    private func fields(_ remaining: (Int, Counter) -> Int) -> [(name: String, value: String)] {
        var fields: [(name: String, value: String)] = []
        for (unit, limit, counter) in [("minute", perMinute, minute), ("second", perSecond, second)] {
            guard headers != .none, unit == "minute" || limit > 0 else { continue }
            fields.append(("x-per-\(unit)-limit", "\(limit)"))
            fields.append(("x-per-\(unit)-remaining", "\(max(0, remaining(limit, counter)))"))
            guard headers == .all else { continue }
            fields.append(("x-per-\(unit)-reset", "\(counter.reset)"))
        }
        return fields
    }

    /// The calls of each pool in the current minute or second.
    private struct Counter {
        let seconds: Int64
        private var period: Int64 = 0
        private var calls: [String: Int] = [:]

        init(seconds: Int64) {
            self.seconds = seconds
        }

        /// When the next period begins, in Unix seconds.
        var reset: Int64 { (period + 1) * seconds }

        func used(_ pool: String) -> Int { calls[pool, default: 0] }

        mutating func count(_ pool: String) { calls[pool, default: 0] += 1 }

        mutating func move(to now: UnixTime) {
            let current = now.seconds.floorDivided(by: seconds)
            guard current != period else { return }
            period = current
            calls = [:]
        }
    }
}

/// Which headers tell a client of its quota. All are undocumented but for two, so a client must take a missing one as
/// "unknown", not as 0 (dossier §8).
public enum QuotaHeaders: String, CaseIterable, Sendable {
    /// `-limit`, `-remaining` and `-reset`.
    case all
    /// `-limit` and `-remaining`, the two that are documented.
    case withoutReset = "without-reset"
    case none
}

internal import Engagement

/// Calls a minute, counted in pools (dossier §8). A minute is one of the clock, so that the reset time is a whole minute.
struct Quota {
    /// Calls that each pool has a minute.
    private(set) var perMinute: Int

    private var minute: Int64 = 0
    private var used: [String: Int] = [:]

    init(perMinute: Int) {
        self.perMinute = perMinute
    }

    /// Sets another limit and forgets what was used.
    mutating func reset(perMinute: Int) {
        self = Quota(perMinute: perMinute)
    }

    /// What a pool has left after a call, and whether the call may go on.
    struct Grant {
        let isGranted: Bool
        let limit: Int
        let remaining: Int
        /// When the next minute begins, in Unix seconds.
        let reset: Int64

        /// The names are known, that the reset is in Unix seconds too; nothing is known of a 429's body.
        var headers: [(name: String, value: String)] {
            [
                ("x-per-minute-limit", "\(limit)"), ("x-per-minute-remaining", "\(remaining)"),
                ("x-per-minute-reset", "\(reset)"),
            ]
        }
    }

    /// Takes one call from a pool. A call that is refused for the quota takes none.
    mutating func take(from pool: String, at now: UnixTime) -> Grant {
        let current = now.seconds.floorDivided(by: 60)
        if current != minute {
            minute = current
            used = [:]
        }
        let count = used[pool, default: 0]
        let isGranted = count < perMinute
        if isGranted { used[pool] = count + 1 }
        return Grant(
            isGranted: isGranted,
            limit: perMinute,
            remaining: max(0, perMinute - count - 1),
            reset: (current + 1) * 60
        )
    }
}

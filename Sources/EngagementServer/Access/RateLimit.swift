internal import Engagement
internal import Synchronization

/// So many requests a minute: those of a minute at once, if need be, and then one whenever its time has passed.
///
/// It keeps one number, the time at which a caller who kept exactly to the rate would be allowed the next request (the generic cell
/// rate algorithm).
internal final class RateLimit: Sendable {
    private let intervalMicroseconds: Int64
    private let next = Mutex<Int64>(0)

    private static let minute: Int64 = 60_000_000

    init(perMinute: Int) {
        intervalMicroseconds = max(1, RateLimit.minute / Int64(perMinute))
    }

    /// Takes one request out of the limit. Nil if there was one, else in how many seconds there is.
    func take(now: UnixTime) -> Int64? {
        let now = now.milliseconds * 1000
        return next.withLock { next in
            // A clock that was set back must not shut a caller out for as long.
            let due = min(max(next, now), now + RateLimit.minute)
            let wait = due + intervalMicroseconds - now - RateLimit.minute
            next = wait > 0 ? due : due + intervalMicroseconds
            return wait > 0 ? (wait + 999_999) / 1_000_000 : nil
        }
    }
}

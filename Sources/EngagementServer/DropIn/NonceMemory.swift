internal import Digests
internal import Engagement
internal import Synchronization

/// Nonces of calls that were let in, for as long as their timestamps would be let in again: a call that was overheard cannot
/// be repeated (RFC 5849 §3.3).
///
/// It lives in memory: a call that was let in just before a restart could be repeated within the tolerance after it. It only
/// reads, and only over an open connection could it have been overheard.
internal final class NonceMemory: Sendable {
    private let tolerance: Int64
    private let capacity: Int
    private let state = Mutex(State())

    private struct State {
        /// By timestamp, so that what is too old is forgotten at once.
        var used: [Int64: Set<Mark>] = [:]
        var count = 0
        /// Nothing up to here is remembered any more.
        var forgottenUpTo = Int64.min

        mutating func forget(_ time: Int64) {
            count -= used.removeValue(forKey: time)?.count ?? 0
            forgottenUpTo = max(forgottenUpTo, time)
        }
    }

    /// 128 bits that stand for consumer, token and nonce: nonces can be long, and there can be many.
    private struct Mark: Hashable {
        let first: UInt64
        let second: UInt64

        init(_ text: String) {
            let hash = SHA256.hash(Array(text.utf8))
            first = hash[..<8].reduce(0) { $0 << 8 | UInt64($1) }
            second = hash[8..<16].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    enum Verdict: Equatable {
        case new
        case used
        /// Too long ago, too far in the future, or from a time whose nonces had to make room.
        case outOfBounds
    }

    /// - Parameters:
    ///   - toleranceSeconds: How far a timestamp may lie from now, either way.
    ///   - capacity: How many nonces are remembered. Beyond it the oldest second makes room, and its timestamps are no longer
    ///     accepted.
    init(toleranceSeconds: Int, capacity: Int) {
        tolerance = Int64(toleranceSeconds)
        self.capacity = capacity
    }

    /// Remembers a nonce, if it is new. The same one with another consumer, token or timestamp is another.
    func remember(_ nonce: String, consumer: String, token: String, time: Int64, now: UnixTime) -> Verdict {
        let now = now.seconds
        // Subtracted from now, which is no extreme: a timestamp may be.
        guard time >= now - tolerance, time <= now + tolerance else { return .outOfBounds }
        let mark = Mark("\(consumer)\n\(token)\n\(nonce)")
        return state.withLock { state in
            for old in state.used.keys where old < now - tolerance { state.forget(old) }
            guard time > state.forgottenUpTo else { return .outOfBounds }
            guard state.used[time, default: []].insert(mark).inserted else { return .used }
            state.count += 1
            while state.count > capacity, let oldest = state.used.keys.min() { state.forget(oldest) }
            return .new
        }
    }
}

internal import Engagement

/// Nonces that were used, for as long as a timestamp that goes with them would still be accepted.
struct NonceMemory {
    private var generations: [Int64: Set<String>] = [:]
    private var count = 0
    private let tolerance: Int64

    /// How many nonces are kept; beyond it the oldest are forgotten.
    private static let capacity = 200_000

    init(toleranceSeconds: Int) {
        tolerance = Int64(toleranceSeconds)
    }

    /// Remembers a nonce and says whether it was new. The same nonce with another consumer, token or timestamp is another
    /// (RFC 5849 §3.3).
    mutating func remember(_ nonce: String, consumer: String, token: String, timestamp: Int64, now: UnixTime) -> Bool {
        let oldest = now.seconds - tolerance
        for expired in generations.keys where expired < oldest { forget(expired) }
        while count >= NonceMemory.capacity, let first = generations.keys.min() { forget(first) }
        let isNew = generations[timestamp, default: []].insert("\(consumer)\n\(token)\n\(nonce)").inserted
        if isNew { count += 1 }
        return isNew
    }

    private mutating func forget(_ timestamp: Int64) {
        count -= generations.removeValue(forKey: timestamp)?.count ?? 0
    }
}

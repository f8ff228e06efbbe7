internal import Bytes
internal import Engagement
internal import MetricLoader
internal import Synchronization

/// Whole responses to requests that came before, byte for byte: a page that is loaded again costs one look-up.
///
/// A response may be given again until the first of its numbers goes stale, or the next hour begins if it shows a window that
/// moves with the clock. It is kept only when the same request comes a second time, so that requests that never come again
/// cost nothing but a bit.
internal final class ResponseMemory: Sendable {
    /// What makes two requests the same: what was sent, what may be answered, and for whom.
    struct Key: Hashable, Sendable {
        let request: ByteKey
        let mediaType: ResponseMediaType
        /// Those who may be given the same response have the same number.
        let viewer: Int
    }

    /// A response that may be given again. An object, since each request that it answers takes it out of the memory.
    final class Entry: Sendable {
        let status: Int
        let headers: RememberedHeaders
        let body: ByteString
        /// What it was made from, to be refreshed before it goes stale.
        let needs: [MetricNeed]
        /// How many numbers are in it, so that they are counted as found.
        let cellCount: Int
        let life: AnswerLife
        /// Nil for an answer to a method whose answers have none.
        let tag: EntityTag?
        /// What held before it was made: after the next purge, or when a Tweet is gone, it is not given again.
        let revision: AnswerRevision
        /// The version of the lists that it was made from: with the next one it is not given again. Nil if it was made from none.
        let lists: UInt64?

        init(
            status: Int,
            headers: RememberedHeaders,
            body: ByteString,
            needs: [MetricNeed],
            cellCount: Int,
            life: AnswerLife,
            tag: EntityTag?,
            revision: AnswerRevision,
            lists: UInt64? = nil
        ) {
            self.status = status
            self.headers = headers
            self.body = body
            self.needs = needs
            self.cellCount = cellCount
            self.life = life
            self.tag = tag
            self.revision = revision
            self.lists = lists
        }
    }

    fileprivate struct State {
        var entries: SecondChanceCache<Key, Entry>
        /// Hashes of requests that came once, in a ring.
        var seen: Set<Int> = []
        var order: [Int] = []
        var next = 0
    }

    private static let seenCapacity = 4096
    /// What an entry takes beyond its bytes.
    private static let overhead = 256

    private let state: Mutex<State>
    private let isOn: Bool

    /// - Parameter maximumBytes: Of requests and responses together; 0 keeps none.
    init(maximumBytes: Int) {
        state = Mutex(State(entries: SecondChanceCache(maximumCost: maximumBytes)))
        isOn = maximumBytes > 0
    }

    /// The response to give again, if there is one that still holds.
    func entry(for key: Key, now: UnixTime) -> Entry? {
        guard isOn else { return nil }
        return state.withLock { state in
            guard let entry = state.entries.value(for: key) else { return nil }
            if now < entry.life.freshUntil { return entry }
            state.entries.remove(key)
            return nil
        }
    }

    /// Whether the response to this request is worth keeping: whether the request came before.
    func wants(_ key: Key) -> Bool {
        guard isOn else { return false }
        let hash = key.hashValue
        return state.withLock { state in
            if state.seen.contains(hash) { return true }
            if state.order.count < ResponseMemory.seenCapacity {
                state.order.append(hash)
            } else {
                state.seen.remove(state.order[state.next])
                state.order[state.next] = hash
                state.next = (state.next + 1) % ResponseMemory.seenCapacity
            }
            state.seen.insert(hash)
            return false
        }
    }

    func keep(_ entry: Entry, for key: Key) {
        let tweets = entry.needs.reduce(0) { $0 + $1.tweets.count }
        let cost =
            key.request.bytes.count + entry.body.count + tweets * MemoryLayout<TweetID>.size + ResponseMemory.overhead
        state.withLock { state in state.entries.insert(entry, for: key, cost: cost) }
    }
}

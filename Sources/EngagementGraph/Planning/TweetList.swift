internal import Engagement

/// The Tweets that one field names.
internal struct TweetList: Sendable {
    /// In the order asked, repetitions included.
    let asked: [TweetID]
    /// Each once, in the order of first mention.
    let unique: [TweetID]
    /// Whose they are, if a named list says it.
    var account: AccountName?
    /// For each one asked its place in ``unique``; nil if none is repeated.
    private let places: [Int32]?

    init(_ asked: [TweetID]) {
        self.asked = asked
        var index = TweetIndex(capacity: asked.count)
        let places = asked.map { index.place(of: $0) }
        let isRepeated = index.tweets.count < asked.count
        unique = isRepeated ? index.tweets : asked
        self.places = isRepeated ? places : nil
    }

    /// Where the Tweet at `index` of ``asked`` stands in ``unique``.
    func place(at index: Int) -> Int { places.map { Int($0[index]) } ?? index }

    /// Where the Tweet at `place` of ``unique`` is asked for first.
    func firstMention(of place: Int) -> Int { places?.firstIndex(of: Int32(place)) ?? place }
}

/// Finds the place of a Tweet among others: a hash table of 32-bit places, since a dictionary would cost more than all
/// the rest of a plan.
internal struct TweetIndex {
    /// In the order in which they were first asked for.
    private(set) var tweets: [TweetID] = []
    /// Places in ``tweets``, -1 where there is none. A power of two, at most half full.
    private var slots: [Int32]

    /// An empty index with room for `capacity` Tweets before it has to grow.
    init(capacity: Int) {
        slots = Array(repeating: -1, count: TweetIndex.slotCount(for: capacity))
        tweets.reserveCapacity(capacity)
    }

    /// An index of `tweets`, each once.
    init(_ tweets: [TweetID]) {
        self.init(capacity: tweets.count)
        for tweet in tweets { _ = place(of: tweet) }
    }

    /// The place of `tweet`, which is added behind the others if it is not among them.
    mutating func place(of tweet: TweetID) -> Int32 {
        var slot = firstSlot(of: tweet)
        while slots[slot] >= 0 {
            if tweets[Int(slots[slot])] == tweet { return slots[slot] }
            slot = (slot &+ 1) & (slots.count &- 1)
        }
        let place = Int32(tweets.count)
        tweets.append(tweet)
        slots[slot] = place
        if tweets.count * 2 > slots.count { grow() }
        return place
    }

    /// Multiplicative hashing. The factor differs from process to process, so that nobody can choose ids that collide.
    private func firstSlot(of tweet: TweetID) -> Int {
        let product = tweet.rawValue &* TweetIndex.factor
        return Int(truncatingIfNeeded: product >> UInt64(64 &- slots.count.trailingZeroBitCount))
    }

    private static let factor = UInt64.random(in: .min ... .max) | 1

    private mutating func grow() {
        slots = Array(repeating: -1, count: slots.count * 2)
        for (place, tweet) in tweets.enumerated() {
            var slot = firstSlot(of: tweet)
            while slots[slot] >= 0 { slot = (slot &+ 1) & (slots.count &- 1) }
            slots[slot] = Int32(place)
        }
    }

    private static func slotCount(for tweets: Int) -> Int {
        var count = 4
        while count < tweets * 2 { count *= 2 }
        return count
    }
}

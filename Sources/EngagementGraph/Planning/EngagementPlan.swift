public import Engagement
internal import GraphQL

/// What an operation needs to know before a byte of its answer can be written: a value that can be printed and tested.
public struct EngagementPlan: Sendable {
    /// The needs of all fields together, each family, grain and window once: one table answers each.
    public internal(set) var needs: [MetricNeed] = []

    /// The fields that show metrics.
    internal var selections: [MetricSelection] = []
    /// For each field of the operation its place in ``selections`` or ``tweetLists``; -1 for all others.
    internal var places: [Int32] = []
    /// The Tweets of each `tweet` and `tweets` field.
    internal var tweetLists: [TweetList] = []

    /// Whether the operation can be answered without any number.
    public var isEmpty: Bool { needs.isEmpty }
}

/// The Tweets of one `tweet` or `tweets` field.
internal struct TweetList: Sendable {
    /// In the order asked, repetitions included.
    let asked: [TweetID]
    /// Each once.
    let unique: [TweetID]
    /// For each one asked its place in ``unique``; nil if none is repeated.
    let places: [Int32]?

    init(_ asked: [TweetID]) {
        self.asked = asked
        var known: [TweetID: Int32] = Dictionary(minimumCapacity: asked.count)
        var unique: [TweetID] = []
        var places: [Int32] = []
        places.reserveCapacity(asked.count)
        unique.reserveCapacity(asked.count)
        for tweet in asked {
            if let place = known[tweet] {
                places.append(place)
            } else {
                let place = Int32(unique.count)
                known[tweet] = place
                places.append(place)
                unique.append(tweet)
            }
        }
        self.unique = unique
        self.places = unique.count == asked.count ? nil : places
    }

    /// Where the Tweet at `index` of ``asked`` stands in ``unique``.
    func place(at index: Int) -> Int { places.map { Int($0[index]) } ?? index }
}

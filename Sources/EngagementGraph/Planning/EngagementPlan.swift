public import Engagement
internal import GraphQL

/// What an operation needs to know before a byte of its answer can be written: a value that can be printed and tested.
public struct EngagementPlan: Sendable {
    /// The needs of all fields together, each family, grain and window once: one table answers each.
    public internal(set) var needs: [MetricNeed] = []

    /// What a mutation purges, in the order of its fields.
    public internal(set) var purges: [PlannedPurge] = []

    /// The fields that show metrics.
    internal var selections: [MetricSelection] = []
    /// For each field of the operation its place in ``selections``, ``tweetLists`` or ``purges``; -1 for all others. Fields behind
    /// the last one that has a place are left out.
    private var places: [Int32] = []
    /// The Tweets of each `tweet` and `tweets` field.
    internal var tweetLists: [TweetList] = []

    /// The place of the field at `index` in ``selections`` or ``tweetLists``; -1 if it has none.
    internal func place(ofField index: Int) -> Int32 { index < places.count ? places[index] : -1 }

    internal mutating func setPlace(_ place: Int, ofField index: Int) {
        while places.count <= index { places.append(-1) }
        places[index] = Int32(place)
    }

    /// Whether the operation can be answered without any number.
    public var isEmpty: Bool { needs.isEmpty }
}

public import Engagement
internal import GraphQL

/// What an operation needs to know before a byte of its answer can be written: a value that can be printed and tested.
public struct EngagementPlan: Sendable {
    /// The needs of all fields together, each family, grain and window once: one table answers each.
    public internal(set) var needs: [MetricNeed] = []

    /// What a mutation purges, in the order of its fields.
    public internal(set) var purges: [PlannedPurge] = []
    /// What a mutation changes of the lists, in the order of its fields.
    public internal(set) var listChanges: [ListChange] = []
    /// Both, in the order of the fields.
    public internal(set) var mutations: [PlannedMutation] = []

    /// What a subscription watches; nil for other operations.
    public internal(set) var live: LivePlan?

    /// What the plan took from lists; nil if nothing.
    public internal(set) var lists: ListDependency?
    /// Whether its Tweets are more than may be looked at at once, and ``PlanRanking`` finds those of the best rows.
    public var isRanked = false
    /// The lists that `list` and `lists` fields show, and which of them each field does.
    internal var shownLists: [NamedList] = []
    internal var listRanges: [Range<Int>] = []

    /// The fields that show metrics.
    internal var selections: [MetricSelection] = []
    /// The fields of rows that are made of several numbers.
    internal var derivedColumns: [DerivedColumn] = []
    /// The fields that compare groups, and the numbers of their rows.
    internal var comparisons: [PlannedComparison] = []
    internal var comparedColumns: [ComparedColumn] = []
    /// For each field of the operation its place in ``selections``, ``tweetLists``, ``listRanges``, ``purges``,
    /// ``listChanges``, ``derivedColumns``, ``comparisons`` or ``comparedColumns``, ``pages``, or a comparison's rates; -1 for all others. Fields behind the last one that has a place are left out.
    private var places: [Int32] = []
    /// The Tweets of each `tweet` and `tweets` field.
    internal var tweetLists: [TweetList] = []
    /// What connections show.
    internal var pages: [TweetPage] = []

    /// The place of the field at `index` in ``selections`` or ``tweetLists``; -1 if it has none.
    internal func place(ofField index: Int) -> Int32 { index < places.count ? places[index] : -1 }

    internal mutating func setPlace(_ place: Int, ofField index: Int) {
        while places.count <= index { places.append(-1) }
        places[index] = Int32(place)
    }

    /// Whether the operation can be answered without any number.
    public var isEmpty: Bool { needs.isEmpty }
}

/// One field of a mutation: its place among the plan's purges, or its changes of lists.
public enum PlannedMutation: Equatable, Sendable {
    case purge(Int)
    case list(Int)
}

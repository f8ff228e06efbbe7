public import Engagement
internal import GraphQL

/// What an operation needs to know before a byte of its answer can be written. It can be printed and tested.
///
/// An object that never changes: whatever makes a part of the answer holds on to it, and a value of so many parts would be
/// counted part by part each time.
public final class EngagementPlan: Sendable {
    private let draft: Draft

    internal init(_ draft: Draft) {
        self.draft = draft
    }

    /// The needs of all fields together, each family, grain and window once: one table answers each.
    public var needs: [MetricNeed] { draft.needs }
    /// Whether the operation can be answered without any number.
    public var isEmpty: Bool { draft.needs.isEmpty }

    /// What a mutation purges, in the order of its fields.
    public var purges: [PlannedPurge] { draft.purges }
    /// What a mutation changes of the lists, in the order of its fields.
    public var listChanges: [ListChange] { draft.listChanges }
    /// Both, in the order of the fields.
    public var mutations: [PlannedMutation] { draft.mutations }

    /// What a subscription watches; nil for other operations.
    public var live: LivePlan? { draft.live }

    /// What the plan took from lists; nil if nothing.
    public var lists: ListDependency? { draft.lists }
    /// Whether its Tweets are more than may be looked at at once, and ``PlanRanking`` finds those of the best rows.
    public var isRanked: Bool { draft.isRanked }

    /// The same plan with Tweets that are to be ranked.
    public var ranked: EngagementPlan { changed { $0.isRanked = true } }

    /// The same plan but for what `change` changes.
    internal func changed(_ change: (inout Draft) -> Void) -> EngagementPlan {
        var draft = draft
        change(&draft)
        return EngagementPlan(draft)
    }
}

extension EngagementPlan {
    internal var shownLists: [NamedList] { draft.shownLists }
    internal var listRanges: [Range<Int>] { draft.listRanges }
    internal var selections: [MetricSelection] { draft.selections }
    internal var derivedColumns: [DerivedColumn] { draft.derivedColumns }
    internal var comparisons: [PlannedComparison] { draft.comparisons }
    internal var comparedColumns: [ComparedColumn] { draft.comparedColumns }
    internal var tweetLists: [TweetList] { draft.tweetLists }
    internal var pages: [TweetPage] { draft.pages }

    /// The place of the field at `index` among what fields of its kind show; -1 if it has none.
    internal func place(ofField index: Int) -> Int32 { index < draft.places.count ? draft.places[index] : -1 }

    /// A plan that is being made.
    internal struct Draft: Sendable {
        var needs: [MetricNeed] = []
        var purges: [PlannedPurge] = []
        var listChanges: [ListChange] = []
        var mutations: [PlannedMutation] = []
        var live: LivePlan?
        var lists: ListDependency?
        var isRanked = false
        /// The lists that `list` and `lists` fields show, and which of them each field does.
        var shownLists: [NamedList] = []
        var listRanges: [Range<Int>] = []
        /// The fields that show metrics.
        var selections: [MetricSelection] = []
        /// The fields of rows that are made of several numbers.
        var derivedColumns: [DerivedColumn] = []
        /// The fields that compare groups, and the numbers of their rows.
        var comparisons: [PlannedComparison] = []
        var comparedColumns: [ComparedColumn] = []
        /// The Tweets of each `tweet` and `tweets` field.
        var tweetLists: [TweetList] = []
        /// What connections show.
        var pages: [TweetPage] = []

        /// For each field of the operation its place in ``selections``, ``tweetLists``, ``listRanges``, ``purges``,
        /// ``listChanges``, ``derivedColumns``, ``comparisons``, ``comparedColumns`` or ``pages``, or among a comparison's rates;
        /// -1 for all others. Fields behind the last one that has a place are left out.
        private(set) var places: [Int32] = []

        mutating func setPlace(_ place: Int, ofField index: Int) {
            if places.count <= index { places += repeatElement(-1, count: index + 1 - places.count) }
            places[index] = Int32(place)
        }
    }
}

/// One field of a mutation: its place among the plan's purges, or its changes of lists.
public enum PlannedMutation: Equatable, Sendable {
    case purge(Int)
    case list(Int)
}

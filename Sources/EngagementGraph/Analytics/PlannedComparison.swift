internal import Engagement

/// A `compare` field: groups of Tweets, each with its own need, and how their numbers are laid side by side.
internal struct PlannedComparison: Sendable {
    struct Group: Sendable {
        let name: String
        /// The place among the plan's selections of what it needs; its rows are not shown.
        let selection: Int
    }

    let groups: [Group]
    /// How many hours a row has; nil for lifetime counts, of which each group has one row.
    let hoursPerAge: Int?
    /// How many rows a group has.
    let ages: Int
    /// The first hour that is not over.
    let now: UTCHour
    let rates: [RateColumn]
}

/// What a field of a comparison's row shows.
internal struct ComparedColumn: Equatable, Sendable {
    enum Kind: Equatable, Sendable {
        case total
        case perTweet
        case difference
        case ratio
    }

    let kind: Kind
    let type: EngagementType
    let along: Along

    enum Along: Equatable, Sendable {
        case count
        case runningTotal
        case change
    }
}

/// The arguments of `compare`, checked as far as that goes without the lists.
internal struct ComparisonArguments {
    /// The name of a group, if it has one, its list and its ids.
    let groups: [(name: String?, list: String?, tweets: [TweetID]?)]
    let hoursPerAge: Int?
    let ages: Int

    static let maximumGroups = 20
    static let maximumAges = 1000
    static let maximumNameBytes = 100

    /// The name of the group at `index`: its own, or that of its list.
    ///
    /// - Throws: ``PlanningError`` if it has none, or one that another group has.
    func name(at index: Int) throws(PlanningError) -> String {
        guard let name = groups[index].name ?? groups[index].list, !name.isEmpty else {
            throw PlanningError(.invalidComparison, "groups[\(index)] has neither a name nor a list: give it a name.")
        }
        guard name.utf8.count <= ComparisonArguments.maximumNameBytes else {
            throw PlanningError(
                .invalidComparison,
                "The name of groups[\(index)] has more than \(ComparisonArguments.maximumNameBytes) bytes."
            )
        }
        if groups[..<index].contains(where: { ($0.name ?? $0.list) == name }) {
            throw PlanningError(.invalidComparison, "Two groups are called \"\(name)\": give one of them another name.")
        }
        return name
    }
}

internal import Engagement
internal import GraphQL
internal import JSON

/// One planning of one operation.
internal struct PlanningPass {
    private let rules: Planner
    let operation: Operation
    let account: AccountName
    let now: UnixTime
    /// The lists, as the mutations that stand before leave them.
    var lists: ListDirectory
    let fresh: FreshDirective

    var plan = EngagementPlan.Draft()
    var size = PlanSize()
    var errors: [GraphQLError] = []

    var needPlaces = NeedPlaces()
    /// For needs that several fields share, where each Tweet stands.
    var tweetIndexes: [Int: TweetIndex] = [:]
    /// Buckets of time that an earlier field has had: the cards of a page have the same.
    private var knownBuckets: [FieldTime: TimeBuckets] = [:]

    init(_ rules: Planner, _ operation: Operation, account: AccountName, now: UnixTime) {
        self.rules = rules
        self.operation = operation
        self.account = account
        self.now = now
        lists = rules.lists.current()
        fresh = FreshDirective(operation)
    }

    var schema: EngagementSchema { rules.schema }
    var limits: PlanLimits { rules.limits }
    var listRules: ListRules { rules.lists }

    /// What the operation costs: Tweets × families and windows. A Tweet that several fields show costs once.
    var lookups: Int { plan.needs.reduce(0) { $0 + $1.tweets.count } }

    mutating func planOperation() {
        let demand = freshness(of: nil, else: .usual, [])
        if operation.kind == .subscription { return planSubscription(demand) }
        for field in operation.rootFields { planRootField(field, demand) }
    }

    /// The plan, which is taken out and not copied.
    consuming func finish() -> EngagementPlan { EngagementPlan(plan) }

    mutating func planRootField(_ index: Int, _ demand: FreshnessDemand) {
        let field = operation[index]
        guard field.role == .resolved else { return }
        if let failure = operation.argumentFailure(of: field) {
            // The executor reports arguments that could not be coerced. But a mutation with a mistake must not begin.
            if operation.kind == .mutation { errors.append(error(failure.message, field)) }
            return
        }
        switch schema.binding(of: field.field) {
        case .tweet:
            let id = operation.argument("id", of: field).flatMap(TweetID.init)
            planTweets(id.map { [$0] } ?? [], index, isList: false, demand)
        case .tweets:
            planTweets(ids(of: "ids", field), index, isList: true, demand)
        case .totals, .last28Hours, .historical, .growth:
            guard let list = tweets(of: field) else { return }
            let path = FieldPath(keys: operation.path(of: field), isRepeated: false)
            planMetrics(index, list, grouping: grouping(of: field), path, demand)
        case .compare: planComparison(index, demand)
        case .thresholdReached: planThreshold(index, demand)
        case .lists: planLists(index, lists.all)
        case .list: planList(index, demand)
        case .purge: planPurge(index)
        case .saveList?, .addToList?, .removeFromList?, .removeList?:
            if let binding = schema.binding(of: field.field) { planListChange(index, binding) }
        default: break
        }
    }

    private mutating func planPurge(_ index: Int) {
        let field = operation[index]
        do throws(PlanningError) {
            let purge = try rules.purging.plan(field, of: operation) { name throws(PlanningError) in
                try listRules.list(named: name, in: lists).tweets
            }
            size.tweets += purge.selection.tweets?.count ?? 0
            plan.setPlace(plan.purges.count, ofField: index)
            plan.mutations.append(.purge(plan.purges.count))
            plan.purges.append(purge)
        } catch {
            let code = JSONValue.Member("code", .string(error.code.rawValue))
            errors.append(self.error(error.reason, field, [code]))
        }
    }

    func error(_ message: String, _ field: SelectedField, _ extensions: [JSONValue.Member] = []) -> GraphQLError {
        let path = operation.path(of: field).map { GraphQLError.PathSegment.key($0) }
        return GraphQLError(message, locations: operation.locations(of: field), path: path, extensions: extensions)
    }

    private mutating func planTweets(_ ids: [TweetID], _ index: Int, isList: Bool, _ above: FreshnessDemand) {
        guard let list = list(ids) else { return }
        let field = operation[index]
        plan.setPlace(plan.tweetLists.count, ofField: index)
        plan.tweetLists.append(list)
        let demand = freshness(of: field, else: above, [.key(operation.responseKey(of: field))])
        planTweetFields(of: field, list, demand) { FieldPath(keys: $0, isRepeated: isList) }
    }

    /// The metrics of each of the Tweets that `field` shows.
    ///
    /// - Parameter path: Where one with these response keys stands.
    mutating func planTweetFields(
        of field: SelectedField,
        _ list: TweetList,
        _ demand: FreshnessDemand,
        path: ([String]) -> FieldPath
    ) {
        for child in operation.children(of: field) {
            let selected = operation[child]
            guard selected.role == .resolved, schema.binding(of: selected.field)?.showsMetrics == true,
                operation.argumentFailure(of: selected) == nil
            else { continue }
            let path = path(operation.path(of: selected))
            planMetrics(child, list, grouping: [.tweet] + grouping(of: selected), path, demand)
        }
    }

    /// The Tweets of a field, counted before anything is made of them; nil if there are too many.
    mutating func list(_ tweets: [TweetID]) -> TweetList? {
        size.tweets += tweets.count
        return size.tweets <= limits.maximumTweets ? TweetList(tweets) : nil
    }

    // MARK: - Metrics

    mutating func planMetrics(
        _ index: Int,
        _ list: TweetList,
        grouping: [Dimension],
        _ path: FieldPath,
        _ above: FreshnessDemand
    ) {
        let freshness = freshness(ofRowsOf: index, else: above, path.path(at: 0))
        do throws(PlanningError) {
            guard let selection = try selection(index, list, Grouping(grouping), path, freshness) else { return }
            plan.setPlace(plan.selections.count, ofField: index)
            plan.selections.append(selection)
        } catch {
            errors.append(
                GraphQLError(error, locations: operation.locations(of: operation[index]), path: path.path(at: 0))
            )
        }
    }

    /// Nil if the operation has grown too large.
    private mutating func selection(
        _ index: Int,
        _ list: TweetList,
        _ grouping: Grouping,
        _ path: FieldPath,
        _ freshness: FreshnessDemand
    ) throws(PlanningError) -> MetricSelection? {
        let field = operation[index]
        let binding = schema.binding(of: field.field)
        let hasTotals = binding == .totals || binding == .growth || binding == .thresholdReached
        let family: MetricFamily = hasTotals ? .totals : .series
        let order = orders(of: field)
        let derived = DerivedColumns(field, in: operation, schema)
        for rate in derived.rates { try rate.check(family) }
        let types = types(of: field, family, grouping, order, derived)
        let first = try first(of: field)
        let time = try time(of: field, binding, grouping)
        size.cells += PlanSize.cells(tweets: list.asked.count, types: types, grouping, time)
        guard size.cells <= limits.maximumCells else { return nil }
        let buckets = try buckets(of: time, grouping)
        let growth = growth(of: field, binding, order, buckets)
        let isSeries = family == .series
        let key = NeedKey(
            types: types,
            family: family,
            grain: isSeries ? time?.grain ?? .hour : .hour,
            window: isSeries ? time?.window : nil,
            moments: try moments(of: field, binding, growth),
            freshness: freshness,
            account: list.account ?? account
        )
        let (need, places) = add(list.unique, key)
        for entry in derived.columns {
            plan.setPlace(plan.derivedColumns.count, ofField: entry.field)
            plan.derivedColumns.append(entry.column)
        }
        return MetricSelection(
            need: need,
            list: list,
            places: places,
            types: types,
            grouping: grouping,
            buckets: growth == nil ? buckets : buckets.asSteps,
            growth: growth,
            rates: derived.rates,
            followsTime: derived.followTime,
            horizon: isSeries ? limits.history.earliest(now: now) : nil,
            order: order,
            first: first,
            isShownByTweet: path.keys.count > 1,
            path: path
        )
    }

    /// The types that a field's rows need. In the long form they are the rows, which only metric fields choose.
    private func types(
        of field: SelectedField,
        _ family: MetricFamily,
        _ grouping: Grouping,
        _ order: [RowOrder],
        _ derived: DerivedColumns
    ) -> EngagementTypeSet {
        if let watched = watchedTypes(of: field) { return watched }
        let isLong = grouping.contains(.engagementType)
        var types: EngagementTypeSet = []
        for child in operation.children(of: field) where operation[child].role == .resolved {
            guard let binding = schema.binding(of: operation[child].field) else { continue }
            if isLong, binding == .engagementRate { continue }
            types.formUnion(binding.types)
        }
        if isLong { return types.isEmpty ? (family == .totals ? .totals : .series) : types }
        for key in order { types.formUnion(key.field.types) }
        types.formUnion(derived.types)
        return types
    }

    // MARK: - Time

    /// The window of a field and how it is divided; nil for totals.
    private func time(
        of field: SelectedField,
        _ binding: FieldBinding?,
        _ grouping: Grouping
    ) throws(PlanningError) -> FieldTime? {
        let window: HourWindow
        switch binding {
        case .last28Hours: window = HourWindow(start: now.flooredHour.advanced(by: -28), end: now.raisedHour)
        case .historical:
            let start = UnixTime(operation.argument("start", of: field))
            let end = UnixTime(operation.argument("end", of: field))
            window = try WindowArguments(start: start, end: end).window(now: now, history: limits.history)
        case .growth:
            let start = UnixTime(operation.argument("start", of: field))
            let end = UnixTime(operation.argument("end", of: field))
            window = try WindowArguments(start: start, end: end).window(now: now, history: HistoryDepth())
        default: return nil
        }
        var zone = "UTC"
        if case .string(let name) = operation.argument("timeZone", of: field) { zone = name }
        return FieldTime(window: window, zone: zone, grouping: grouping)
    }

    private mutating func buckets(of time: FieldTime?, _ grouping: Grouping) throws(PlanningError) -> TimeBuckets {
        guard let time else { return .none }
        if let buckets = knownBuckets[time] { return buckets }
        let offsets = try ZoneOffsets(named: time.zone)
        let buckets = try TimeBuckets(time.window, grain: time.grain, grouping: grouping, offsets: offsets)
        knownBuckets[time] = buckets
        return buckets
    }
}

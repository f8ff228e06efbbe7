public import Engagement
public import GraphQL
internal import JSON

/// Turns an operation into the set of cells that it needs: pure, and the only reader of arguments.
public struct Planner: Sendable {
    private let schema: EngagementSchema
    private let limits: PlanLimits

    public init(_ schema: EngagementSchema, limits: PlanLimits = PlanLimits()) {
        self.schema = schema
        self.limits = limits
    }

    /// The plan of `operation` for the account that asks, as seen at `now`.
    ///
    /// - Throws: ``GraphQLErrors`` with the path and place of every field that asks for what cannot be had.
    public func plan(
        _ operation: Operation,
        account: AccountName,
        now: UnixTime
    ) throws(GraphQLErrors) -> EngagementPlan {
        var pass = PlanningPass(schema: schema, operation: operation, account: account, now: now)
        for field in operation.rootFields { pass.planRootField(field) }
        if pass.errors.isEmpty, let problem = pass.plan.problem(within: limits, tweets: pass.tweetCount) {
            pass.errors.append(GraphQLError(problem))
        }
        guard pass.errors.isEmpty else { throw GraphQLErrors(pass.errors) }
        return pass.plan
    }
}

extension EngagementPlan {
    fileprivate func problem(within limits: PlanLimits, tweets: Int) -> PlanningError? {
        if tweets > limits.maximumTweets {
            return PlanningError(
                .tooManyTweets,
                """
                The operation names \(tweets) Tweets, more than the \(limits.maximumTweets) that limits.tweets allows. \
                Ask for them in several operations.
                """
            )
        }
        let lookups = needs.reduce(0) { $0 + $1.tweets.count }
        if lookups > limits.maximumLookups {
            return PlanningError(
                .tooComplex,
                """
                The operation costs \(lookups) look-ups (Tweets × totals and windows), more than the \(limits.maximumLookups) that \
                limits.complexity allows. Ask for fewer Tweets or fewer windows at a time.
                """
            )
        }
        let cells = needs.reduce(0) { $0 + $1.cellCount }
        if cells > limits.maximumCells {
            return PlanningError(
                .tooManyCells,
                """
                The operation spans \(cells) cells (Tweets × metrics × hours or days), more than the \(limits.maximumCells) \
                that limits.cells allows. Ask for fewer Tweets, fewer metrics, a shorter window, or days of UTC instead of hours.
                """
            )
        }
        return nil
    }
}

extension GraphQLError {
    internal init(_ error: PlanningError, locations: [SourceLocation] = [], path: [PathSegment]? = nil) {
        self.init(
            error.reason,
            locations: locations,
            path: path,
            extensions: [.init("code", .string(error.code.rawValue))]
        )
    }
}

/// One planning of one operation.
private struct PlanningPass {
    let schema: EngagementSchema
    let operation: Operation
    let account: AccountName
    let now: UnixTime
    var plan = EngagementPlan()
    var errors: [GraphQLError] = []
    var tweetCount = 0
    private var needPlaces: [NeedKey: Int] = [:]
    /// For needs that several fields share, where each Tweet stands.
    private var tweetPlaces: [Int: [TweetID: Int32]] = [:]

    /// Fields with the same key share one need: 25 cards on a page are one table. Types are part of it, or else a metric that
    /// only the owner may see would be looked up for everybody's Tweets on the page.
    private struct NeedKey: Hashable {
        let types: EngagementTypeSet
        let family: MetricFamily
        let grain: MetricNeed.Grain
        let window: HourWindow?
    }

    init(schema: EngagementSchema, operation: Operation, account: AccountName, now: UnixTime) {
        self.schema = schema
        self.operation = operation
        self.account = account
        self.now = now
        plan.places = Array(repeating: -1, count: operation.fieldCount)
    }

    mutating func planRootField(_ index: Int) {
        let field = operation[index]
        // The executor reports arguments that could not be coerced.
        guard operation.argumentFailure(of: field) == nil else { return }
        switch schema.binding(of: field.field) {
        case .tweet:
            let id = operation.argument("id", of: field).flatMap(TweetID.init)
            planTweets(id.map { [$0] } ?? [], index, isList: false)
        case .tweets:
            planTweets(ids(of: "ids", field), index, isList: true)
        case .totals, .last28Hours, .historical:
            let tweets = TweetList(ids(of: "tweetIds", field))
            tweetCount += tweets.asked.count
            let path = FieldPath(keys: operation.path(of: field), isRepeated: false)
            planMetrics(index, tweets.unique, grouping: grouping(of: field), path)
        default: break
        }
    }

    private mutating func planTweets(_ ids: [TweetID], _ index: Int, isList: Bool) {
        let field = operation[index]
        let list = TweetList(ids)
        tweetCount += ids.count
        plan.places[index] = Int32(plan.tweetLists.count)
        plan.tweetLists.append(list)
        for child in operation.children(of: field) {
            let selected = operation[child]
            guard schema.binding(of: selected.field)?.showsMetrics == true,
                operation.argumentFailure(of: selected) == nil
            else { continue }
            let path = FieldPath(keys: operation.path(of: selected), isRepeated: isList)
            planMetrics(child, list.unique, grouping: [.tweet] + grouping(of: selected), path)
        }
    }

    // MARK: - Metrics

    private mutating func planMetrics(_ index: Int, _ tweets: [TweetID], grouping: [Dimension], _ path: FieldPath) {
        do throws(PlanningError) {
            let selection = try selection(index, tweets, Grouping(grouping), path)
            plan.places[index] = Int32(plan.selections.count)
            plan.selections.append(selection)
        } catch {
            errors.append(
                GraphQLError(error, locations: operation.locations(of: operation[index]), path: path.path(at: 0))
            )
        }
    }

    private mutating func selection(
        _ index: Int,
        _ tweets: [TweetID],
        _ grouping: Grouping,
        _ path: FieldPath
    ) throws(PlanningError) -> MetricSelection {
        let field = operation[index]
        let binding = schema.binding(of: field.field)
        let family: MetricFamily = binding == .totals ? .totals : .series
        var types: EngagementTypeSet = []
        for child in operation.children(of: field) {
            guard let binding = schema.binding(of: operation[child].field) else { continue }
            types.formUnion(binding.types)
        }
        let order = orders(of: field)
        for case .metric(let type) in order.map(\.field) { types.insert(EngagementTypeSet(type)) }
        if order.contains(where: { $0.field == .engagementRate }) { types.formUnion(FieldBinding.engagementRate.types) }
        if types.isEmpty, grouping.contains(.engagementType) { types = family == .totals ? .totals : .series }

        let first = try first(of: field)
        let (window, grain, buckets) = try time(of: field, binding, grouping)
        var selection = MetricSelection(
            need: 0,
            tweets: tweets,
            places: nil,
            types: types,
            grouping: grouping,
            buckets: buckets,
            order: order,
            first: first,
            isShownByTweet: path.keys.count > 1,
            path: path
        )
        add(&selection, NeedKey(types: types, family: family, grain: grain, window: window))
        return selection
    }

    private func time(
        of field: SelectedField,
        _ binding: FieldBinding?,
        _ grouping: Grouping
    ) throws(PlanningError) -> (HourWindow?, MetricNeed.Grain, TimeBuckets) {
        let window: HourWindow
        switch binding {
        case .last28Hours: window = HourWindow(start: now.flooredHour.advanced(by: -28), end: now.raisedHour)
        case .historical:
            let start = UnixTime(operation.argument("start", of: field))
            let end = UnixTime(operation.argument("end", of: field))
            window = try WindowArguments(start: start, end: end).window(now: now)
        default: return (nil, .hour, .none)
        }
        var zone = "UTC"
        if case .string(let name) = operation.argument("timeZone", of: field) { zone = name }
        let offsets = try ZoneOffsets(named: zone)
        // Days of UTC can be had as days; everything else is put together from hours.
        let needsHours =
            !window.isDayAligned || grouping.contains(.hour) || grouping.contains(.hourOfDay)
            || (grouping.calendar != nil && !offsets.isUTC)
        let grain: MetricNeed.Grain = needsHours ? .hour : .day
        return (window, grain, try TimeBuckets(window, grain: grain, grouping: grouping, offsets: offsets))
    }

    /// Puts the selection's Tweets and types into the need that it shares with others.
    private mutating func add(_ selection: inout MetricSelection, _ key: NeedKey) {
        if let place = needPlaces[key] {
            selection.need = place
            selection.places = share(selection.tweets, of: place)
            return
        }
        selection.need = plan.needs.count
        needPlaces[key] = plan.needs.count
        if let window = key.window {
            plan.needs.append(
                .series(
                    account: account,
                    tweets: selection.tweets,
                    types: selection.types,
                    window: window,
                    grain: key.grain
                )
            )
        } else {
            plan.needs.append(.totals(account: account, tweets: selection.tweets, types: selection.types))
        }
    }

    /// Adds `tweets` to a need that others have too, each Tweet once, and returns where each of them stands.
    private mutating func share(_ tweets: [TweetID], of need: Int) -> [Int32] {
        var known =
            tweetPlaces[need]
            ?? Dictionary(uniqueKeysWithValues: plan.needs[need].tweets.enumerated().map { ($1, Int32($0)) })
        let places = tweets.map { tweet in
            if let place = known[tweet] { return place }
            let place = Int32(plan.needs[need].tweets.count)
            plan.needs[need].tweets.append(tweet)
            known[tweet] = place
            return place
        }
        tweetPlaces[need] = known
        return places
    }

    // MARK: - Arguments

    private func ids(of argument: String, _ field: SelectedField) -> [TweetID] {
        guard case .list(let values) = operation.argument(argument, of: field) else { return [] }
        return values.compactMap(TweetID.init)
    }

    private func grouping(of field: SelectedField) -> [Dimension] {
        guard case .list(let values) = operation.argument("groupBy", of: field) else { return [] }
        return values.compactMap { value in
            if case .enumeration(let name) = value { Dimension(rawValue: name) } else { nil }
        }
    }

    private func first(of field: SelectedField) throws(PlanningError) -> Int? {
        guard case .int(let first) = operation.argument("first", of: field) else { return nil }
        guard first >= 0 else {
            throw PlanningError(.invalidFirst, "first is \(first): it is the number of rows wanted, 0 or more.")
        }
        return Int(first)
    }

    private func orders(of field: SelectedField) -> [RowOrder] {
        guard case .list(let values) = operation.argument("orderBy", of: field) else { return [] }
        return values.compactMap(RowOrder.init)
    }
}

extension RowOrder {
    /// Reads a `TotalsOrder` or `SeriesOrder`.
    fileprivate init?(_ value: InputValue) {
        guard case .object(let members) = value else { return nil }
        var field: Field?
        var isDescending = true
        for member in members {
            guard case .enumeration(let name) = member.value else { continue }
            if member.name == "direction" { isDescending = name == "DESCENDING" }
            if member.name == "field" { field = Field(name) }
        }
        guard let field else { return nil }
        self.init(field: field, isDescending: isDescending)
    }
}

extension RowOrder.Field {
    fileprivate init?(_ name: String) {
        switch name {
        case "TWEET_ID": self = .tweetID
        case "START": self = .start
        case "COUNT": self = .count
        case "ENGAGEMENT_RATE": self = .engagementRate
        default:
            guard let type = EngagementType(enumName: name) else { return nil }
            self = .metric(type)
        }
    }
}

internal import Engagement
internal import GraphQL
internal import JSON

/// Planning of `compare`.
extension PlanningPass {
    mutating func planComparison(_ index: Int, _ above: FreshnessDemand) {
        let field = operation[index]
        let path = FieldPath(keys: operation.path(of: field), isRepeated: false)
        let demand = freshness(ofRowsOf: index, else: above, path.path(at: 0))
        do throws(PlanningError) {
            let arguments = try comparisonArguments(field)
            let family: MetricFamily = arguments.hoursPerAge == nil ? .totals : .series
            let columns = try ComparedColumns(field, in: operation, schema, family)
            var groups: [PlannedComparison.Group] = []
            for place in arguments.groups.indices {
                let name = try arguments.name(at: place)
                let (_, list, ids) = arguments.groups[place]
                guard let tweets = try tweets(ids: ids, list: list) else { return }
                guard let selection = selection(tweets, columns.types, arguments, path, demand) else { return }
                groups.append(PlannedComparison.Group(name: name, selection: selection))
            }
            plan.setPlace(plan.comparisons.count, ofField: index)
            plan.comparisons.append(
                PlannedComparison(
                    groups: groups,
                    hoursPerAge: arguments.hoursPerAge,
                    ages: arguments.ages,
                    now: now.flooredHour,
                    rates: columns.rates
                )
            )
            for (child, column) in columns.numbers {
                plan.setPlace(plan.comparedColumns.count, ofField: child)
                plan.comparedColumns.append(column)
            }
            for (child, rate) in columns.rateFields { plan.setPlace(rate, ofField: child) }
        } catch {
            errors.append(self.error(error.reason, field, [.init("code", .string(error.code.rawValue))]))
        }
    }

    /// What a group needs: lifetime counts, or all hours in which one of its Tweets is of an age that is shown. Nil if the
    /// operation has grown too large.
    private mutating func selection(
        _ list: TweetList,
        _ types: EngagementTypeSet,
        _ arguments: ComparisonArguments,
        _ path: FieldPath,
        _ freshness: FreshnessDemand
    ) -> Int? {
        let window = arguments.hoursPerAge.map { self.window(of: list.unique, hours: $0 * arguments.ages) }
        size.cells += max(list.unique.count, 1) * max(types.count, 1) * (window?.hours ?? 1)
        guard size.cells <= limits.maximumCells else { return nil }
        let key = NeedKey(
            types: types,
            family: window == nil ? .totals : .series,
            grain: .hour,
            window: window,
            moments: nil,
            freshness: freshness,
            account: list.account ?? account
        )
        let (need, places) = add(list.unique, key)
        plan.selections.append(
            MetricSelection(
                need: need,
                list: list,
                places: places,
                types: types,
                grouping: Grouping([]),
                buckets: window.map(TimeBuckets.init(all:)) ?? .none,
                horizon: window.map { _ in limits.history.earliest(now: now) },
                order: [],
                first: nil,
                isShownByTweet: false,
                path: path
            )
        )
        return plan.selections.count - 1
    }

    /// From the hour in which the first Tweet was posted to that in which the last one is too old, as far as there are hours.
    private func window(of tweets: [TweetID], hours: Int) -> HourWindow {
        let end = now.raisedHour
        let earliest = limits.history.since
        let posted = tweets.compactMap { $0.createdAt?.flooredHour }.filter { $0 >= earliest && $0 < end }
        guard let first = posted.min(), let last = posted.max() else {
            return HourWindow(start: end.advanced(by: -1), end: end)
        }
        return HourWindow(start: first, end: min(end, last.advanced(by: hours)))
    }

    private func comparisonArguments(_ field: SelectedField) throws(PlanningError) -> ComparisonArguments {
        var groups: [(name: String?, list: String?, tweets: [TweetID]?)] = []
        if case .list(let values) = operation.argument("groups", of: field) {
            for case .object(let members) in values {
                var group: (name: String?, list: String?, tweets: [TweetID]?)
                for member in members {
                    switch (member.name, member.value) {
                    case ("name", .string(let text)): group.name = text
                    case ("list", .string(let text)): group.list = text
                    case ("tweetIds", .list(let ids)): group.tweets = ids.compactMap(TweetID.init)
                    default: break
                    }
                }
                groups.append(group)
            }
        }
        guard (1...ComparisonArguments.maximumGroups).contains(groups.count) else {
            throw PlanningError(
                .invalidComparison,
                "There are \(groups.count) groups: give 1 to \(ComparisonArguments.maximumGroups)."
            )
        }
        guard case .enumeration(let unit) = operation.argument("by", of: field) else {
            return ComparisonArguments(groups: groups, hoursPerAge: nil, ages: 1)
        }
        guard case .int(let ages) = operation.argument("ages", of: field),
            (1...Int64(ComparisonArguments.maximumAges)).contains(ages)
        else {
            throw PlanningError(.invalidComparison, "ages is 1 to \(ComparisonArguments.maximumAges).")
        }
        return ComparisonArguments(groups: groups, hoursPerAge: unit == "DAY" ? 24 : 1, ages: Int(ages))
    }
}

/// The fields of a comparison's rows.
private struct ComparedColumns {
    /// With their place in the operation.
    var numbers: [(field: Int, column: ComparedColumn)] = []
    var rateFields: [(field: Int, rate: Int)] = []
    var rates: [RateColumn] = []
    var types: EngagementTypeSet = []

    init(
        _ field: SelectedField,
        in operation: Operation,
        _ schema: EngagementSchema,
        _ family: MetricFamily
    ) throws(PlanningError) {
        for index in operation.children(of: field) {
            let child = operation[index]
            guard child.role == .resolved, operation.argumentFailure(of: child) == nil,
                let binding = schema.binding(of: child.field)
            else { continue }
            if binding == .rate, let rate = RateColumn(child, in: operation) {
                try rate.check(family)
                let place = rates.firstIndex(of: rate) ?? rates.count
                if place == rates.count { rates.append(rate) }
                rateFields.append((index, place))
                types.formUnion(rate.types)
            }
            guard case .compared(let kind) = binding,
                case .enumeration(let name) = operation.argument("of", of: child),
                let type = EngagementType(enumName: name)
            else { continue }
            let offered: EngagementTypeSet = family == .totals ? .totals : .series
            guard offered.contains(type) else {
                let rows = family == .totals ? "Lifetime counts" : "Counts over time"
                throw PlanningError(.invalidComparison, "\(rows) have no \(name).")
            }
            var along = ComparedColumn.Along.count
            if case .enumeration(let name) = operation.argument("as", of: child) {
                along = name == "RUNNING_TOTAL" ? .runningTotal : name == "CHANGE" ? .change : .count
            }
            numbers.append((index, ComparedColumn(kind: kind, type: type, along: along)))
            types.formUnion(EngagementTypeSet(type))
        }
    }
}

extension TimeBuckets {
    /// One bucket for all hours of a window.
    fileprivate init(all window: HourWindow) {
        let steps = [Int32](repeating: 0, count: window.hours)
        self.init(bucketOf: steps, hourOfDay: [], spans: [window], dates: [])
    }
}

public import Engagement
public import GraphQL

/// Answers the fields of an operation from its plan and the tables of its needs, without waiting for anything.
///
/// An object: the executor hands it from field to field, and a value of this size would be copied for each.
public final class EngagementResolver: ObjectResolver, Sendable {
    private let schema: EngagementSchema
    let plan: EngagementPlan
    let rows: RowTable
    private let comparisons: [ComparisonTable]
    private let purges: [PurgeReport]
    private let lists: ListReports
    private let crossing: ThresholdCrossing?

    /// One error for each reason for which a field lacks numbers, with its path and the Tweets concerned.
    public let absences: [GraphQLError]

    /// - Parameters:
    ///   - tables: The answers to the plan's needs, in their order.
    ///   - gaps: Why cells are missing for which upstream gave no answer.
    ///   - purges: What became of the plan's purges, in their order.
    ///   - lists: What is to be told of lists.
    ///   - absences: What is to be said of missing numbers, if more Tweets than the plan's were looked at.
    public init(
        _ plan: EngagementPlan,
        schema: EngagementSchema,
        tables: [MetricTable],
        gaps: [AnswerGap] = [],
        purges: [PurgeReport] = [],
        lists: ListReports = ListReports(),
        absences: [GraphQLError]? = nil
    ) {
        crossing = nil
        self.lists = lists
        self.purges = purges
        self.schema = schema
        self.plan = plan
        let (rows, incomplete) = RowTable.build(plan, from: tables)
        self.rows = rows
        comparisons = plan.comparisons.map { ComparisonTable($0, plan, tables) }
        self.absences =
            absences
            ?? incomplete.flatMap { index in
                let selection = plan.selections[index]
                return AbsenceReport(selection, Self.shownTable(of: selection, tables[selection.need]), gaps: gaps)
                    .errors
            }
    }

    /// What answers the fields of one event of `thresholdReached`.
    public init(_ crossing: ThresholdCrossing, of plan: EngagementPlan, schema: EngagementSchema) {
        self.crossing = crossing
        self.plan = plan
        self.schema = schema
        rows = RowTable()
        comparisons = []
        purges = []
        lists = ListReports()
        absences = []
    }

    /// The table of what a field shows: of growth it is another one than that of its need.
    private static func shownTable(of selection: MetricSelection, _ table: MetricTable) -> MetricTable {
        guard let growth = selection.growth else { return table }
        let tables = GrowthTables(selection, table)
        return growth.showsGains ? tables.gained : tables.standing
    }

    public var rootObject: EngagementObject { .query }

    public func resolve(
        _ field: SelectedField,
        of object: EngagementObject,
        in operation: Operation
    ) -> ResolvedValue<EngagementObject> {
        guard let binding = schema.binding(of: field.field) else { return .null }
        switch object {
        case .row(let selection, let place):
            let column = plan.place(ofField: field.index)
            if column >= 0 {
                return derived(plan.derivedColumns[Int(column)], selection: Int(selection), place: Int(place))
            }
            if case .metric(let type) = binding {
                return number(rows.value(type, ofRow: Int(place), in: Int(selection)))
            }
            return row(binding, selection: Int(selection), place: Int(place))
        case .comparison(let place, let row):
            return compared(binding, field, comparisons[Int(place)], row: Int(row))
        case .tweet(let list, let index): return tweet(binding, field, list: Int(list), index: Int(index))
        case .query: return root(binding, field)
        case .purge(let place): return purge(binding, Int(place))
        case .crossing: return crossing.map { CrossingFields.value(binding, of: $0) } ?? .null
        case .list(let place):
            guard let list = list(at: place) else { return .null }
            if binding == .listTweets {
                let page = plan.place(ofField: field.index)
                return page < 0 ? ConnectionFields.unplanned : .object(.connection(page: page))
            }
            return ListFields.value(binding, field, of: list, at: place, in: operation)
        case .connection(let page): return ConnectionFields.value(binding, plan.pages[Int(page)], at: page)
        case .edge(let place, let index):
            let page = plan.pages[Int(place)]
            return ConnectionFields.value(binding, ofEdge: index, page, plan.tweetLists[Int(page.tweets)])
        case .pageInfo(let place):
            let page = plan.pages[Int(place)]
            return ConnectionFields.value(binding, ofPage: page, plan.tweetLists[Int(page.tweets)])
        case .listRefresh(let place):
            guard let list = list(at: place) else { return .null }
            return ListFields.value(binding, of: list, lists.status(list.name))
        }
    }

    // MARK: - Query

    private func root(_ binding: FieldBinding, _ field: SelectedField) -> ResolvedValue<EngagementObject> {
        let place = plan.place(ofField: field.index)
        guard place >= 0 else { return .null }
        if binding == .tweet { return .object(.tweet(list: place, index: 0)) }
        if binding == .thresholdReached { return crossing == nil ? .null : .object(.crossing) }
        switch binding {
        case .saveList, .addToList, .removeFromList, .removeList: return change(at: place)
        case .compare:
            return .objects(count: comparisons[Int(place)].rowCount) { row in
                .comparison(place: place, row: Int32(truncatingIfNeeded: row))
            }
        case .list, .lists:
            let range = plan.listRanges[Int(place)]
            if binding == .list { return range.isEmpty ? .null : .object(.list(place: Int32(range.lowerBound))) }
            return .objects(count: range.count) { .list(place: Int32(range.lowerBound + $0)) }
        default: break
        }
        if binding == .purge { return .object(.purge(place: place)) }
        if binding == .tweets {
            return .objects(count: plan.tweetLists[Int(place)].asked.count) { index in
                .tweet(list: place, index: Int32(truncatingIfNeeded: index))
            }
        }
        let layout = rows.layouts[Int(place)]
        return list(selection: place, from: layout.firstRow, count: layout.rowCount)
    }

    private func list(selection: Int32, from first: Int, count: Int) -> ResolvedValue<EngagementObject> {
        .objects(count: count) { index in
            .row(selection: selection, place: Int32(truncatingIfNeeded: first &+ index))
        }
    }

    private func purge(_ binding: FieldBinding, _ place: Int) -> ResolvedValue<EngagementObject> {
        guard purges.indices.contains(place) else { return .null }
        switch binding {
        case .purgedAt: return .ascii(InlineText(purges[place].purgedAt))
        case .isDurable: return .boolean(purges[place].isDurable)
        case .isPublished: return purges[place].isPublished.map { .boolean($0) } ?? .null
        default: return .null
        }
    }

    // MARK: - Lists

    private func list(at place: Int32) -> NamedList? {
        if plan.listChanges.isEmpty { return plan.shownLists[Int(place)] }
        return try? lists.changes[Int(place)].get()
    }

    private func change(at place: Int32) -> ResolvedValue<EngagementObject> {
        guard lists.changes.indices.contains(Int(place)) else { return .null }
        switch lists.changes[Int(place)] {
        case .success: return .object(.list(place: place))
        case .failure(let error): return ListFields.failure(error.code, "\(error)")
        }
    }

    // MARK: - Tweet

    private func tweet(
        _ binding: FieldBinding,
        _ field: SelectedField,
        list: Int,
        index: Int
    ) -> ResolvedValue<EngagementObject> {
        switch binding {
        case .id: return .identifier(plan.tweetLists[list].asked[index].rawValue)
        case .createdAt:
            guard let time = plan.tweetLists[list].asked[index].createdAt else { return .null }
            return .ascii(InlineText(time))
        case .totals, .last28Hours, .historical:
            let selection = plan.place(ofField: field.index)
            let place = plan.tweetLists[list].place(at: index)
            let first = rows.tweetStarts[Int(selection)][place]
            if binding == .totals { return .object(.row(selection: selection, place: first)) }
            let end = rows.tweetStarts[Int(selection)][place + 1]
            return self.list(selection: selection, from: Int(first), count: Int(end - first))
        default: return .null
        }
    }

    // MARK: - Rows

    private func row(_ binding: FieldBinding, selection: Int, place: Int) -> ResolvedValue<EngagementObject> {
        let key = rows.keys[Int(rows.order[place])]
        switch binding {
        case .gained(let type):
            return number(rows.gain(type, ofRow: place, plan.selections[selection], at: selection))
        case .source: return source(plan.selections[selection], key)
        case .rowTweetID:
            guard key.tweet >= 0 else { return .null }
            return .identifier(plan.selections[selection].tweets[Int(key.tweet)].rawValue)
        case .engagementType:
            guard let type = EngagementType(rawValue: key.type) else { return .null }
            return .string(type.enumName)
        case .count:
            guard let type = EngagementType(rawValue: key.type) else { return .null }
            return number(rows.value(type, ofRow: place, in: selection))
        case .engagementRate:
            guard let rate = rows.engagementRate(ofRow: place, in: selection) else { return .null }
            return .float(rate)
        case .start: return hour(plan.selections[selection].buckets.spans[Int(key.bucket)].start)
        case .end: return hour(plan.selections[selection].buckets.spans[Int(key.bucket)].end)
        case .date:
            let dates = plan.selections[selection].buckets.dates
            return dates.isEmpty ? .null : .ascii(InlineText(dates[Int(key.bucket)]))
        case .hourOfDay: return key.hourOfDay < 0 ? .null : .int(Int64(key.hourOfDay))
        case .asOf: return key.asOf == 0 ? .null : .ascii(InlineText(UnixTime(seconds: Int64(key.asOf))))
        default: return .null
        }
    }

    /// What the API no longer gives is there because it was kept.
    private func source(_ selection: MetricSelection, _ key: RowTable.Key) -> ResolvedValue<EngagementObject> {
        guard let horizon = selection.horizon, key.asOf > 0 else { return .null }
        return .string(selection.buckets.spans[Int(key.bucket)].start < horizon ? "ARCHIVE" : "API")
    }

    private func number(_ value: Int64?) -> ResolvedValue<EngagementObject> {
        guard let value else { return .null }
        return .int(value)
    }

    private func hour(_ hour: UTCHour) -> ResolvedValue<EngagementObject> { .ascii(InlineText(hour.start)) }
}

public import Engagement
internal import GraphQL
internal import JSON

/// What a response tells of lists beyond its plan.
public struct ListReports: Sendable {
    /// What became of the plan's changes, in their order.
    public var changes: [Result<NamedList, ListChangeError>]
    /// How far a list is refreshed.
    public var status: @Sendable (ListName) -> ListRefreshStatus?

    public init(
        changes: [Result<NamedList, ListChangeError>] = [],
        status: @escaping @Sendable (ListName) -> ListRefreshStatus? = { _ in nil }
    ) {
        self.changes = changes
        self.status = status
    }
}

/// The fields of a list.
internal enum ListFields {
    static func value(
        _ binding: FieldBinding,
        _ field: SelectedField,
        of list: NamedList,
        at place: Int32,
        in operation: Operation
    ) -> ResolvedValue<EngagementObject> {
        switch binding {
        case .listName: .string(list.name.rawValue)
        case .listDescription: list.description.map { .string($0) } ?? .null
        case .listAccount: list.account.map { .string($0.rawValue) } ?? .null
        case .listIsConfigured: .boolean(list.isConfigured)
        case .listSize: .int(Int64(list.tweets.count))
        case .listTweetIDs: tweets(of: list, field, operation)
        case .listRefresh: list.refresh == nil ? .null : .object(.listRefresh(place: place))
        default: .null
        }
    }

    static func value(
        _ binding: FieldBinding,
        of list: NamedList,
        _ status: ListRefreshStatus?
    ) -> ResolvedValue<EngagementObject> {
        guard let refresh = list.refresh else { return .null }
        switch binding {
        case .refreshEverySeconds: return refresh.everySeconds.map { .int(Int64($0)) } ?? .null
        case .refreshTotals: return types(refresh.totals)
        case .refreshLast28Hours: return types(refresh.last28Hours)
        case .refreshHistorical: return types(refresh.historical)
        case .refreshHistoricalDays: return .int(Int64(refresh.historicalDays))
        case .refreshedAt: return status?.refreshedAt.map { .ascii(InlineText($0)) } ?? .null
        case .refreshNumbers: return .int(Int64(status?.numbers ?? 0))
        case .refreshWarmNumbers: return .int(Int64(status?.warmNumbers ?? 0))
        default: return .null
        }
    }

    /// What an operation shows of a list's ids: `first` of those behind `after`.
    private static func tweets(
        of list: NamedList,
        _ field: SelectedField,
        _ operation: Operation
    ) -> ResolvedValue<EngagementObject> {
        var tweets = list.tweets[...]
        if let after = operation.argument("after", of: field).flatMap(TweetID.init) {
            guard let place = tweets.firstIndex(of: after) else {
                return failure(.invalidCursor, "after: the list \"\(list.name)\" has no Tweet \(after).")
            }
            tweets = tweets[(place + 1)...]
        }
        if case .int(let first) = operation.argument("first", of: field) {
            guard first >= 0 else {
                return failure(.invalidFirst, "first is \(first): it is the number of ids wanted, 0 or more.")
            }
            tweets = tweets.prefix(Int(first))
        }
        return .list(count: tweets.count) { .identifier(tweets[tweets.startIndex + $0].rawValue) }
    }

    private static func types(_ types: EngagementTypeSet) -> ResolvedValue<EngagementObject> {
        let names = types.types.map(\.enumName)
        return .list(count: names.count) { .string(names[$0]) }
    }

    static func failure(_ code: PlanningError.Code, _ message: String) -> ResolvedValue<EngagementObject> {
        .failure(FieldFailure(message, extensions: [.init("code", .string(code.rawValue))]))
    }
}

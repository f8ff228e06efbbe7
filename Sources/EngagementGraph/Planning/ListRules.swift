public import Engagement
internal import GraphQL

/// The lists that operations may name, and who may change them by a mutation.
public struct ListRules: Sendable {
    /// `graphql.listMutations`.
    public var isAllowed: Bool
    /// Whether whoever asks may.
    public var isAllowedToCaller = true
    /// The accounts whose numbers queries may show: a list is of one of these.
    public var accounts: Set<AccountName>
    /// Whose a list is that is saved without saying; nil for nobody's.
    public var owner: AccountName?
    /// The only names that lists may be saved under; nil for any.
    public var names: Set<ListName>?
    /// `graphql.suggestions`: whether errors name lists that look like one that there is not.
    public var suggestions: Bool
    /// The lists as they are now.
    public var current: @Sendable () -> ListDirectory

    public init(
        isAllowed: Bool = true,
        accounts: Set<AccountName> = [],
        suggestions: Bool = true,
        current: @escaping @Sendable () -> ListDirectory = { ListDirectory() }
    ) {
        self.isAllowed = isAllowed
        self.accounts = accounts
        self.suggestions = suggestions
        self.current = current
    }

    /// The list of that name.
    ///
    /// - Throws: ``PlanningError`` with ``PlanningError/Code/unknownList``, which names lists that look like it.
    internal func list(named text: String, in lists: ListDirectory) throws(PlanningError) -> NamedList {
        if let list = ListName(text).flatMap({ lists[$0] }) { return list }
        var reason = "There is no list \"\(ListRules.shown(text))\"."
        if suggestions { reason += Suggestions.sentence(Suggestions.near(text, among: lists.names)) }
        if let lacking = lists.lacking { reason += " Lists that were saved cannot be read now: \(lacking)." }
        throw PlanningError(.unknownList, reason)
    }

    /// - Throws: ``PlanningError`` where lists are not changed, or not by whoever asks.
    internal func checkChanges() throws(PlanningError) {
        guard isAllowed else {
            throw PlanningError(.listsDisabled, "Changing lists by mutation is switched off (graphql.listMutations).")
        }
        guard isAllowedToCaller else { throw PlanningError(.forbidden, "This key may not change lists (keys: may).") }
    }

    /// - Throws: ``PlanningError`` for a name that lists may not be saved under.
    internal func checkSaving(_ name: ListName) throws(PlanningError) {
        guard names?.contains(name) ?? true else {
            throw PlanningError(.forbidden, "This key may not use a list named \"\(name)\" (keys: lists).")
        }
    }

    /// - Throws: ``PlanningError`` for what is no name of a list.
    internal func name(_ text: String) throws(PlanningError) -> ListName {
        if let name = ListName(text) { return name }
        throw PlanningError(.invalidList, "\"\(ListRules.shown(text))\" is no name of a list: it is \(ListName.rule).")
    }

    /// Cut to a length that an error message can bear.
    private static func shown(_ text: String) -> String { text.count > 100 ? "\(text.prefix(100))…" : text }
}

/// What an operation took from lists: its answer holds as long as they are the same.
public struct ListDependency: Equatable, Sendable {
    /// ``ListDirectory/version`` of the lists that it was planned with.
    public let version: UInt64
    /// Whether a mutation can change one of them, so that no cache may serve the answer without asking.
    public internal(set) var isChangeable: Bool
    /// Whether the answer tells how far lists are refreshed, which changes by itself.
    public internal(set) var showsLists: Bool
}

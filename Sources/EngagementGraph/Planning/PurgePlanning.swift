public import Engagement
internal import GraphQL

/// One `purge` field of a mutation.
public struct PlannedPurge: Equatable, Sendable {
    public let selection: PurgeSelection
    public let kind: PurgeKind
}

/// What became of a ``PlannedPurge``.
public struct PurgeReport: Equatable, Sendable {
    public let purgedAt: UnixTime
    /// Whether it outlasts the process.
    public let isDurable: Bool
    /// Whether the other nodes were told; nil if there are none.
    public let isPublished: Bool?

    public init(purgedAt: UnixTime, isDurable: Bool, isPublished: Bool? = nil) {
        self.purgedAt = purgedAt
        self.isDurable = isDurable
        self.isPublished = isPublished
    }
}

/// Who may purge what by a mutation.
public struct PurgeRules: Equatable, Sendable {
    /// `cache.purgeByMutation`.
    public var isAllowed: Bool
    /// The accounts that are known. Others have no numbers to purge, so that naming one is a mistake.
    public var accounts: Set<AccountName>
    /// Which numbers whoever asks may purge.
    public var extent: Extent

    public enum Extent: Sendable {
        case nothing
        /// Those that one of ``PurgeRules/accounts`` alone may see.
        case ownNumbers
        case everything
    }

    public init(isAllowed: Bool = true, accounts: Set<AccountName> = [], extent: Extent = .everything) {
        self.isAllowed = isAllowed
        self.accounts = accounts
        self.extent = extent
    }

    /// The purge of a field's arguments.
    ///
    /// - Throws: ``PlanningError`` if nothing is purged, or it is not clear what.
    internal func plan(
        _ field: SelectedField,
        of operation: Operation,
        tweetsOfList: (String) throws(PlanningError) -> [TweetID]
    ) throws(PlanningError) -> PlannedPurge {
        guard isAllowed else {
            throw PlanningError(.purgeDisabled, "Purging is switched off (cache.purgeByMutation).")
        }
        guard extent != .nothing else { throw PlanningError(.forbidden, "This key may not purge (keys: may).") }
        var selection = PurgeSelection()
        if case .list(let values) = operation.argument("tweetIds", of: field) {
            selection.tweets = values.compactMap(TweetID.init)
        }
        if case .string(let name) = operation.argument("list", of: field) {
            guard selection.tweets == nil else {
                throw PlanningError(.tweetsOrList, "tweetIds and list are both given: name the Tweets in one of them.")
            }
            selection.tweets = try tweetsOfList(name)
            if selection.tweets?.isEmpty == true {
                throw PlanningError(.invalidPurge, "The list \"\(name)\" is empty: there is nothing to purge.")
            }
        }
        if case .string(let name) = operation.argument("account", of: field) { selection.account = AccountName(name) }
        if case .enumeration(let name) = operation.argument("family", of: field) {
            selection.family = name == "TOTALS" ? .totals : .series
        }
        try check(selection, isEverything: operation.argument("everything", of: field) == .boolean(true))
        let isSoft = operation.argument("soft", of: field) == .boolean(true)
        return PlannedPurge(selection: selection, kind: isSoft ? .soft : .hard)
    }

    private func check(_ selection: PurgeSelection, isEverything: Bool) throws(PlanningError) {
        if selection.tweets?.isEmpty == true {
            throw PlanningError(.invalidPurge, "tweetIds is empty: name the Tweets, or leave it out.")
        }
        if selection == .everything, !isEverything {
            throw PlanningError(
                .invalidPurge,
                "Nothing is selected: give tweetIds, list, account or family, or everything: true for all that is stored."
            )
        }
        if selection != .everything, isEverything {
            throw PlanningError(
                .invalidPurge,
                "everything: true stands alone: tweetIds, list, account and family select a part."
            )
        }
        if extent == .ownNumbers, selection.account == nil {
            let names = accounts.map(\.rawValue).sorted().joined(separator: ", ")
            throw PlanningError(
                .forbidden,
                "This key purges only numbers that its own accounts alone may see: give account (\(names))."
            )
        }
        if let account = selection.account, !accounts.contains(account) {
            throw PlanningError(.unknownAccount, "There is no account named \"\(account)\" (accounts).")
        }
    }
}

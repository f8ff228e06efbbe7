/// Who may see a number. A cell is stored under its scope and found under no other: this is what keeps private numbers of
/// one account from every other.
public enum CellScope: Hashable, Sendable {
    /// Anybody: the public metrics of totals.
    case everyone
    /// Only this account: everything else.
    case account(AccountName)
}

extension MetricNeed {
    /// The types whose numbers anybody may see.
    public var publicTypes: EngagementTypeSet {
        family == .totals ? types.intersection(.publicTotals) : []
    }

    /// The types whose numbers belong to ``account`` alone.
    public var privateTypes: EngagementTypeSet {
        types.subtracting(publicTypes)
    }
}

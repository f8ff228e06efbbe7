internal import Engagement

/// Who a call comes from, once its credentials have been checked.
internal struct Caller: Sendable {
    /// Whose private numbers may be seen, and whose token fetches them.
    let account: AccountName
    let context: Context
    /// What of calls upstream his key has left; nil for no limit.
    var budget: CallBudget?

    /// What the credentials stand for (dossier §9).
    enum Context: Sendable {
        /// The account's own token: everything the account may see.
        case user
        /// The developer app alone: public metrics of totals.
        case application
    }
}

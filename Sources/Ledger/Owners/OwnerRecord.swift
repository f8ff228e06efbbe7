/// What is known of whose a Tweet is. Accounts are numbers of the ``AccountRegistry``.
struct OwnerRecord: Equatable, Sendable {
    /// The account whose token got private numbers of the Tweet, or nobody.
    var owner = AccountRegistry.nobody
    /// The author id that a refusal gave, or nobody.
    var author = AccountRegistry.nobody
    /// Accounts that the API refused the Tweet.
    var rulings: [Ruling] = []

    /// At `at`, in Unix seconds, the Tweet was not the account's.
    struct Ruling: Equatable, Sendable {
        let account: AccountRegistry.Number
        let at: UInt32
    }

    func ruling(against account: AccountRegistry.Number) -> Ruling? {
        rulings.first { $0.account == account }
    }

    /// Enters an answer that only the owner gets. Rulings against others follow from it and are not kept.
    mutating func learn(owner account: AccountRegistry.Number) {
        owner = account
        rulings = []
    }

    /// Enters a refusal, and drops rulings that are older than `oldest`.
    mutating func learn(refused account: AccountRegistry.Number, at time: UInt32, oldest: UInt32) {
        if owner == account { owner = AccountRegistry.nobody }
        rulings.removeAll { $0.account == account || $0.at < oldest }
        if owner == AccountRegistry.nobody { rulings.append(Ruling(account: account, at: time)) }
    }
}

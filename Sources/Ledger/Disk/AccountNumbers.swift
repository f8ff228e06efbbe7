internal import SQLite

/// The numbers that a file gives to accounts, over one connection, which remembers those of its own file only.
final class AccountNumbers {
    private let registry: AccountRegistry
    private let selectNumber: Statement
    private let insert: Statement
    private let selectAccount: Statement
    private var filed: [AccountIdentity: Int64] = [:]
    private var identities: [Int64: AccountIdentity] = [:]

    init(_ connection: Connection, _ registry: AccountRegistry) throws(SQLiteError) {
        self.registry = registry
        selectNumber = try connection.prepare("SELECT id FROM accounts WHERE kind = ?1 AND name = ?2")
        insert = try connection.prepare("INSERT INTO accounts (kind, name) VALUES (?1, ?2)")
        selectAccount = try connection.prepare("SELECT kind, name FROM accounts WHERE id = ?1")
    }

    /// The number of an account in the file; a new account gets one in the transaction that is under way.
    func number(of account: AccountIdentity) throws(SQLiteError) -> Int64 {
        if let number = filed[account] { return number }
        var number = try existingNumber(of: account)
        if number == nil {
            insert.bind(account.kind, at: 1)
            insert.bind(account.text, at: 2)
            try insert.run()
            number = try existingNumber(of: account)
        }
        guard let number else { throw SQLiteError(code: 1, message: "an account has no number") }
        filed[account] = number
        return number
    }

    /// The number in the file of an account that has a number in memory; nil for nobody.
    func number(of account: AccountRegistry.Number) throws(SQLiteError) -> Int64? {
        guard let identity = registry.account(account) else { return nil }
        return try number(of: identity)
    }

    /// The account with a number in the file, or nil if there is none.
    func identity(_ number: Int64) throws(SQLiteError) -> AccountIdentity? {
        if let identity = identities[number] { return identity }
        selectAccount.bind(number, at: 1)
        defer { selectAccount.reset() }
        guard try selectAccount.step() else { return nil }
        let identity = AccountIdentity(kind: selectAccount.integer(0), text: selectAccount.text(1))
        identities[number] = identity
        return identity
    }

    /// The number in memory of the account with a number in the file; nobody's if there is none.
    func registered(_ number: Int64) throws(SQLiteError) -> AccountRegistry.Number {
        try identity(number).map(registry.number(of:)) ?? AccountRegistry.nobody
    }

    /// Forgets numbers that may have been rolled back.
    func forget() {
        filed = [:]
        identities = [:]
    }

    private func existingNumber(of account: AccountIdentity) throws(SQLiteError) -> Int64? {
        selectNumber.bind(account.kind, at: 1)
        selectNumber.bind(account.text, at: 2)
        defer { selectNumber.reset() }
        return try selectNumber.step() ? selectNumber.integer(0) : nil
    }
}

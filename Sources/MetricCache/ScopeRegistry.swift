internal import Engagement
internal import Synchronization

/// Small numbers for scopes, good in this process only: memory is keyed by them, the file has numbers of its own.
final class ScopeRegistry: Sendable {
    private struct Names {
        var numbers: [AccountName: UInt32] = [:]
        var accounts: [AccountName] = []
    }

    private let names = Mutex(Names())

    /// The number of the scope that everyone may see.
    static let everyone: UInt32 = 0

    /// The number of `scope`; an account gets one when it is first asked for and keeps it.
    func number(of scope: CellScope) -> UInt32 {
        guard case .account(let account) = scope else { return ScopeRegistry.everyone }
        return names.withLock { names in
            if let number = names.numbers[account] { return number }
            names.accounts.append(account)
            let number = UInt32(names.accounts.count)
            names.numbers[account] = number
            return number
        }
    }

    /// The scope that has `number`, which must be one that was given out.
    func scope(_ number: UInt32) -> CellScope {
        if number == ScopeRegistry.everyone { return .everyone }
        return names.withLock { .account($0.accounts[Int(number) - 1]) }
    }
}

internal import Engagement
internal import Synchronization

/// Who an account is: by its name in the configuration, or by the number that a refusal gave (dossier §7, "for author id").
/// The API never says which number belongs to which name.
enum AccountIdentity: Hashable, Sendable {
    case name(AccountName)
    case authorID(String)

    /// An author id of the API: a decimal number of 64 bits. Nil for anything else, so that no other text of an answer can
    /// come into the file.
    init?(authorID: String) {
        guard (1...20).contains(authorID.utf8.count), authorID.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        self = .authorID(authorID)
    }

    /// As in the file.
    var kind: Int64 {
        switch self {
        case .name: 0
        case .authorID: 1
        }
    }

    var text: String {
        switch self {
        case .name(let name): name.rawValue
        case .authorID(let number): number
        }
    }

    init?(kind: Int64, text: String) {
        switch kind {
        case 0: self = .name(AccountName(text))
        case 1: self = .authorID(text)
        default: return nil
        }
    }
}

/// Small numbers for accounts, good in this process only: memory is keyed by them, the file has numbers of its own.
final class AccountRegistry: Sendable {
    typealias Number = UInt32

    private struct Entries {
        var numbers: [AccountIdentity: Number] = [:]
        var accounts: [AccountIdentity] = []
    }

    private let entries = Mutex(Entries())

    /// The number of no account.
    static let nobody: Number = 0

    /// The number of `account`, which gets one when it is first asked for and keeps it.
    func number(of account: AccountIdentity) -> Number {
        entries.withLock { entries in
            if let number = entries.numbers[account] { return number }
            entries.accounts.append(account)
            let number = Number(entries.accounts.count)
            entries.numbers[account] = number
            return number
        }
    }

    /// The account that has `number`; nil for ``nobody``.
    func account(_ number: Number) -> AccountIdentity? {
        number == AccountRegistry.nobody ? nil : entries.withLock { $0.accounts[Int(number) - 1] }
    }
}

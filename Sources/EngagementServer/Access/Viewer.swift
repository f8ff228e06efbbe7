internal import Engagement
internal import MetricLoader

/// What somebody may see: all that decides about an answer besides the request. Equal viewers see the same.
internal struct Viewer: Hashable, Sendable {
    /// Who asks for private numbers; ``Engagement/AccountName/nobody`` if only public ones may be seen.
    let account: AccountName
    /// Whose private numbers may be seen besides.
    let otherAccounts: [AccountName]
    /// The lists that may be used of those that can be seen; nil for all.
    let lists: Set<ListName>?
    /// Whether it is whoever runs the server: all lists are theirs.
    let isOwner: Bool

    /// Whoever needs no key.
    static func owner(_ configuration: ServerConfiguration) -> Viewer {
        let readers = configuration.listReaders
        return Viewer(account: readers.account, otherAccounts: readers.otherAccounts, lists: nil, isOwner: true)
    }

    /// Whoever has a key.
    init(_ key: KeyConfiguration) {
        account = key.account ?? .nobody
        otherAccounts = key.alsoReads.filter { $0 != key.account }
        lists = key.lists
        isOwner = false
    }

    private init(account: AccountName, otherAccounts: [AccountName], lists: Set<ListName>?, isOwner: Bool) {
        self.account = account
        self.otherAccounts = otherAccounts
        self.lists = lists
        self.isOwner = isOwner
    }

    /// All of the accounts whose private numbers may be seen.
    var accounts: Set<AccountName> { Set([account] + otherAccounts).subtracting([.nobody]) }

    /// Whether a list may be used. One of an account is for those who may see that account's numbers, one of no account for
    /// everybody.
    func sees(_ list: NamedList) -> Bool {
        if isOwner { return true }
        return list.account.map(accounts.contains) ?? true && lists?.contains(list.name) ?? true
    }
}

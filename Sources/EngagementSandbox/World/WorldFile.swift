internal import Engagement
internal import Settings

/// Reading a world from settings: the keys `accounts`, `applications` and `tweets` of `config/sandbox.yaml`.
extension SandboxWorld {
    /// The world that `settings` describes; what they leave out is as in ``standard``.
    init(_ settings: SettingsNode) throws(SettingsError) {
        let standard = SandboxWorld.standard
        let accounts =
            try settings.child("accounts").map { node throws(SettingsError) in
                try SandboxWorld.list(node, SandboxAccount.init)
            } ?? standard.accounts
        let applications =
            try settings.child("applications").map { node throws(SettingsError) in
                try SandboxWorld.list(node, SandboxApplication.init)
            } ?? standard.applications
        let names = Set(accounts.map(\.name))
        self.init(
            accounts: accounts,
            applications: applications,
            tweets: standard.standardTweets(ownedBy: names)
        )
        try checkIdentities(settings)
        guard let node = settings.child("tweets") else { return }
        self.init(accounts: accounts, applications: applications, tweets: [])
        try put(tweets: node)
    }

    /// Adds the accounts that `node` lists; one of a known name replaces that one.
    mutating func put(accounts node: SettingsNode) throws(SettingsError) {
        var world = self
        for account in try SandboxWorld.list(node, SandboxAccount.init) { world.put(account) }
        try world.checkIdentities(node)
        self = world
    }

    /// Adds the applications that `node` lists; one of a known name replaces that one.
    mutating func put(applications node: SettingsNode) throws(SettingsError) {
        var world = self
        for application in try SandboxWorld.list(node, SandboxApplication.init) { world.put(application) }
        try world.checkIdentities(node)
        self = world
    }

    /// Adds the Tweets that `node` lists; one of a known id replaces that one.
    mutating func put(tweets node: SettingsNode) throws(SettingsError) {
        let names = Set(accounts.map(\.name))
        var world = self
        for element in try node.elements() { world.put(try SandboxTweet(element, accounts: names)) }
        self = world
    }

    private func standardTweets(ownedBy names: Set<AccountName>) -> [SandboxTweet] {
        tweets.values.filter { $0.owner.map(names.contains) ?? true }
    }

    private static func list<Element: Named>(
        _ node: SettingsNode,
        _ read: (SettingsNode) throws(SettingsError) -> Element
    ) throws(SettingsError) -> [Element] {
        var list: [Element] = []
        for element in try node.elements() {
            let value = try read(element)
            guard !list.contains(where: { $0.key == value.key }) else {
                throw element.error("a second \(Element.noun) named \(value.key)")
            }
            list.append(value)
        }
        guard !list.isEmpty else { throw node.error("needs at least one \(Element.noun)") }
        return list
    }

    /// Whoever signs must be told apart by what is sent.
    private func checkIdentities(_ node: SettingsNode) throws(SettingsError) {
        let tokens = accounts.compactMap(\.token)
        guard Set(tokens).count == tokens.count else { throw node.error("two accounts have the same token") }
        guard Set(applications.map(\.consumerKey)).count == applications.count else {
            throw node.error("two applications have the same consumerKey")
        }
        guard Set(applications.map(\.bearerToken)).count == applications.count else {
            throw node.error("two applications have the same bearerToken")
        }
    }
}

/// What is listed by name.
private protocol Named {
    static var noun: String { get }
    var key: String { get }
}

extension SandboxAccount: Named {
    fileprivate static var noun: String { "account" }
    fileprivate var key: String { name.rawValue }
}

extension SandboxApplication: Named {
    fileprivate static var noun: String { "application" }
    fileprivate var key: String { name }
}

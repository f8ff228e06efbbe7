internal import Engagement
internal import Settings

/// The section `keys`.
extension ServerConfiguration {
    internal mutating func readKeys(_ root: SettingsNode?) throws(SettingsError) {
        keys = []
        for node in try root?.child("keys")?.elements() ?? [] {
            let key = try KeyConfiguration(node)
            guard !keys.contains(where: { $0.name == key.name }) else {
                throw node.error("there are two keys named \(key.name)")
            }
            keys.append(key)
        }
    }
}

extension KeyConfiguration {
    /// Whether there are such accounts is asked later: the sandbox brings its own.
    fileprivate init(_ node: SettingsNode) throws(SettingsError) {
        try node.allow([
            "name", "hash", "account", "alsoReads", "lists", "may", "inQuery", "requestsPerMinute", "callsPerDay",
            "expires",
        ])
        let nameNode = try node.required("name")
        let name = try nameNode.name()
        guard KeyConfiguration.isName(name) else {
            throw nameNode.error("expected \(KeyConfiguration.nameRule)")
        }
        let hashNode = try node.required("hash")
        guard let hash = KeyHash(try hashNode.text()) else {
            throw hashNode.error(
                "expected sha256: and 64 hexadecimal digits, as engageql key new prints them; never the key"
            )
        }
        self.init(name: name, hash: hash)
        account = try node.child("account").map { node throws(SettingsError) in AccountName(try node.name()) }
        for node in try node.child("alsoReads")?.elements() ?? [] { alsoReads.append(AccountName(try node.name())) }
        if let node = node.child("lists") { lists = try KeyConfiguration.lists(node) }
        for node in try node.child("may")?.elements() ?? [] {
            permissions.insert(try node.choice(of: KeyPermission.self))
        }
        if let node = node.child("inQuery") { isAllowedInQuery = try node.boolean() }
        requestsPerMinute = try node.child("requestsPerMinute").map { node throws(SettingsError) in
            Int(try node.integer(in: 1...1_000_000))
        }
        callsPerDay = try node.child("callsPerDay").map { node throws(SettingsError) in
            Int(try node.integer(in: 0...1_000_000_000))
        }
        expires = try node.child("expires").map { node throws(SettingsError) in try node.time() }
    }

    private static func lists(_ node: SettingsNode) throws(SettingsError) -> Set<ListName> {
        var lists: Set<ListName> = []
        for element in try node.elements() {
            guard let list = ListName(try element.name()) else { throw element.error("expected \(ListName.rule)") }
            lists.insert(list)
        }
        return lists
    }
}

extension KeyConfiguration {
    /// What a key may be called: it stands in logs and errors.
    public static func isName(_ text: String) -> Bool {
        (1...100).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }
    }

    /// The same as the end of a sentence.
    public static let nameRule = "1 to 100 letters, digits, '-', '_' and '.'"
}

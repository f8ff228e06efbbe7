internal import Engagement
internal import EngagementGraph
internal import GraphQL
internal import MetricLoader

/// What viewers may do with lists and numbers that are stored.
extension ServerConfiguration {
    internal func listRules(
        of viewer: Viewer,
        _ key: KeyHolder?,
        _ directory: @escaping @Sendable () -> ListDirectory
    ) -> ListRules {
        var rules = ListRules(
            isAllowed: listMutations,
            accounts: viewer.accounts,
            suggestions: limits.validation.suggestions,
            current: directory
        )
        guard let key else { return rules }
        rules.isAllowedToCaller = key.may(.lists)
        rules.owner = key.configuration.account
        rules.names = viewer.lists
        return rules
    }

    internal func purgeRules(of viewer: Viewer, _ key: KeyHolder?) -> PurgeRules {
        var rules = PurgeRules(isAllowed: purgeByMutation, accounts: Set(accounts.map(\.name)))
        guard let key, !key.may(.purgeAll) else { return rules }
        rules.accounts = viewer.accounts
        rules.extent = key.may(.purge) ? .ownNumbers : .nothing
        return rules
    }

    /// - Throws: ``ServerError`` for a key that could never do what is said of it.
    internal func checkKeys() throws(ServerError) {
        var names: [KeyHash: String] = [:]
        for key in keys {
            func problem(_ reason: String) -> ServerError {
                ServerError(.badConfiguration, "the key \(key.name) (keys) \(reason)")
            }
            if let other = names[key.hash] {
                throw problem("has the hash of the key \(other): give each a key of its own")
            }
            names[key.hash] = key.name
            let unknown = ([key.account].compactMap(\.self) + key.alsoReads).first { name in
                !accounts.contains { $0.name == name }
            }
            if let unknown { throw problem("is of account \(unknown), which there is not (accounts)") }
            if key.account == nil, !key.alsoReads.isEmpty {
                throw problem("has alsoReads and no account: the first of them is its account")
            }
            if key.account == nil, key.permissions.contains(.purge) {
                throw problem(
                    "may purge, but no account has numbers that it alone may see: give it an account, or purgeAll"
                )
            }
        }
    }
}

internal import EngagementAPI
internal import Settings
internal import SharedTier

/// The section `cache.shared`.
extension ServerConfiguration {
    /// - Parameter secrets: Where secrets are; nil leaves them out.
    internal mutating func readShared(
        _ root: SettingsNode?,
        _ environment: [String: String],
        secrets: [String: String]?
    ) throws(SettingsError) {
        let node = root?.child("cache")?.child("shared")
        let keys: Set<String> = [
            "url", "password", "secret", "timeoutMilliseconds", "leaseMilliseconds", "purgePollMilliseconds", "prefix",
        ]
        let reader = try ConfigurationReader(node, path: "cache.shared", keys: keys, environment: environment)
        var text = ""
        try reader.read("url", into: &text)
        shared = nil
        if text.isEmpty {
            if let node { throw node.error("lacks the key url, without which nothing is shared") }
            return
        }
        var settings = SharedTierConfiguration(url: try SharedSettings.url(text, reader, node, environment, secrets))
        settings.secret = try node?.child("secret").map { node throws(SettingsError) in
            Secret(try SecretSource.read(node, secrets))
        }
        try reader.read("timeoutMilliseconds", into: &settings.timeoutMilliseconds, in: 1...10_000)
        try reader.read("leaseMilliseconds", into: &settings.leaseMilliseconds, in: 100...600_000)
        try reader.read("purgePollMilliseconds", into: &settings.purgePollMilliseconds, in: 10...60_000)
        try reader.read("prefix", into: &settings.prefix)
        try reader.check(
            "prefix",
            SharedTierConfiguration.isUsable(prefix: settings.prefix),
            "expected at most 100 letters, digits, '-', '_', '.' and ':'"
        )
        shared = settings
    }
}

private enum SharedSettings {
    /// The URL with the password, which comes from elsewhere, unless the whole URL does.
    static func url(
        _ text: String,
        _ reader: ConfigurationReader,
        _ node: SettingsNode?,
        _ environment: [String: String],
        _ secrets: [String: String]?
    ) throws(SettingsError) -> RedisURL {
        var url: RedisURL?
        do throws(RedisURL.Problem) {
            url = try RedisURL(text)
        } catch {
            try reader.check("url", false, error.description)
        }
        guard var url else {
            throw SettingsError(source: "configuration", line: nil, key: "cache.shared.url", reason: "")
        }
        let isOfFile = environment[ConfigurationReader.variable(of: "cache.shared.url")] == nil
        try reader.check(
            "url",
            !isOfFile || url.password == nil,
            "a password does not stand in this file: give password: {env: NAME} or {file: PATH}"
        )
        if let password = node?.child("password") {
            url.password = Secret(try SecretSource.read(password, secrets))
        }
        try reader.check(
            "url",
            url.user == nil || url.password != nil,
            "there is a user but no password; a password alone is written redis://:password@host"
        )
        return url
    }
}

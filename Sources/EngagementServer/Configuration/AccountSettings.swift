internal import Engagement
internal import EngagementAPI
internal import Foundation
internal import MetricCache
internal import Settings

/// One element of `accounts`.
extension AccountConfiguration {
    /// - Parameter environment: Where secrets are; nil leaves them empty.
    internal init(_ node: SettingsNode, environment: [String: String]?) throws(SettingsError) {
        try node.allow(["name", "consumerKey", "consumerSecret", "token", "tokenSecret", "bearer"])
        let name = AccountName(try node.required("name").name())
        let key = try SecretSource.read(try node.required("consumerKey"), environment)
        let secret = try SecretSource.read(try node.required("consumerSecret"), environment)
        var token: AccessToken?
        switch (node.child("token"), node.child("tokenSecret")) {
        case (let first?, let second?):
            token = AccessToken(
                token: Secret(try SecretSource.read(first, environment)),
                secret: Secret(try SecretSource.read(second, environment))
            )
        case (nil, nil): break
        default: throw node.error("token and tokenSecret come together: give both or neither")
        }
        let bearer = try node.child("bearer").map { node throws(SettingsError) in
            Secret(try SecretSource.read(node, environment))
        }
        self.init(name: name, consumer: ConsumerKey(key: key, secret: Secret(secret)), token: token, bearer: bearer)
    }
}

/// Where a secret is kept: `{env: NAME}` or `{file: PATH}`. Written into the configuration itself it would end up in backups
/// and version control, so that is refused.
private enum SecretSource {
    static func read(_ node: SettingsNode, _ environment: [String: String]?) throws(SettingsError) -> String {
        guard (try? node.members()) != nil else {
            throw node.error("expected {env: NAME} or {file: PATH}: secrets do not stand in this file")
        }
        try node.allow(["env", "file"])
        guard let environment else { return "" }
        if let variable = node.child("env") {
            let name = try variable.name()
            guard let value = environment[name], !value.isEmpty else {
                throw variable.error("the environment variable \(name) is not set")
            }
            return value
        }
        let file = try node.required("file")
        let path = try file.name()
        guard let data = FileManager.default.contents(atPath: path),
            let text = String(validating: data, as: UTF8.self)
        else { throw file.error("\(path) cannot be read") }
        let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !secret.isEmpty else { throw file.error("\(path) is empty") }
        return secret
    }
}

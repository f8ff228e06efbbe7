internal import Engagement
internal import JSON
internal import Settings

extension SandboxAccount {
    /// Reads an element of `accounts`.
    init(_ node: SettingsNode) throws(SettingsError) {
        try node.allow(["name", "userId", "token", "tokenSecret"])
        self.init(
            name: AccountName(try node.required("name").name()),
            userID: try node.required("userId").name(),
            token: try node.child("token")?.name(),
            tokenSecret: try node.child("tokenSecret")?.name()
        )
        guard (token == nil) == (tokenSecret == nil) else { throw node.error("token and tokenSecret belong together") }
    }

    /// The same as settings write it.
    var settings: JSONValue {
        var members: [JSONValue.Member] = [
            .init("name", .string(name.rawValue)), .init("userId", .string(userID)),
        ]
        if let token { members.append(.init("token", .string(token))) }
        if let tokenSecret { members.append(.init("tokenSecret", .string(tokenSecret))) }
        return .object(members)
    }
}

extension SandboxApplication {
    /// Reads an element of `applications`.
    init(_ node: SettingsNode) throws(SettingsError) {
        try node.allow(["name", "consumerKey", "consumerSecret", "bearerToken", "allowListed"])
        self.init(
            name: try node.required("name").name(),
            consumerKey: try node.required("consumerKey").name(),
            consumerSecret: try node.required("consumerSecret").name(),
            bearerToken: try node.required("bearerToken").name(),
            isAllowListed: try node.child("allowListed")?.boolean() ?? true
        )
    }

    /// The same as settings write it.
    var settings: JSONValue {
        .object([
            .init("name", .string(name)),
            .init("consumerKey", .string(consumerKey)),
            .init("consumerSecret", .string(consumerSecret)),
            .init("bearerToken", .string(bearerToken)),
            .init("allowListed", .boolean(isAllowListed)),
        ])
    }
}

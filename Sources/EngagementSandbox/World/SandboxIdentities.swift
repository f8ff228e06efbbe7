public import Engagement

/// A Twitter account of the sandbox: an author of Tweets and, if it has a token, somebody who can sign calls.
public struct SandboxAccount: Equatable, Sendable {
    public let name: AccountName
    /// The number that the older 403 wording calls the author id.
    public let userID: String
    /// The access token, or nil for an author whose tokens nobody here has.
    public let token: String?
    /// The secret that belongs to the token.
    public let tokenSecret: String?

    public init(name: AccountName, userID: String, token: String? = nil, tokenSecret: String? = nil) {
        self.name = name
        self.userID = userID
        self.token = token
        self.tokenSecret = tokenSecret
    }
}

/// A developer app of the sandbox.
public struct SandboxApplication: Equatable, Sendable {
    public let name: String
    public let consumerKey: String
    public let consumerSecret: String
    public let bearerToken: String
    /// Whether the app may use the Engagement API (dossier §1).
    public let isAllowListed: Bool

    public init(
        name: String,
        consumerKey: String,
        consumerSecret: String,
        bearerToken: String,
        isAllowListed: Bool = true
    ) {
        self.name = name
        self.consumerKey = consumerKey
        self.consumerSecret = consumerSecret
        self.bearerToken = bearerToken
        self.isAllowListed = isAllowListed
    }
}

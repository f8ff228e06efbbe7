public import Engagement

/// The name and secret of a developer app (`oauth_consumer_key`).
public struct ConsumerKey: Hashable, Sendable {
    public let key: String
    public let secret: Secret

    public init(key: String, secret: Secret) {
        self.key = key
        self.secret = secret
    }
}

/// A user's token and its secret, got by the 3-legged flow. The token is hidden too: with the app's key it names the user.
public struct AccessToken: Hashable, Sendable {
    public let token: Secret
    public let secret: Secret

    public init(token: Secret, secret: Secret) {
        self.token = token
        self.secret = secret
    }
}

/// How calls of an account are authorised (dossier §9).
public struct Credentials: Hashable, Sendable {
    /// The account's name in the configuration, for messages.
    public let account: AccountName
    public let method: Method

    public init(account: AccountName, method: Method) {
        self.account = account
        self.method = method
    }

    /// The three ways.
    public enum Method: Hashable, Sendable {
        /// OAuth 1.0a with the owner's token: every endpoint, owned Tweets.
        case user(consumer: ConsumerKey, token: AccessToken)
        /// OAuth 1.0a without a token (2-legged): public metrics of totals.
        case appOnly(consumer: ConsumerKey)
        /// OAuth 2.0 with the app's bearer token: public metrics of totals.
        case bearer(Secret)
    }

    /// Credentials that act for the owner of Tweets.
    public static func user(account: AccountName, consumer: ConsumerKey, token: AccessToken) -> Credentials {
        Credentials(account: account, method: .user(consumer: consumer, token: token))
    }

    /// Credentials of the app alone.
    public static func appOnly(account: AccountName, consumer: ConsumerKey) -> Credentials {
        Credentials(account: account, method: .appOnly(consumer: consumer))
    }

    /// Credentials of the app alone, as a bearer token.
    public static func bearer(account: AccountName, token: Secret) -> Credentials {
        Credentials(account: account, method: .bearer(token))
    }

    /// Whether they act for the owner of Tweets, and so see more than public metrics.
    public var isUserContext: Bool {
        if case .user = method { return true }
        return false
    }
}

extension Credentials {
    /// The value of the `Authorization` header of a POST with a JSON body, which OAuth 1.0a leaves unsigned.
    internal func authorization(for url: RequestURL, nonce: String, timestamp: Int64) -> String {
        let signature: OAuth1Signature
        switch method {
        case .bearer(let token): return "Bearer \(token.reveal())"
        case .appOnly(let consumer):
            signature = OAuth1Signature(url: url, consumer: consumer, token: nil, nonce: nonce, timestamp: timestamp)
        case .user(let consumer, let token):
            signature = OAuth1Signature(url: url, consumer: consumer, token: token, nonce: nonce, timestamp: timestamp)
        }
        return signature.authorizationHeader
    }

    /// `text` without any secret of ours, in case a server repeats what it was sent.
    internal func redacted(_ text: String) -> String {
        let secrets =
            switch method {
            case .bearer(let token): [token]
            case .appOnly(let consumer): [consumer.secret]
            case .user(let consumer, let token): [consumer.secret, token.token, token.secret]
            }
        return secrets.filter { !$0.isEmpty }.reduce(text) { text, secret in
            text.split(separator: secret.reveal(), omittingEmptySubsequences: false)
                .joined(separator: secret.description)
        }
    }
}

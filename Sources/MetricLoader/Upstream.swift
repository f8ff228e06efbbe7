public import Engagement
public import EngagementAPI

/// Whose eyes a call looks through: calls are never shared between two of these.
public enum UpstreamAccess: Hashable, Sendable {
    /// The developer app alone: public metrics of totals, of anybody's Tweets.
    case application
    /// An account's own token: everything else, of its own Tweets.
    case account(AccountName)

    /// Where the counts of such a call are kept.
    public var scope: CellScope {
        switch self {
        case .application: .everyone
        case .account(let name): .account(name)
        }
    }
}

extension UpstreamAccess: CustomStringConvertible {
    public var description: String {
        switch self {
        case .application: "app"
        case .account(let name): "account \(name)"
        }
    }
}

/// What a loader asks for numbers that it does not have.
public protocol Upstream: Sendable {
    /// Sends one call and decodes its answer.
    ///
    /// - Throws: ``EngagementAPIError``, also when there are no credentials for `access`.
    func perform(
        _ call: EngagementCall,
        as access: UpstreamAccess,
        deadline: UnixTime
    ) async throws(EngagementAPIError) -> EngagementReply
}

/// The Engagement API with the credentials of every configured account.
public struct CredentialedUpstream: Upstream {
    private let client: EngagementClient
    private let application: Credentials?
    private let accounts: [AccountName: Credentials]

    /// - Parameters:
    ///   - application: What public metrics are asked with.
    ///   - accounts: User credentials by account.
    public init(client: EngagementClient, application: Credentials?, accounts: [AccountName: Credentials]) {
        self.client = client
        self.application = application
        self.accounts = accounts
    }

    public func perform(
        _ call: EngagementCall,
        as access: UpstreamAccess,
        deadline: UnixTime
    ) async throws(EngagementAPIError) -> EngagementReply {
        try await client.perform(call, as: try credentials(for: access), deadline: deadline)
    }

    private func credentials(for access: UpstreamAccess) throws(EngagementAPIError) -> Credentials {
        switch access {
        case .application:
            if let application { return application }
            throw EngagementAPIError(.unauthenticated, "no app credentials are configured for public metrics")
        case .account(let name):
            if let credentials = accounts[name] { return credentials }
            throw EngagementAPIError(
                .unauthenticated,
                "account \(name) has no user token, which impressions, engagements and every series need",
                account: name
            )
        }
    }
}

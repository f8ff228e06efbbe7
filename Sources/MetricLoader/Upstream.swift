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
        _ urgency: CallUrgency,
        deadline: UnixTime
    ) async throws(EngagementAPIError) -> EngagementReply

    /// Why no such call can be made now; nil if one can. Looks only, and takes nothing from the quota.
    func refusal(for access: UpstreamAccess, _ urgency: CallUrgency, now: UnixTime) -> CallRefusal?

    /// How much of the quota is used up, 0 to 1; 0 if that is not known.
    func pressure(on access: UpstreamAccess, now: UnixTime) -> Double
}

extension CallRefusal {
    /// Whether there will be calls again by themselves, so that it is worth while to wait.
    internal var isForQuota: Bool {
        if case .rateLimited = error.code { true } else { false }
    }
}

/// The Engagement API with the credentials of every configured account.
public struct CredentialedUpstream: Upstream {
    private let client: EngagementClient
    private let governor: CallGovernor
    private let application: ApplicationAccess?
    private let accounts: [AccountName: Credentials]

    /// - Parameters:
    ///   - governor: The client's own, which keeps count of the quotas.
    ///   - application: What public metrics are asked with.
    ///   - accounts: User credentials by account.
    public init(
        client: EngagementClient,
        governor: CallGovernor,
        application: ApplicationAccess?,
        accounts: [AccountName: Credentials]
    ) {
        self.client = client
        self.governor = governor
        self.application = application
        self.accounts = accounts
    }

    public func perform(
        _ call: EngagementCall,
        as access: UpstreamAccess,
        _ urgency: CallUrgency,
        deadline: UnixTime
    ) async throws(EngagementAPIError) -> EngagementReply {
        switch access {
        case .application:
            guard let application else {
                throw EngagementAPIError(.unauthenticated, "no app credentials are configured for public metrics")
            }
            return try await client.perform(call, as: application, deadline: deadline, urgency: urgency)
        case .account(let name):
            guard let credentials = accounts[name] else {
                throw EngagementAPIError(
                    .unauthenticated,
                    "account \(name) has no user token, which impressions, engagements and every series need",
                    account: name
                )
            }
            return try await client.perform(call, as: credentials, deadline: deadline, urgency: urgency)
        }
    }

    public func refusal(for access: UpstreamAccess, _ urgency: CallUrgency, now: UnixTime) -> CallRefusal? {
        credentials(for: access).flatMap { governor.refusal(for: $0, urgency, now: now) }
    }

    /// What is known of the quota that such calls draw on; nil if nothing is.
    public func quota(of access: UpstreamAccess, now: UnixTime) -> RateLimit.Quota? {
        credentials(for: access).flatMap { governor.quota(of: $0, now: now) }
    }

    public func pressure(on access: UpstreamAccess, now: UnixTime) -> Double {
        guard let quota = quota(of: access, now: now),
            let limit = quota.limit, let remaining = quota.remaining, limit > 0
        else { return 0 }
        return 1 - Double(min(max(remaining, 0), limit)) / Double(limit)
    }

    private func credentials(for access: UpstreamAccess) -> Credentials? {
        switch access {
        case .application: application?.credentials
        case .account(let name): accounts[name]
        }
    }
}

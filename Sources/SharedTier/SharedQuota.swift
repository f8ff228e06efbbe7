public import Engagement
public import EngagementAPI
public import MetricLoader
internal import Synchronization

/// How many calls a minute all nodes together may make.
public enum SharedLimit: Equatable, Sendable {
    /// As the API said to this node.
    case told(Int)
    /// What the configuration supposes, as long as the API has told no node.
    case assumed(Int)
}

/// An upstream whose calls several nodes count together.
///
/// What is left of a quota, each node learns from the headers of its own answers; all draw on the same one, so that is the truth
/// about all of them, as of the last answer. What no header tells is how many calls the others have begun since then, at the
/// beginning of a minute above all. So the calls of each minute are counted in the tier, and no node begins one more than the
/// API said that there are, to it or, before its first answer, to another one. Repetitions within a call are not counted. Without
/// the tier each node goes by its own headers.
public final class SharedQuota: Upstream {
    private let base: any Upstream
    private let tier: SharedTier
    private let clock: TimeSource
    private let limit: @Sendable (UpstreamAccess, UnixTime) -> SharedLimit?
    private let putOff = Mutex<[UpstreamAccess: CallRefusal]>([:])

    /// - Parameter limit: How many calls a minute there are; nil for any number.
    public init(
        _ base: any Upstream,
        tier: SharedTier,
        clock: @escaping TimeSource,
        limit: @escaping @Sendable (UpstreamAccess, UnixTime) -> SharedLimit?
    ) {
        self.base = base
        self.tier = tier
        self.clock = clock
        self.limit = limit
    }

    public func perform(
        _ call: EngagementCall,
        as access: UpstreamAccess,
        _ urgency: CallUrgency,
        deadline: UnixTime
    ) async throws(EngagementAPIError) -> EngagementReply {
        let now = clock()
        if let limit = limit(access, now), let until = await tier.takeCall(of: access.pool, limit: limit, now: now) {
            let reason = "the nodes together have used up the quota of this minute"
            let error = EngagementAPIError(.rateLimited(resetAt: until), reason, account: access.account)
            putOff.withLock { $0[access] = CallRefusal(until: until, error: error) }
            throw error
        }
        return try await base.perform(call, as: access, urgency, deadline: deadline)
    }

    public func refusal(for access: UpstreamAccess, _ urgency: CallUrgency, now: UnixTime) -> CallRefusal? {
        if let refusal = base.refusal(for: access, urgency, now: now) { return refusal }
        return putOff.withLock { putOff in
            guard let refusal = putOff[access] else { return nil }
            // A clock that was set back must not put calls off for longer than a minute.
            if now < refusal.until, refusal.until <= now.advanced(bySeconds: 60) { return refusal }
            putOff[access] = nil
            return nil
        }
    }

    public func pressure(on access: UpstreamAccess, now: UnixTime) -> Double { base.pressure(on: access, now: now) }
}

extension UpstreamAccess {
    fileprivate var pool: String {
        switch self {
        case .application: "app"
        case .account(let name): "account=\(name)"
        }
    }

    fileprivate var account: AccountName? {
        if case .account(let name) = self { name } else { nil }
    }
}

internal import Engagement
internal import EngagementAPI
internal import MetricCache
internal import MetricLoader
internal import SharedTier

/// What this node shares with others.
extension Server {
    /// The shared tier, if there is to be one. Whether it can be reached is found out in the background.
    internal static func shared(
        _ configuration: ServerConfiguration,
        _ cache: MetricCache,
        _ observer: Observer
    ) -> SharedTier? {
        guard var settings = configuration.shared else { return nil }
        settings.source = configuration.upstream.baseURL
        settings.accounts = Set(configuration.accounts.map(\.name))
        settings.timeToLive = configuration.cache.timeToLive
        return SharedTier(settings, cache: cache) { observer.observe(.shared($0)) }
    }

    /// The upstream with a count of calls that all nodes keep together.
    internal static func shared(
        _ upstream: CredentialedUpstream,
        _ tier: SharedTier,
        _ configuration: ServerConfiguration,
        _ clock: @escaping TimeSource
    ) -> any Upstream {
        let assumed = configuration.upstream.quota.assumedPerMinute
        return SharedQuota(upstream, tier: tier, clock: clock) { access, now in
            upstream.quota(of: access, now: now)?.limit.map(SharedLimit.told) ?? .assumed(assumed)
        }
    }
}

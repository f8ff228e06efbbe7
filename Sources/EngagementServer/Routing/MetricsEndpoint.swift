internal import Archive
internal import Bytes
internal import Engagement
internal import EngagementAPI
internal import Ledger
internal import MetricCache
internal import MetricLoader
internal import SharedTier

/// `/metrics`: the counters as Prometheus reads them.
internal struct MetricsEndpoint: Sendable {
    let metrics: ServerMetrics
    let cache: MetricCache
    let ledger: Ledger
    let archive: Archive
    let governor: CallGovernor
    let loader: MetricLoader
    let shared: SharedTier?
    let lists: ListService
    let hubs: [LiveHub]
    let sockets: SocketHub
    let clock: TimeSource

    func text() -> ByteString {
        let now = clock()
        return PrometheusText.render(
            metrics.snapshot,
            cache: cache.statistics(),
            upstream: UpstreamHealth(
                pools: governor.states,
                circuit: governor.circuit,
                underWay: loader.underWay,
                waiting: loader.waiting,
                usage: ledger.usage.usage(at: now),
                now: now
            ),
            archive: archive.statistics(),
            shared: shared?.statistics,
            lists: lists.report,
            live: hubs.reduce((subscriptions: 0, channels: 0)) { sum, hub in
                let counts = hub.counts
                return (sum.subscriptions + counts.subscriptions, sum.channels + counts.channels)
            },
            sockets: (sockets.count, sockets.operationCount)
        )
    }
}

/// What is known of the API at one moment: quotas, health, work, and how much of the contract is used.
internal struct UpstreamHealth: Sendable {
    let pools: [CallGovernor.PoolState]
    let circuit: CircuitState
    /// Calls that have not been answered.
    let underWay: Int
    /// Gaps that wait for a call.
    let waiting: Int
    let usage: Usage
    let now: UnixTime

    /// Whether the API is left alone because it fails.
    var isCircuitOpen: Bool {
        if case .closed = circuit { false } else { true }
    }
}

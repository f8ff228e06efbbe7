internal import Bytes
internal import Engagement
internal import EngagementAPI
internal import Ledger
internal import MetricCache
internal import MetricLoader

/// `/metrics`: the counters as Prometheus reads them.
internal struct MetricsEndpoint: Sendable {
    let metrics: ServerMetrics
    let cache: MetricCache
    let ledger: Ledger
    let governor: CallGovernor
    let loader: MetricLoader
    let clock: TimeSource

    func text() -> ByteString {
        let now = clock()
        return PrometheusText.render(
            metrics.snapshot,
            cache: cache.statistics(),
            upstream: UpstreamHealth(
                pools: governor.states,
                circuit: governor.circuit,
                usage: ledger.usage.usage(at: now),
                callsUnderWay: loader.underWay,
                gapsWaiting: loader.waiting,
                now: now
            )
        )
    }
}

/// What is known of the API at one moment: quotas, health, and how much of the contract is used.
internal struct UpstreamHealth: Sendable {
    let pools: [CallGovernor.PoolState]
    let circuit: CircuitState
    let usage: Usage
    let callsUnderWay: Int
    /// Tweets that wait for a call, for company or for the quota; those that lack numbers of several families, or of times
    /// far apart, count for each.
    let gapsWaiting: Int
    let now: UnixTime

    /// Whether the API is left alone because it fails.
    var isCircuitOpen: Bool {
        if case .closed = circuit { false } else { true }
    }
}

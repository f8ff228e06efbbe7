internal import Bytes
internal import MetricCache

/// `/metrics`: the counters as Prometheus reads them.
internal struct MetricsEndpoint: Sendable {
    let metrics: ServerMetrics
    let cache: MetricCache

    func text() -> ByteString { PrometheusText.render(metrics.snapshot, cache: cache.statistics()) }
}

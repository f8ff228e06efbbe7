/// The counters of subscriptions.
extension PrometheusText {
    mutating func live(_ counts: (subscriptions: Int, channels: Int), _ sockets: (open: Int, operations: Int)) {
        head("engageql_live_subscriptions", "gauge", "Subscriptions that are open.")
        sample("engageql_live_subscriptions", [], counts.subscriptions)
        head(
            "engageql_live_channels",
            "gauge",
            "Different ones among them: each is looked at once for all its subscribers."
        )
        sample("engageql_live_channels", [], counts.channels)
        head("engageql_live_sockets", "gauge", "WebSockets that are open.")
        sample("engageql_live_sockets", [], sockets.open)
        head("engageql_live_operations_total", "counter", "Operations that were asked for over WebSockets.")
        sample("engageql_live_operations_total", [], sockets.operations)
    }
}

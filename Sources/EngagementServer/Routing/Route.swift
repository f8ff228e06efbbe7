/// The routes of the server, named as counters show them.
internal enum Route: String, CaseIterable, Sendable {
    case graphql = "/graphql"
    case savedQuery = "/q"
    case schema = "/schema.graphql"
    case metrics = "/metrics"
    case healthLive = "/health/live"
    case healthReady = "/health/ready"
    /// Everything else: one label, since anybody can invent paths.
    case unknown = "other"
}

internal import Engagement

/// The routes of the server, named as counters show them.
internal enum Route: String, CaseIterable, Sendable {
    case console = "/"
    case graphiQL = "/graphiql"
    case graphql = "/graphql"
    case savedQuery = "/q"
    case openAPI = "/openapi.json"
    case odata = "/odata"
    case dropInTotals = "/insights/engagement/totals"
    case dropInLast28Hours = "/insights/engagement/28hr"
    case dropInHistorical = "/insights/engagement/historical"
    case schema = "/schema.graphql"
    case metrics = "/metrics"
    case healthLive = "/health/live"
    case healthReady = "/health/ready"
    /// Everything else: one label, since anybody can invent paths.
    case unknown = "other"
}

extension Route {
    /// The route that has the API's own path.
    init(_ endpoint: Endpoint) {
        switch endpoint {
        case .totals: self = .dropInTotals
        case .last28Hours: self = .dropInLast28Hours
        case .historical: self = .dropInHistorical
        }
    }
}

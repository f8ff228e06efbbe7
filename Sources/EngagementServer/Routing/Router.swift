internal import Bytes
internal import Engagement
internal import MetricCache
internal import MicroHTTP

/// Which endpoint answers a request, and the one place where answers are counted.
internal struct Router: HTTPHandler {
    let graphql: GraphQLEndpoint
    let savedQueries: SavedQueryEndpoint
    let odata: ODataEndpoint
    let dropIn: DropInEndpoint
    let console: ConsoleEndpoint
    /// Nil if clients may not ask for the schema.
    let schemaText: ByteString?
    let health: Health
    let metrics: MetricsEndpoint
    let observer: Observer

    func respond(to request: borrowing HTTPRequest) -> HTTPReply {
        let start = ContinuousClock.now
        let (route, reply) = route(request)
        switch reply {
        case .now(let response):
            note(route, response, since: start)
            return .now(response)
        case .later(let work):
            return .later {
                let response = await work()
                note(route, response, since: start)
                return response
            }
        }
    }

    private func route(_ request: borrowing HTTPRequest) -> (Route, HTTPReply) {
        let path = request.path
        if path == "/graphql" { return (.graphql, graphql.respond(to: request)) }
        if path == "/", let response = console.response(to: request) { return (.console, .now(response)) }
        if path == "/graphiql", let response = console.graphiQLResponse(to: request) {
            return (.graphiQL, .now(response))
        }
        if path == "/q" || path.hasPrefix("/q/") {
            return (.savedQuery, savedQueries.respond(to: request, path: String(path.dropFirst(2))))
        }
        if path == "/openapi.json" { return (.openAPI, savedQueries.describe(request)) }
        if ODataEndpoint.owns(path) { return (.odata, odata.respond(to: request)) }
        if DropInEndpoint.owns(path) {
            let endpoint = Endpoint.allCases.first { $0.path == path }
            return (endpoint.map(Route.init) ?? .unknown, dropIn.respond(to: request, for: endpoint))
        }
        let route: Route
        switch path {
        case "/schema.graphql" where schemaText != nil: route = .schema
        case "/health/live": route = .healthLive
        case "/health/ready": route = .healthReady
        case "/metrics": route = .metrics
        default:
            return (.unknown, .now(ErrorResponse.json(404, "There is nothing at this path; queries go to /graphql.")))
        }
        guard request.method == .get || request.method == .head else {
            let allow = [(name: "Allow", value: "GET, HEAD")]
            return (route, .now(ErrorResponse.json(405, "This path is asked by GET.", headers: allow)))
        }
        return (route, .now(document(route)))
    }

    private func document(_ route: Route) -> HTTPResponse {
        switch route {
        case .schema: text(schemaText ?? ByteString(""), "application/graphql; charset=utf-8")
        case .metrics: text(metrics.text(), PrometheusText.mediaType)
        case .healthLive: health.live()
        case .healthReady: health.ready()
        case .console, .graphiQL, .graphql, .savedQuery, .openAPI, .odata, .dropInTotals, .dropInLast28Hours,
            .dropInHistorical, .unknown:
            ErrorResponse.json(404, "There is nothing at this path.")
        }
    }

    private func text(_ body: ByteString, _ mediaType: String) -> HTTPResponse {
        HTTPResponse(status: 200, headers: [(name: "Content-Type", value: mediaType)], body: .bytes(body))
    }

    private func note(_ route: Route, _ response: HTTPResponse, since start: ContinuousClock.Instant) {
        let duration = ContinuousClock.now - start
        let (seconds, attoseconds) = duration.components
        let microseconds = seconds * 1_000_000 + attoseconds / 1_000_000_000_000
        observer.observe(.answered(route: route, status: response.status, microseconds: microseconds))
    }
}

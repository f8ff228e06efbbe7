internal import Bytes
internal import Engagement
internal import MetricCache
internal import MicroHTTP

/// Which endpoint answers a request, and the one place where requests are let in and answers are counted.
internal struct Router: HTTPHandler {
    let access: Access
    /// For whoever runs the server.
    let own: ViewerEndpoints
    /// For each key, in their order.
    let ofKeys: [ViewerEndpoints]
    let dropIn: DropInEndpoint
    let console: ConsoleEndpoint
    /// Nil if clients may not ask for the schema.
    let schemaText: ByteString?
    let health: Health
    let metrics: MetricsEndpoint
    let observer: Observer

    func respond(to request: borrowing HTTPRequest) -> HTTPReply {
        let start = ContinuousClock.now
        return counted(admit(request), since: start)
    }

    /// What is too large or no HTTP is refused in the form of all errors.
    func refusal(_ status: Int, _ reason: String) -> HTTPResponse {
        switch status {
        case 413: ErrorResponse.json(status, "\(reason) (server.bodyBytes)", code: "BODY_TOO_LARGE")
        case 414:
            ErrorResponse.json(status, "\(reason) Send the query by POST. (server.headerBytes)", code: "URL_TOO_LONG")
        case 431: ErrorResponse.json(status, "\(reason) (server.headerBytes)", code: "HEADER_TOO_LARGE")
        case 503: ErrorResponse.json(status, reason, code: "STOPPING", headers: [(name: "Retry-After", value: "1")])
        default: ErrorResponse.json(status, reason)
        }
    }

    /// Answers a request of our own process, which needs no leave.
    func respondToOwner(_ request: borrowing HTTPRequest) -> HTTPReply {
        let start = ContinuousClock.now
        return counted(route(request, own), since: start)
    }

    /// The endpoints for whoever asks.
    func endpoints(for caller: Access.Caller) -> ViewerEndpoints {
        switch caller {
        case .owner: own
        case .holder(let holder): ofKeys[holder.place]
        }
    }

    /// Lets a request in, without its key, or says why not.
    private func admit(_ request: borrowing HTTPRequest) -> (Route, HTTPReply) {
        if Access.isOpen(request) { return route(request, own) }
        let query = access.keys.isEmpty ? nil : QueryKey(request.rawQuery)
        let caller: Access.Caller
        do throws(AccessRefusal) {
            caller = try access.caller(of: request, query)
        } catch {
            let headers = own.graphql.crossOrigin.headers(for: request)
            return (Route(path: request.path), HTTPReply.now(error.response(at: request.path)).adding(headers))
        }
        let endpoints = endpoints(for: caller)
        guard case .holder = caller else { return route(request, endpoints) }
        let answer: (route: Route, reply: HTTPReply)
        if let query {
            answer = request.withholding(query.part, leaving: query.rest) { (request: borrowing HTTPRequest) in
                route(request, endpoints)
            }
        } else {
            answer = route(request, endpoints)
        }
        return (answer.route, answer.reply.map { $0.forOneCaller })
    }

    private func counted(_ answer: (Route, HTTPReply), since start: ContinuousClock.Instant) -> HTTPReply {
        let (route, reply) = answer
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

    private func route(_ request: borrowing HTTPRequest, _ endpoints: ViewerEndpoints) -> (Route, HTTPReply) {
        let path = request.path
        if path == "/graphql" { return (.graphql, endpoints.graphql.respond(to: request)) }
        if path == "/", let response = console.response(to: request) { return (.console, .now(response)) }
        if path == "/graphiql", let response = console.graphiQLResponse(to: request) {
            return (.graphiQL, .now(response))
        }
        if path == "/q" || path.hasPrefix("/q/") {
            return (.savedQuery, endpoints.savedQueries.respond(to: request, path: String(path.dropFirst(2))))
        }
        if path == "/openapi.json" { return (.openAPI, endpoints.savedQueries.describe(request)) }
        if ODataEndpoint.owns(path) { return (.odata, endpoints.odata.respond(to: request)) }
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
        if route == .metrics, !endpoints.showsMetrics {
            return (route, .now(AccessRefusal.noMetrics.response(at: path)))
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

internal import GraphQL
internal import MicroHTTP

/// `POST /graphql` and `GET /graphql`: the story of a request.
///
/// Bytes to parameters, parameters to a prepared document, document and variables to an operation; the runner plans it and
/// gets its numbers; then the response is written in one pass.
internal struct GraphQLEndpoint: Sendable {
    let documents: PreparedDocuments
    let runner: OperationRunner

    func respond(to request: borrowing HTTPRequest) -> HTTPReply {
        guard let mediaType = ResponseMediaType(accept: request.header("accept")) else {
            return .now(
                ErrorResponse.json(
                    406,
                    "This server answers application/json and application/graphql-response+json; Accept allows neither."
                )
            )
        }
        do throws(GraphQLRequestError) {
            let parameters = try parameters(of: request)
            return run(parameters, method: request.method, mediaType)
        } catch {
            return .now(ErrorResponse.json(error.status, error.message, headers: error.headers))
        }
    }

    private func run(_ parameters: GraphQLRequest, method: HTTPMethod, _ mediaType: ResponseMediaType) -> HTTPReply {
        let operation: Operation
        do throws(GraphQLErrors) {
            let prepared = try documents.document(parameters.query).operation(named: parameters.operationName)
            if prepared.kind == .mutation, method != .post {
                return .now(
                    ErrorResponse.json(405, "Mutations are sent by POST.", headers: [(name: "Allow", value: "POST")])
                )
            }
            operation = try prepared.bind(variables: parameters.variables)
        } catch {
            return .now(GraphQLResponse.refusal(error.errors, mediaType))
        }
        return runner.run(operation) { outcome in GraphQLResponse.response(outcome, mediaType) }
    }

    // MARK: - Parameters

    private func parameters(of request: borrowing HTTPRequest) throws(GraphQLRequestError) -> GraphQLRequest {
        switch request.method {
        case .get, .head: return try GraphQLRequest(queryItems: request.queryItems)
        case .post:
            try checkContentType(request.header("content-type"))
            return try GraphQLRequest(body: request.body)
        default:
            throw GraphQLRequestError(
                405,
                "GraphQL requests are sent by GET or POST.",
                headers: [(name: "Allow", value: "GET, HEAD, POST")]
            )
        }
    }

    private func checkContentType(_ header: String?) throws(GraphQLRequestError) {
        if header == "application/json" { return }
        let parts = (header ?? "").lowercased().split(separator: ";").map { $0.filter { $0 != " " } }
        guard parts.first == "application/json" else {
            throw GraphQLRequestError(415, "Send the request as JSON, with Content-Type: application/json.")
        }
        if let charset = parts.first(where: { $0.hasPrefix("charset=") }),
            !["charset=utf-8", "charset=\"utf-8\""].contains(charset)
        {
            throw GraphQLRequestError(415, "Send the request in UTF-8.")
        }
    }
}

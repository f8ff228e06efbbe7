internal import GraphQL
internal import JSON
internal import MicroHTTP

/// Whether a request may change something, by how and from where it came.
internal enum MutationRule: Sendable {
    case allowed
    /// It came by a method that changes nothing (RFC 9110 §9.2.1).
    case bySafeMethod
    /// It came from a web page of another site.
    case byForeignPage
    /// It came with a key that may change nothing.
    case byKey

    /// What a mutation is answered that is not allowed. The status is the same under both media types: what only looks at methods
    /// and headers must see it.
    func refusal(_ mediaType: ResponseMediaType) -> HTTPResponse {
        switch self {
        case .byForeignPage, .byKey: return GraphQLResponse.refusal([error], status: 403, mediaType)
        case .allowed, .bySafeMethod:
            var response = GraphQLResponse.refusal([error], status: 405, mediaType)
            response.headers.append((name: "Allow", value: "POST"))
            return response
        }
    }

    /// What is said of such a mutation.
    var error: GraphQLError {
        switch self {
        case .byForeignPage:
            GraphQLError(
                "Web pages of other sites change nothing here, whatever cors.origins allows them to ask.",
                extensions: [.init("code", .string("CROSS_ORIGIN"))]
            )
        case .byKey:
            GraphQLError("This key may change nothing (keys: may).", extensions: [.init("code", .string("FORBIDDEN"))])
        case .allowed, .bySafeMethod: GraphQLError("Mutations are sent by POST.")
        }
    }
}

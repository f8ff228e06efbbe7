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

    /// What a mutation is answered that is not allowed. The status is the same under both media types: what only looks at methods
    /// and headers must see it.
    func refusal(_ mediaType: ResponseMediaType) -> HTTPResponse {
        guard self == .byForeignPage else {
            var response = GraphQLResponse.refusal([error], status: 405, mediaType)
            response.headers.append((name: "Allow", value: "POST"))
            return response
        }
        return GraphQLResponse.refusal([error], status: 403, mediaType)
    }

    /// What is said of such a mutation.
    var error: GraphQLError {
        guard self == .byForeignPage else { return GraphQLError("Mutations are sent by POST.") }
        return GraphQLError(
            "Web pages of other sites change nothing here, whatever cors.origins allows them to ask.",
            extensions: [.init("code", .string("CROSS_ORIGIN"))]
        )
    }
}

internal import Bytes
internal import EngagementGraph
internal import GraphQL
internal import JSON
internal import MicroHTTP

/// The response to a GraphQL request, written in one pass.
internal enum GraphQLResponse {
    /// The response of an operation that was planned, and answered unless the plan was refused.
    static func response(
        _ outcome: OperationOutcome,
        _ policy: StatusPolicy,
        _ mediaType: ResponseMediaType
    ) -> HTTPResponse {
        var buffer = ByteBuffer(capacity: 4096)
        let hasErrors: Bool
        switch outcome {
        case .refused(let errors):
            // Execution began and a root field failed: September 2025 §7.1.4, `data` is null.
            buffer.append("{\"errors\":")
            buffer.append(errors: errors)
            buffer.append(",\"data\":null}")
            hasErrors = true
        case .answered(let answer):
            let resolver = answer.makeResolver()
            let absences = resolver.absences
            let errors = Executor.execute(
                answer.operation,
                with: resolver,
                additionalErrors: absences,
                extensions: answer.extensions,
                into: &buffer
            )
            hasErrors = !errors.isEmpty || !absences.isEmpty
        case .mutated(let answer):
            let errors = Executor.execute(answer.operation, with: answer.resolver, into: &buffer)
            hasErrors = !errors.isEmpty
        case .explained(let forecast):
            let members = [JSONValue.Member("explain", CostReport.value(forecast))]
            buffer.append(json: .object([.init("data", .null), .init("extensions", .object(members))]))
            hasErrors = false
        }
        let status = policy.status(hasErrors: hasErrors, mediaType)
        return HTTPResponse(status: status, headers: mediaType.headers, body: .bytes(buffer.freeze()))
    }

    /// The response to a request that was refused before anything ran: §7.1.3, no `data`.
    static func refusal(_ errors: [GraphQLError], status: Int, _ mediaType: ResponseMediaType) -> HTTPResponse {
        var buffer = ByteBuffer()
        buffer.append(requestErrors: errors)
        let headers = mediaType.headers + [CacheControl.noStore]
        return HTTPResponse(status: status, headers: headers, body: .bytes(buffer.freeze()))
    }
}

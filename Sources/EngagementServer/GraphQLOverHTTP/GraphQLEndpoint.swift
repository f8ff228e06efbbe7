internal import GraphQL
internal import JSON
internal import MicroHTTP
internal import WebSocket

/// `POST /graphql` and `GET /graphql`: GraphQL over HTTP.
///
/// Bytes to parameters here; parameters to an answer in ``GraphQLService``, which plans the operation, gets its numbers and
/// writes the response in one pass.
internal struct GraphQLEndpoint: Sendable {
    let service: GraphQLService
    let crossOrigin: CrossOrigin
    /// What speaks by WebSocket.
    let sockets: SocketHub
    /// The most operations in an array; 1 refuses arrays.
    let maximumBatch: Int
    /// Whether whoever asks may change something at all.
    let mutations: MutationRule
    /// The key that is asked with; nil for whoever needs none.
    let key: KeyHolder?

    private static let methods = "GET, HEAD, POST, OPTIONS"

    func respond(to request: borrowing HTTPRequest) -> HTTPReply {
        if request.method == .options { return .now(crossOrigin.options(request, allow: GraphQLEndpoint.methods)) }
        let headers = crossOrigin.headers(for: request)
        return answer(request).adding(headers)
    }

    private func answer(_ request: borrowing HTTPRequest) -> HTTPReply {
        if crossOrigin.refuses(request) { return .now(CrossOrigin.refusal) }
        if WebSocketHandshake.isWanted(by: request) {
            // No page can set this header on a socket: the browser did, for a user who gave his key to our own page.
            if key != nil, request.header("authorization") != nil, crossOrigin.isForeignPage(request) {
                return .now(CrossOrigin.borrowedKey)
            }
            let caller = SocketCaller(service: service, mutations: mutations(of: request), key: key)
            return sockets.reply(to: request, caller)
        }
        let accept = request.header("accept")
        let format = RowFormat(accept: accept)
        let wish = EventStreamWish(request)
        let isOther = format != nil || wish?.isOnly == true
        guard let mediaType = isOther ? .graphqlResponse : ResponseMediaType(accept: accept) else {
            return .now(
                ErrorResponse.json(
                    406,
                    """
                    This server answers application/json and application/graphql-response+json, rows as text/csv and its like, \
                    and subscriptions as text/event-stream, in UTF-8; Accept allows none.
                    """
                )
            )
        }
        let conditions = CacheConditions(request, obeying: service.responder.obedience)
        switch request.method {
        case .get, .head:
            // A cache in between must not hand the answer to a client that accepts another type.
            if let format { return rows(request, format, conditions) }
            return get(request, conditions, wish, mediaType).adding([(name: "Vary", value: "Accept")])
        case .post:
            if let problem = contentTypeProblem(request.header("content-type")) {
                return .now(ErrorResponse.json(415, problem))
            }
            if let format { return rows(request, format, conditions) }
            let reply = post(request.body, conditions, mutations(of: request), wish, mediaType)
            // A packed body is never JSON: looked at only then.
            if case .now(let response) = reply, response.status == 400, isPacked(request.header("content-encoding")) {
                return .now(ErrorResponse.json(415, "Send the request as it is, without Content-Encoding."))
            }
            return reply
        default:
            let allow = [(name: "Allow", value: GraphQLEndpoint.methods)]
            return .now(ErrorResponse.json(405, "GraphQL requests are sent by GET or POST.", headers: allow))
        }
    }

    /// Whether what comes by `POST`, or over a WebSocket, may change something.
    private func mutations(of request: borrowing HTTPRequest) -> MutationRule {
        crossOrigin.isForeignPage(request) ? .byForeignPage : mutations
    }

    // MARK: - Methods

    private func get(
        _ request: borrowing HTTPRequest,
        _ conditions: CacheConditions,
        _ wish: EventStreamWish?,
        _ mediaType: ResponseMediaType
    ) -> HTTPReply {
        let key = service.responder.key(Array("?\(request.rawQuery ?? "")".utf8)[...], mediaType)
        if wish?.isOnly != true, let response = service.responder.remembered(key, conditions) { return .now(response) }
        do {
            let request = try GraphQLRequest(queryItems: request.validQueryItems)
            return service.answer(request, conditions, key: key, wish: wish, mediaType)
        } catch {
            return .now(malformed(error, mediaType))
        }
    }

    private func post(
        _ body: [UInt8],
        _ conditions: CacheConditions,
        _ mutations: MutationRule,
        _ wish: EventStreamWish?,
        _ mediaType: ResponseMediaType
    ) -> HTTPReply {
        let key = service.responder.key(body[...], mediaType)
        if wish?.isOnly != true, let response = service.responder.remembered(key, conditions) { return .now(response) }
        do {
            var reader = JSONReader(body)
            if try reader.peek() == .array { return try batch(&reader, conditions, mutations, mediaType) }
            let request = try GraphQLRequest(from: &reader)
            try reader.readEnd()
            return service.answer(request, conditions, mutations: mutations, key: key, wish: wish, mediaType)
        } catch {
            return .now(malformed(error, mediaType))
        }
    }

    /// Several requests in an array: answered in an array, each as if it had come alone.
    private func batch(
        _ reader: inout JSONReader,
        _ conditions: CacheConditions,
        _ mutations: MutationRule,
        _ mediaType: ResponseMediaType
    ) throws -> HTTPReply {
        guard maximumBatch > 1 else {
            throw MalformedRequest("Batches are switched off: send one request at a time, or set graphql.batch.")
        }
        var requests: [GraphQLRequest] = []
        try reader.readArray { reader in
            guard requests.count < maximumBatch else {
                throw MalformedRequest("A batch has at most \(maximumBatch) requests (graphql.batch).")
            }
            requests.append(try GraphQLRequest(from: &reader))
        }
        try reader.readEnd()
        guard !requests.isEmpty else { throw MalformedRequest("A batch has at least one request.") }
        let replies = requests.map { service.answer($0, conditions, mutations: mutations, mediaType) }
        return BatchReply.combine(replies, mediaType)
    }

    // MARK: - Requests that are none

    internal func malformed(_ error: any Error, _ mediaType: ResponseMediaType) -> HTTPResponse {
        switch error {
        case let error as MalformedRequest:
            let status = service.policy.status(of: error.isUnreadable ? .unreadable : .malformed, mediaType)
            return GraphQLResponse.refusal([GraphQLError(error.message)], status: status, mediaType)
        default:
            let status = service.policy.status(of: .unreadable, mediaType)
            return GraphQLResponse.refusal(
                [GraphQLError("The request is not JSON: \(error).")],
                status: status,
                mediaType
            )
        }
    }

    private func isPacked(_ contentEncoding: String?) -> Bool {
        contentEncoding.map { $0.lowercased() != "identity" } ?? false
    }

    private func contentTypeProblem(_ header: String?) -> String? {
        if header == "application/json" { return nil }
        guard let range = MediaRange(header ?? ""), range.type == "application", range.subtype == "json" else {
            return "Send the request as JSON, with Content-Type: application/json."
        }
        return range.hasForeignCharset ? "Send the request in UTF-8." : nil
    }
}

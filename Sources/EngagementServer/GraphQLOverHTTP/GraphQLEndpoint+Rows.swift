internal import JSON
internal import MicroHTTP

extension GraphQLEndpoint {
    /// Answers a request whose `Accept` names a format of rows. What the rows are like stands in the URL, also of a `POST`.
    internal func rows(
        _ request: borrowing HTTPRequest,
        _ format: RowFormat,
        _ conditions: CacheConditions
    ) -> HTTPReply {
        let vary = [(name: "Vary", value: "Accept, Accept-Encoding")]
        do {
            guard let items = request.validQueryItems else {
                throw MalformedRequest("The URL has bytes that are not UTF-8.", isUnreadable: true)
            }
            let rows = service.rows
            let wanted = try RowRequest(request, items, format, now: rows.runner.clock())
            // No URL has a line feed, so that no two requests are alike.
            let line = "/graphql.\(wanted.variant)?\(request.rawQuery ?? "")\n"
            let key = service.responder.key((Array(line.utf8) + request.body)[...], .json)
            if let response = rows.remembered(key, wanted, conditions) { return .now(response).adding(vary) }
            let parsed =
                try request.method == .post
                ? GraphQLEndpoint.parse(request.body) : GraphQLRequest(queryItems: items)
            return service.rows(parsed, wanted, conditions, key: key).adding(vary)
        } catch {
            return .now(malformed(error, .graphqlResponse)).adding(vary)
        }
    }

    private static func parse(_ body: [UInt8]) throws -> GraphQLRequest {
        var reader = JSONReader(body)
        if try reader.peek() == .array { throw MalformedRequest("A batch has no rows: send one request at a time.") }
        let request = try GraphQLRequest(from: &reader)
        try reader.readEnd()
        return request
    }
}

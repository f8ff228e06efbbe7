internal import Bytes
internal import GraphQL
internal import JSON
internal import MicroHTTP

/// Errors before any operation: the same shape on every route, so that every client finds the message. No cache keeps them.
internal enum ErrorResponse {
    /// `{"errors":[{"message":…}]}`.
    static func json(
        _ status: Int,
        _ message: String,
        code: String? = nil,
        headers: [(name: String, value: String)] = []
    ) -> HTTPResponse {
        let error = GraphQLError(message, extensions: code.map { [.init("code", .string($0))] } ?? [])
        return json(status, [error], headers: headers)
    }

    static func json(
        _ status: Int,
        _ errors: [GraphQLError],
        headers: [(name: String, value: String)] = []
    ) -> HTTPResponse {
        var buffer = ByteBuffer()
        buffer.append(requestErrors: errors)
        return HTTPResponse(
            status: status,
            headers: [(name: "Content-Type", value: "application/json; charset=utf-8"), CacheControl.noStore] + headers,
            body: .bytes(buffer.freeze())
        )
    }
}

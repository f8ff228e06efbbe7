internal import Bytes
internal import JSON
internal import MicroHTTP

/// The parameters of a GraphQL request (GraphQL over HTTP, "Request Parameters"), still unread: a document's bytes, and where
/// in the body its variables stand.
internal struct GraphQLRequest {
    let query: ArraySlice<UInt8>
    let operationName: String?
    /// Stands before the object of variables, or before `null`.
    let variables: JSONReader?

    /// Reads a `POST` body of JSON.
    init(body: [UInt8]) throws(GraphQLRequestError) {
        var query: ArraySlice<UInt8>?
        var operationName: String?
        var variables: JSONReader?
        do {
            var reader = JSONReader(body)
            guard try reader.peek() == .object else {
                throw GraphQLRequestError(400, "A GraphQL request is a JSON object with the member \"query\".")
            }
            try reader.readObject { key, reader in
                switch key {
                case "query": query = try GraphQLRequest.text(key, &reader)
                case "operationName":
                    operationName = try GraphQLRequest.text(key, &reader).map { String(decoding: $0, as: UTF8.self) }
                case "variables": variables = try GraphQLRequest.object(key, &reader)
                case "extensions": _ = try GraphQLRequest.object(key, &reader)
                default: try reader.skipValue()
                }
            }
            try reader.readEnd()
        } catch let error as GraphQLRequestError {
            throw error
        } catch {
            throw GraphQLRequestError(400, "The request body is not JSON: \(error).")
        }
        try self.init(query: query, operationName: operationName, variables: variables)
    }

    /// Reads the query string of a `GET`.
    init(queryItems: [(name: String, value: String)]) throws(GraphQLRequestError) {
        func value(_ name: String) -> String? { queryItems.last { $0.name == name }?.value }
        for name in ["variables", "extensions"] {
            guard let text = value(name), !text.isEmpty else { continue }
            let kind: JSONReader.Kind
            do throws(JSONError) {
                var reader = JSONReader(Array(text.utf8))
                kind = try reader.peek()
                try reader.skipValue()
                try reader.readEnd()
            } catch {
                throw GraphQLRequestError(400, "\"\(name)\" is not JSON: \(error).")
            }
            guard kind == .object || kind == .null else {
                throw GraphQLRequestError(400, "\"\(name)\" must be an object, found \(kind.noun).")
            }
        }
        let variables = value("variables").flatMap { $0.isEmpty ? nil : JSONReader(Array($0.utf8)) }
        let operationName = value("operationName").flatMap { $0.isEmpty ? nil : $0 }
        try self.init(query: value("query").map { Array($0.utf8)[...] }, operationName: operationName, variables: variables)
    }

    private init(
        query: ArraySlice<UInt8>?,
        operationName: String?,
        variables: JSONReader?
    ) throws(GraphQLRequestError) {
        guard let query else { throw GraphQLRequestError(400, "The request has no \"query\": send the GraphQL document in it.") }
        self.query = query
        self.operationName = operationName
        self.variables = variables
    }

    /// A string, or nothing for null.
    private static func text(_ key: String, _ reader: inout JSONReader) throws -> ArraySlice<UInt8>? {
        let kind = try reader.peek()
        switch kind {
        case .string: return try reader.readStringContent()
        case .null:
            _ = try reader.readNullIfPresent()
            return nil
        default: throw GraphQLRequestError(400, "\"\(key)\" must be a string, found \(kind.noun).")
        }
    }

    /// A reader of the object that comes next, or nothing for null. The object is passed over, and so checked.
    private static func object(_ key: String, _ reader: inout JSONReader) throws -> JSONReader? {
        let kind = try reader.peek()
        switch kind {
        case .object: return JSONReader(reader.bytes, range: try reader.skipValue())
        case .null:
            _ = try reader.readNullIfPresent()
            return nil
        default: throw GraphQLRequestError(400, "\"\(key)\" must be an object, found \(kind.noun).")
        }
    }
}

/// Why a request is no GraphQL request, with its HTTP status.
internal struct GraphQLRequestError: Error {
    let status: Int
    let message: String
    let headers: [(name: String, value: String)]

    init(_ status: Int, _ message: String, headers: [(name: String, value: String)] = []) {
        self.status = status
        self.message = message
        self.headers = headers
    }
}

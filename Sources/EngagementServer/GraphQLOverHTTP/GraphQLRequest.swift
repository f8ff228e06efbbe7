internal import JSON

/// The parameters of a GraphQL request (GraphQL over HTTP, "Request Parameters"), still unread: a document's bytes, and where
/// in the body its variables stand.
internal struct GraphQLRequest: Sendable {
    /// The document; nil if a persisted one is meant.
    let query: ArraySlice<UInt8>?
    /// The name of a persisted document (GraphQL over HTTP, appendix "Persisted Documents").
    let documentID: String?
    /// The SHA-256 that an automatic persisted query is known by, in lower-case hexadecimal.
    let persistedHash: String?
    let operationName: String?
    /// Stands before the object of variables.
    let variables: JSONReader?

    /// Reads a JSON object of parameters. Members that are not known are passed over.
    ///
    /// - Throws: ``MalformedRequest``; ``JSONError`` if what stands there is no JSON.
    init(from reader: inout JSONReader) throws {
        let kind = try reader.peek()
        guard kind == .object else {
            throw MalformedRequest("A GraphQL request is a JSON object with the member \"query\", found \(kind.noun).")
        }
        var query: ArraySlice<UInt8>?
        var documentID: String?
        var persistedHash: String?
        var operationName: String?
        var variables: JSONReader?
        try reader.readObject { key, reader in
            switch key {
            case "query": query = try GraphQLRequest.text(key, &reader)
            case "documentId":
                documentID = try GraphQLRequest.text(key, &reader).map { String(decoding: $0, as: UTF8.self) }
            case "operationName":
                operationName = try GraphQLRequest.text(key, &reader).map { String(decoding: $0, as: UTF8.self) }
            case "variables": variables = try GraphQLRequest.object(key, &reader)
            case "extensions":
                guard var extensions = try GraphQLRequest.object(key, &reader) else { return }
                persistedHash = try GraphQLRequest.persistedHash(in: &extensions)
            default: try reader.skipValue()
            }
        }
        try self.init(query, documentID, persistedHash, operationName, variables)
    }

    /// Reads the query string of a `GET`. Parameters that are not known are passed over.
    ///
    /// - Parameter queryItems: Decoded; nil if something in it was not UTF-8.
    /// - Throws: ``MalformedRequest``; ``JSONError`` if `variables` or `extensions` are no JSON.
    init(queryItems: [(name: String, value: String)]?) throws {
        guard let queryItems else {
            throw MalformedRequest("The URL has bytes that are not UTF-8.", isUnreadable: true)
        }
        for name in GraphQLRequest.members where queryItems.count(where: { $0.name == name }) > 1 {
            // Whoever looks at the request on its way may take another one of them than we do.
            throw MalformedRequest("The URL has \"\(name)\" more than once.")
        }
        func value(_ name: String) -> String? {
            queryItems.first { $0.name == name }.flatMap { $0.value.isEmpty ? nil : $0.value }
        }
        func object(_ name: String) throws -> JSONReader? {
            guard let text = value(name) else { return nil }
            var reader = JSONReader(Array(text.utf8))
            let object = try GraphQLRequest.object(name, &reader)
            try reader.readEnd()
            return object
        }
        let variables = try object("variables")
        var hash: String?
        if var extensions = try object("extensions") { hash = try GraphQLRequest.persistedHash(in: &extensions) }
        try self.init(
            queryItems.first { $0.name == "query" }.map { Array($0.value.utf8)[...] },
            value("documentId"),
            hash,
            value("operationName"),
            variables
        )
    }

    private init(
        _ query: ArraySlice<UInt8>?,
        _ documentID: String?,
        _ persistedHash: String?,
        _ operationName: String?,
        _ variables: JSONReader?
    ) throws {
        guard query != nil || documentID != nil || persistedHash != nil else {
            throw MalformedRequest("The request has no \"query\": send the GraphQL document in it.")
        }
        self.query = query
        self.documentID = documentID
        self.persistedHash = persistedHash
        self.operationName = operationName
        self.variables = variables
    }

    // MARK: - Members

    private static let members = ["query", "documentId", "operationName", "variables", "extensions"]

    /// A string, or nothing for null.
    private static func text(_ key: String, _ reader: inout JSONReader) throws -> ArraySlice<UInt8>? {
        if try reader.readNullIfPresent() { return nil }
        let kind = try reader.peek()
        guard kind == .string else { throw MalformedRequest("\"\(key)\" must be a string, found \(kind.noun).") }
        return try reader.readStringContent()
    }

    /// A reader of the object that comes next, or nothing for null. The object is passed over, and so checked.
    private static func object(_ key: String, _ reader: inout JSONReader) throws -> JSONReader? {
        if try reader.readNullIfPresent() { return nil }
        let kind = try reader.peek()
        guard kind == .object else { throw MalformedRequest("\"\(key)\" must be an object, found \(kind.noun).") }
        return JSONReader(reader.bytes, range: try reader.skipValue())
    }

    /// `persistedQuery: {version: 1, sha256Hash: "…"}`, the protocol of automatic persisted queries.
    private static func persistedHash(in reader: inout JSONReader) throws -> String? {
        var hash: String?
        var version: Int64 = 1
        try reader.readObject { key, reader in
            guard key == "persistedQuery", var query = try object(key, &reader) else {
                if key != "persistedQuery" { try reader.skipValue() }
                return
            }
            try query.readObject { key, reader in
                switch key {
                case "sha256Hash":
                    hash = try text(key, &reader).map { String(decoding: $0, as: UTF8.self).lowercased() }
                case "version":
                    guard try reader.peek() == .number else {
                        throw MalformedRequest("\"persistedQuery.version\" must be a number.")
                    }
                    version = try reader.readInteger()
                default: try reader.skipValue()
                }
            }
        }
        guard version == 1 else {
            throw MalformedRequest("Persisted queries of version \(version) are not known, only 1.")
        }
        return hash
    }
}

/// JSON that is no GraphQL request.
internal struct MalformedRequest: Error {
    let message: String
    /// Whether there is no text to speak of, rather than a text that is no request.
    let isUnreadable: Bool

    init(_ message: String, isUnreadable: Bool = false) {
        self.message = message
        self.isUnreadable = isUnreadable
    }
}

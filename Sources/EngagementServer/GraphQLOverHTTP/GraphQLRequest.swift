internal import Digests
internal import GraphQL
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
    /// Where the client of a subscription was; empty if it begins, and wants to be told where it is.
    let lastEventID: String?
    /// What is to be told besides the data.
    let wanted: WantedExtensions
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
        var extensions = Extensions()
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
                guard var object = try GraphQLRequest.object(key, &reader) else { return }
                extensions = try GraphQLRequest.extensions(in: &object)
            default: try reader.skipValue()
            }
        }
        try self.init(query, documentID, extensions, operationName, variables)
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
            do {
                let object = try GraphQLRequest.object(name, &reader)
                try reader.readEnd()
                return object
            } catch let error as JSONError {
                throw MalformedRequest("The parameter \"\(name)\" is not JSON: \(error).", isUnreadable: true)
            }
        }
        let variables = try object("variables")
        var extensions = Extensions()
        if var object = try object("extensions") { extensions = try GraphQLRequest.extensions(in: &object) }
        try self.init(
            queryItems.first { $0.name == "query" }.map { Array($0.value.utf8)[...] },
            value("documentId"),
            extensions,
            value("operationName"),
            variables
        )
    }

    private init(
        _ query: ArraySlice<UInt8>?,
        _ documentID: String?,
        _ extensions: Extensions,
        _ operationName: String?,
        _ variables: JSONReader?
    ) throws {
        guard query != nil || documentID != nil || extensions.persistedHash != nil else {
            throw MalformedRequest("The request has no \"query\": send the GraphQL document in it.")
        }
        self.query = query
        self.documentID = documentID
        persistedHash = extensions.persistedHash
        lastEventID = extensions.lastEventID
        wanted = extensions.wanted
        self.operationName = operationName
        self.variables = variables
    }

    /// The same for requests that have the same document, operation name and variables, in the same bytes: they ask for the same.
    var operationKey: [UInt8] {
        var bytes: [UInt8] = []
        // A document is what its text says, if there is one.
        if let documentID {
            GraphQLRequest.append("d", documentID.utf8, to: &bytes)
        } else if let query {
            GraphQLRequest.append("q", query, to: &bytes)
        } else {
            GraphQLRequest.append("h", (persistedHash ?? "").utf8, to: &bytes)
        }
        if let operationName { GraphQLRequest.append("n", operationName.utf8, to: &bytes) }
        if let variables { GraphQLRequest.append("v", variables.rest, to: &bytes) }
        return SHA256.hash(bytes)
    }

    private static func append(_ mark: Unicode.Scalar, _ part: some Collection<UInt8>, to bytes: inout [UInt8]) {
        bytes += "\(mark)\(part.count):".utf8
        bytes += part
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

    /// What we know of the `extensions` of a request. Others are passed over.
    private struct Extensions {
        var persistedHash: String?
        var lastEventID: String?
        var wanted: WantedExtensions = []
    }

    private static func extensions(in reader: inout JSONReader) throws -> Extensions {
        var extensions = Extensions()
        try reader.readObject { key, reader in
            switch key {
            case "persistedQuery":
                guard var query = try object(key, &reader) else { return }
                extensions.persistedHash = try persistedHash(in: &query)
            case "lastEventId":
                extensions.lastEventID = try text("extensions.lastEventId", &reader)
                    .map { String(decoding: $0, as: UTF8.self) }
            case "explain": if try flag(key, &reader) { extensions.wanted.insert(.explain) }
            case "cache": if try flag(key, &reader) { extensions.wanted.insert(.cache) }
            case "cost": if try flag(key, &reader) { extensions.wanted.insert(.cost) }
            default: try reader.skipValue()
            }
        }
        return extensions
    }

    private static func flag(_ key: String, _ reader: inout JSONReader) throws -> Bool {
        let kind = try reader.peek()
        guard kind == .boolean else { throw MalformedRequest("\"extensions.\(key)\" must be true or false.") }
        return try reader.readBoolean()
    }

    /// `{version: 1, sha256Hash: "…"}`, the protocol of automatic persisted queries.
    private static func persistedHash(in reader: inout JSONReader) throws -> String? {
        var hash: String?
        var version: Int64 = 1
        try reader.readObject { key, reader in
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

    /// What is wrong with the variables of a saved query; empty if it is something else.
    let errors: [GraphQLError]

    init(_ message: String, isUnreadable: Bool = false) {
        self.message = message
        self.isUnreadable = isUnreadable
        errors = []
    }

    init(_ errors: [GraphQLError]) {
        message = errors.first?.message ?? ""
        isUnreadable = false
        self.errors = errors
    }
}

internal import GraphQL
internal import JSON

/// A message of a client of `graphql-transport-ws`.
internal enum ClientMessage: Sendable {
    case connectionInit
    /// The payload comes back with the pong, as it was written.
    case ping(payload: ArraySlice<UInt8>?)
    case pong
    case subscribe(id: String, GraphQLRequest)
    case complete(id: String)

    /// How many bytes an id may have: each is held as long as its operation runs.
    static let maximumIDBytes = 128

    /// Reads a message.
    ///
    /// - Throws: ``MalformedRequest`` or ``JSONError`` with what is wrong.
    init(_ text: [UInt8]) throws {
        var reader = JSONReader(text)
        guard try reader.peek() == .object else { throw MalformedRequest("A message is a JSON object.") }
        var type: String?
        var id: String?
        var payload: Range<Int>?
        try reader.readObject { key, reader in
            switch key {
            case "type": type = try ClientMessage.text(key, &reader)
            case "id": id = try ClientMessage.text(key, &reader)
            case "payload":
                payload = try reader.readNullIfPresent() ? nil : reader.skipValue()
            default: try reader.skipValue()
            }
        }
        try reader.readEnd()
        switch type {
        case "connection_init":
            _ = try ClientMessage.object(payload, of: text)
            self = .connectionInit
        case "ping":
            _ = try ClientMessage.object(payload, of: text)
            self = .ping(payload: payload.map { text[$0] })
        case "pong":
            _ = try ClientMessage.object(payload, of: text)
            self = .pong
        case "subscribe":
            let id = try ClientMessage.checked(id)
            guard var request = try ClientMessage.object(payload, of: text) else {
                throw MalformedRequest("\"subscribe\" has a \"payload\" with the request.")
            }
            self = .subscribe(id: id, try GraphQLRequest(from: &request))
        case "complete": self = .complete(id: try ClientMessage.checked(id))
        case let type?: throw MalformedRequest("There is no message of type \"\(type.prefix(32))\".")
        case nil: throw MalformedRequest("A message has a \"type\".")
        }
    }

    private static func text(_ key: String, _ reader: inout JSONReader) throws -> String {
        let kind = try reader.peek()
        guard kind == .string else { throw MalformedRequest("\"\(key)\" must be a string, found \(kind.noun).") }
        return try reader.readString()
    }

    private static func object(_ payload: Range<Int>?, of text: [UInt8]) throws -> JSONReader? {
        guard let payload else { return nil }
        var reader = JSONReader(text, range: payload)
        let kind = try reader.peek()
        guard kind == .object else { throw MalformedRequest("\"payload\" must be an object, found \(kind.noun).") }
        return reader
    }

    private static func checked(_ id: String?) throws -> String {
        guard let id, !id.isEmpty else { throw MalformedRequest("An operation has an \"id\".") }
        guard id.utf8.count <= maximumIDBytes else {
            throw MalformedRequest("An \"id\" has at most \(maximumIDBytes) bytes.")
        }
        return id
    }
}

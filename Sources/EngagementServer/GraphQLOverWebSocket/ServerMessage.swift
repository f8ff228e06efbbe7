internal import Bytes
internal import GraphQL
internal import JSON

/// The messages of a server of `graphql-transport-ws`, as texts.
internal enum ServerMessage {
    static let acknowledgement = ByteString("{\"type\":\"connection_ack\"}")

    static func pong(_ payload: ArraySlice<UInt8>?) -> ByteString {
        var buffer = ByteBuffer()
        buffer.append("{\"type\":\"pong\"")
        if let payload {
            buffer.append(",\"payload\":")
            buffer.append(payload)
        }
        buffer.append("}")
        return buffer.freeze()
    }

    /// - Parameters:
    ///   - response: As it would be sent over HTTP.
    ///   - eventID: Where the client is, if it wants to know.
    static func next(_ id: String, _ response: ByteString, eventID: String? = nil) -> ByteString {
        var buffer = ByteBuffer(capacity: response.count + 256)
        begin("next", id, &buffer)
        buffer.append(",\"payload\":")
        if let eventID { append(response, eventID, to: &buffer) } else { buffer.append(response) }
        buffer.append("}")
        return buffer.freeze()
    }

    /// Where a client is that has nothing to see.
    static func place(_ id: String, eventID: String) -> ByteString {
        next(id, ByteString("{\"data\":null}"), eventID: eventID)
    }

    static func error(_ id: String, _ errors: [GraphQLError]) -> ByteString {
        var buffer = ByteBuffer()
        begin("error", id, &buffer)
        buffer.append(",\"payload\":")
        buffer.append(errors: errors)
        buffer.append("}")
        return buffer.freeze()
    }

    static func complete(_ id: String) -> ByteString {
        var buffer = ByteBuffer()
        begin("complete", id, &buffer)
        buffer.append("}")
        return buffer.freeze()
    }

    private static func begin(_ type: StaticString, _ id: String, _ buffer: inout ByteBuffer) {
        buffer.append("{\"id\":")
        buffer.append(jsonString: id)
        buffer.append(",\"type\":\"")
        buffer.append(type)
        buffer.append("\"")
    }

    /// The response with `lastEventId` in its `extensions`, which it may have already.
    private static func append(_ response: ByteString, _ eventID: String, to buffer: inout ByteBuffer) {
        let bytes = response.array
        var reader = JSONReader(bytes)
        var extensions: Range<Int>?
        try? reader.readObject { key, reader in
            let value = try reader.skipValue()
            if key == "extensions" { extensions = value }
        }
        // Before the brace that closes the extensions, or the response.
        let end = (extensions?.upperBound ?? reader.position) - 1
        buffer.append(bytes[..<end])
        if bytes[end - 1] != ASCII.leftBrace { buffer.append(",") }
        if extensions == nil { buffer.append("\"extensions\":{") }
        buffer.append("\"lastEventId\":")
        buffer.append(jsonString: eventID)
        if extensions == nil { buffer.append("}") }
        buffer.append(bytes[end...])
    }
}

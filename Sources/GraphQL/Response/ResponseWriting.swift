public import Bytes
public import JSON

/// The parts of a response around its data (September 2025 §7.1), appended as JSON text.
extension ByteBuffer {
    /// A whole response to a request that was refused before anything ran (§7.1.3, "request errors"): errors, and no
    /// `data`.
    public mutating func append(requestErrors errors: [GraphQLError], extensions: [JSONValue.Member] = []) {
        append("{\"errors\":")
        append(errors: errors)
        append(responseExtensions: extensions)
        append(ASCII.rightBrace)
    }

    /// A list of errors (§7.1.4): members without content are left out, as the reference implementation does.
    public mutating func append(errors: [GraphQLError]) {
        append(ASCII.leftBracket)
        for (index, error) in errors.enumerated() {
            if index > 0 { append(ASCII.comma) }
            append(error: error)
        }
        append(ASCII.rightBracket)
    }

    private mutating func append(error: GraphQLError) {
        append("{\"message\":")
        append(jsonString: error.message)
        if !error.locations.isEmpty {
            append(",\"locations\":[")
            for (index, location) in error.locations.enumerated() {
                append(index > 0 ? ",{\"line\":" : "{\"line\":")
                append(decimal: Int64(location.line))
                append(",\"column\":")
                append(decimal: Int64(location.column))
                append(ASCII.rightBrace)
            }
            append(ASCII.rightBracket)
        }
        if let path = error.path {
            append(",\"path\":[")
            for (index, segment) in path.enumerated() {
                if index > 0 { append(ASCII.comma) }
                switch segment {
                case .key(let key): append(jsonString: key)
                case .index(let index): append(decimal: Int64(index))
                }
            }
            append(ASCII.rightBracket)
        }
        append(responseExtensions: error.extensions)
        append(ASCII.rightBrace)
    }

    /// `,"extensions":{…}` behind other members, or nothing.
    internal mutating func append(responseExtensions members: [JSONValue.Member]) {
        guard !members.isEmpty else { return }
        append(",\"extensions\":")
        append(json: .object(members))
    }
}

/// A whole response to a request that was refused before anything ran:
/// ``ByteBuffer/append(requestErrors:extensions:)``.
public func writeRequestErrors(_ errors: [GraphQLError], into buffer: inout ByteBuffer) {
    buffer.append(requestErrors: errors)
}

extension ByteBuffer {
    /// Ends a response whose data has been written (§7.1).
    @usableFromInline
    internal mutating func endResponse(
        errors first: [GraphQLError],
        _ second: [GraphQLError],
        extensions: [JSONValue.Member]
    ) {
        if !first.isEmpty || !second.isEmpty {
            append(",\"errors\":")
            append(errors: first + second)
        }
        append(responseExtensions: extensions)
        append(ASCII.rightBrace)
    }
}

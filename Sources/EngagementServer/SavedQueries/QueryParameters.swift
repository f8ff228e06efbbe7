internal import Bytes
internal import GraphQL
internal import JSON

/// The parameters of a URL as the variables of an operation, by the types that the operation gives them.
///
/// `ids=1,2,3` and `ids=1&ids=2&ids=3` are both a list. Numbers and booleans are written as they are, everything else is a
/// text; whether the value fits, the operation's own coercion says.
internal struct QueryParameters {
    /// The variables as JSON.
    let variables: [UInt8]

    /// - Throws: ``MalformedRequest`` for a parameter that is no variable, is given twice without being a list, or is of a
    ///   type that a URL cannot carry, and for a variable that is required and missing.
    init(
        _ items: [(name: String, value: String)],
        for operation: PreparedOperation,
        in schema: Schema
    ) throws(MalformedRequest) {
        let known = operation.variables
        for item in items where !known.contains(where: { $0.name == item.name }) {
            let names = known.map(\.name).joined(separator: ", ")
            throw MalformedRequest("There is no parameter \"\(item.name)\"; there are: \(names).")
        }
        var buffer = ByteBuffer()
        buffer.append(ASCII.leftBrace)
        var isFirst = true
        for variable in known {
            let values = items.filter { $0.name == variable.name }.map(\.value)
            if values.isEmpty {
                guard variable.type.isNonNull, variable.defaultValue == nil else { continue }
                throw MalformedRequest(
                    "The parameter \"\(variable.name)\" (\(schema.text(of: variable.type))) is required."
                )
            }
            if !isFirst { buffer.append(ASCII.comma) }
            isFirst = false
            buffer.append(jsonString: variable.name)
            buffer.append(ASCII.colon)
            try QueryParameters.append(values, of: variable, schema, to: &buffer)
        }
        buffer.append(ASCII.rightBrace)
        variables = buffer.freeze().array
    }

    private static func append(
        _ values: [String],
        of variable: PreparedOperation.Variable,
        _ schema: Schema,
        to buffer: inout ByteBuffer
    ) throws(MalformedRequest) {
        guard variable.type.isList else {
            guard values.count == 1 else {
                throw MalformedRequest("The parameter \"\(variable.name)\" is given \(values.count) times.")
            }
            return try append(values[0], of: variable, schema, to: &buffer)
        }
        let elements = values.flatMap { $0.split(separator: ",") }
        buffer.append(ASCII.leftBracket)
        for (index, element) in elements.enumerated() {
            if index > 0 { buffer.append(ASCII.comma) }
            let text = element.drop { $0 == " " }
            try append(String(text), of: variable, schema, to: &buffer)
        }
        buffer.append(ASCII.rightBracket)
    }

    private static func append(
        _ text: String,
        of variable: PreparedOperation.Variable,
        _ schema: Schema,
        to buffer: inout ByteBuffer
    ) throws(MalformedRequest) {
        let type = schema[variable.type.named]
        if type.kind == .inputObject {
            throw MalformedRequest("The parameter \"\(variable.name)\" is an object, which a URL cannot carry.")
        }
        switch type.name {
        case "Int", "Float", "Long", "Boolean":
            // Anything that is no JSON literal becomes a text, and coercion says what is wrong with it.
            var reader = JSONReader(Array(text.utf8))
            if let kind = try? reader.peek(), kind == .number || kind == .boolean, (try? reader.skipValue()) != nil,
                (try? reader.readEnd()) != nil
            {
                buffer.append(text)
            } else {
                buffer.append(jsonString: text)
            }
        default: buffer.append(jsonString: text)
        }
    }
}

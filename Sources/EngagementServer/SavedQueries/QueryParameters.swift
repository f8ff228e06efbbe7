internal import Bytes
internal import Engagement
internal import GraphQL
internal import JSON

/// The parameters of a URL as the variables of an operation, by the types that the operation gives them.
///
/// `ids=1,2,3` and `ids=1&ids=2&ids=3` are both a list. Numbers and booleans are written as they are, times also as seen from
/// now (``RelativeTime``), values of enums in any case; everything else is a text. Whether the value fits, the operation's own
/// coercion says. A parameter without a value is as if it were not there: forms and tools send all that they know.
internal struct QueryParameters {
    /// The variables as JSON.
    let variables: [UInt8]
    /// Whether a time among them is one as seen from now.
    private(set) var movesWithTheClock = false

    /// - Parameter now: What relative times are counted from.
    /// - Throws: ``MalformedRequest`` for a parameter that is no variable, is given twice without being a list, or is of a
    ///   type that a URL cannot carry, and for a variable that is required and missing.
    init(
        _ items: [(name: String, value: String)],
        for operation: PreparedOperation,
        in schema: Schema,
        now: UnixTime
    ) throws(MalformedRequest) {
        let known = operation.variables
        for item in items where !known.contains(where: { $0.name == item.name }) {
            let names = known.map(\.name).joined(separator: ", ")
            throw MalformedRequest("There is no parameter \"\(item.name)\"; there are: \(names).")
        }
        var writer = Writer(schema: schema, now: now)
        writer.buffer.append(ASCII.leftBrace)
        var isFirst = true
        for variable in known {
            let values = items.filter { $0.name == variable.name }.map(\.value)
            if values.allSatisfy(\.isEmpty) {
                guard variable.type.isNonNull, variable.defaultValue == nil else { continue }
                throw MalformedRequest(
                    "The parameter \"\(variable.name)\" (\(schema.text(of: variable.type))) is required."
                )
            }
            if !isFirst { writer.buffer.append(ASCII.comma) }
            isFirst = false
            writer.buffer.append(jsonString: variable.name)
            writer.buffer.append(ASCII.colon)
            try writer.append(values, of: variable)
        }
        writer.buffer.append(ASCII.rightBrace)
        movesWithTheClock = writer.movesWithTheClock
        variables = writer.buffer.freeze().array
    }

    /// One writing of variables as JSON.
    private struct Writer: ~Copyable {
        let schema: Schema
        let now: UnixTime
        var buffer = ByteBuffer()
        var movesWithTheClock = false

        mutating func append(
            _ values: [String],
            of variable: PreparedOperation.Variable
        ) throws(MalformedRequest) {
            let notation = try notation(of: variable)
            guard variable.type.isList else {
                guard values.count == 1 else {
                    throw MalformedRequest("The parameter \"\(variable.name)\" is given \(values.count) times.")
                }
                return try append(values[0], notation, of: variable)
            }
            buffer.append(ASCII.leftBracket)
            var isFirst = true
            for value in values {
                // Byte by byte: ids come by the hundred.
                for element in value.utf8.split(separator: ASCII.comma) {
                    if !isFirst { buffer.append(ASCII.comma) }
                    isFirst = false
                    try append(String(Substring(element.drop { $0 == ASCII.space })), notation, of: variable)
                }
            }
            buffer.append(ASCII.rightBracket)
        }

        /// How the values of a variable are written.
        private enum Notation {
            case enumeration([String])
            case literal
            case dateTime
            case date
            case text
        }

        private func notation(of variable: PreparedOperation.Variable) throws(MalformedRequest) -> Notation {
            let type = schema[variable.type.named]
            switch (type.kind, type.name) {
            case (.inputObject, _):
                throw MalformedRequest("The parameter \"\(variable.name)\" is an object, which a URL cannot carry.")
            case (.enumeration, _): return .enumeration(type.enumValues.map { schema.enumValues[$0].name })
            case (_, "Int"), (_, "Float"), (_, "Long"), (_, "Boolean"): return .literal
            case (_, "DateTime"): return .dateTime
            case (_, "Date"): return .date
            default: return .text
            }
        }

        private mutating func append(
            _ text: String,
            _ notation: Notation,
            of variable: PreparedOperation.Variable
        ) throws(MalformedRequest) {
            switch notation {
            case .enumeration(let names):
                let name = text.uppercased()
                buffer.append(jsonString: names.contains(name) ? name : text)
            case .literal: append(literal: text)
            case .dateTime: try append(time: text, of: variable) { $0.iso8601 }
            case .date: try append(time: text, of: variable) { String($0.iso8601.prefix(10)) }
            case .text: buffer.append(jsonString: text)
            }
        }

        /// Anything that is no JSON literal becomes a text, and coercion says what is wrong with it.
        private mutating func append(literal text: String) {
            var reader = JSONReader(Array(text.utf8))
            if let kind = try? reader.peek(), kind == .number || kind == .boolean, (try? reader.skipValue()) != nil,
                (try? reader.readEnd()) != nil
            {
                buffer.append(text)
            } else {
                buffer.append(jsonString: text)
            }
        }

        private mutating func append(
            time text: String,
            of variable: PreparedOperation.Variable,
            _ write: (UnixTime) -> String
        ) throws(MalformedRequest) {
            guard let time = RelativeTime.time(text, now: now) else {
                guard UnixTime(iso8601: text) != nil else {
                    throw MalformedRequest(
                        """
                        The parameter "\(variable.name)" is "\(text.prefix(40))", which is no time: write "2026-11-20T17:00:00Z", \
                        "2026-11-20", or as seen from now "-7d", "-24h", "-2w", "today" or "today-7d".
                        """
                    )
                }
                return buffer.append(jsonString: text)
            }
            movesWithTheClock = true
            buffer.append(jsonString: write(time))
        }
    }
}

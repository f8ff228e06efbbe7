internal import JSON

/// Coerces the variables of a request (September 2025 §6.1.2, "CoerceVariableValues"), straight from their JSON text:
/// one pass, guided by the types, without a tree. Only what an error message quotes is read a second time.
internal struct VariableCoercion {
    let context: OperationContext

    /// Whether unknown names of input objects and enums are answered with similar ones.
    let suggestions: Bool

    /// After so many errors nobody learns anything from another one.
    static let maximumErrors = 50

    /// Where in the value of a variable the reader is.
    enum Step {
        case index(Int)
        case field(String)
    }

    var path: [Step] = []
    var failures: [Failure] = []

    /// An error below one variable.
    struct Failure {
        let message: String
        /// In the order of definitions, which is not that of the text.
        var rank: Int
    }

    /// The value of each variable, nil for one that is not given and has no default.
    static func values(
        of context: OperationContext,
        from variables: JSONReader?,
        suggestions: Bool
    ) throws(GraphQLErrors) -> [InputValue?] {
        guard !context.variables.isEmpty else { return [] }
        var given = Given(count: context.variables.count)
        if var reader = variables {
            do {
                if try !reader.readNullIfPresent() {
                    try reader.readObject { name, reader in
                        try read(name, &reader, context, suggestions: suggestions, into: &given)
                    }
                }
            } catch let error as JSONError {
                throw GraphQLErrors([GraphQLError("Variables are no JSON object: \(error).")])
            } catch {
                throw GraphQLErrors([GraphQLError("Variables cannot be read.")])
            }
        }
        return try given.finish(context)
    }

    /// What has been read so far.
    private struct Given {
        var values: [InputValue?]
        var isGiven: [Bool]
        var failures: [[Failure]]
        /// The variable that is likely to come next.
        var next = 0

        init(count: Int) {
            values = Array(repeating: nil, count: count)
            isGiven = Array(repeating: false, count: count)
            failures = Array(repeating: [], count: count)
        }

        func finish(_ context: OperationContext) throws(GraphQLErrors) -> [InputValue?] {
            var values = values
            var errors: [GraphQLError] = []
            for (index, variable) in context.variables.enumerated() {
                if isGiven[index] {
                    for failure in failures[index] { errors.append(error(failure.message, variable, context)) }
                } else if let value = variable.defaultValue {
                    values[index] = value
                } else if variable.type.isNonNull {
                    let type = context.schema.text(of: variable.type)
                    let message = "Variable \"$\(variable.name)\" of required type \"\(type)\" was not provided."
                    errors.append(error(message, variable, context))
                }
            }
            guard !errors.isEmpty else { return values }
            if errors.count > maximumErrors {
                errors.removeSubrange(maximumErrors...)
                errors.append(
                    GraphQLError("Too many errors processing variables, error limit reached. Execution aborted.")
                )
            }
            throw GraphQLErrors(errors)
        }

        private func error(_ message: String, _ variable: VariablePlan, _ context: OperationContext) -> GraphQLError {
            GraphQLError(message, locations: [context.location(ofByte: variable.offset)])
        }
    }

    /// Reads the value of one member. Members that are no variables are skipped; of two equal ones the last counts, as
    /// in other readers of JSON.
    private static func read(
        _ name: String,
        _ reader: inout JSONReader,
        _ context: OperationContext,
        suggestions: Bool,
        into given: inout Given
    ) throws {
        let variables = context.variables
        let isNext = given.next < variables.count && variables[given.next].name == name
        guard let index = isNext ? given.next : variables.firstIndex(where: { $0.name == name }) else {
            try reader.skipValue()
            return
        }
        given.next = index + 1
        let variable = variables[index]
        given.isGiven[index] = true
        if variable.type.isNonNull, try reader.readNullIfPresent() {
            let type = context.schema.text(of: variable.type)
            let message = "Variable \"$\(name)\" of non-null type \"\(type)\" must not be null."
            given.failures[index] = [Failure(message: message, rank: 0)]
            return
        }
        var coercion = VariableCoercion(context: context, suggestions: suggestions)
        given.values[index] = try coercion.coerce(&reader, to: variable.type, variable.leaf, of: variable)
        given.failures[index] = coercion.failures
    }

    // MARK: - Values

    /// Consumes a value and returns what it is at its type; null after a failure has been noted.
    mutating func coerce(
        _ reader: inout JSONReader,
        to type: TypeReference,
        _ leaf: InputLeaf,
        of variable: VariablePlan
    ) throws -> InputValue {
        if try reader.readNullIfPresent() {
            if type.isNonNull {
                note(
                    "Expected non-nullable type \"\(context.schema.text(of: type))\" not to be null.",
                    "null",
                    variable
                )
            }
            return .null
        }
        if type.isList { return try coerceList(&reader, to: type.element, leaf, of: variable) }
        if case .inputObject = leaf { return try coerceObject(&reader, to: type.named, of: variable) }
        let start = reader.position
        do {
            return try leaf.read(&reader, type.named, context.schema)
        } catch let failure as LeafFailure {
            let reason =
                switch failure {
                case .reason(let reason): reason
                case .unknownEnumValue(let name): enumMessage(name, type.named)
                }
            note(reason, quoting: start..<reader.position, of: reader, variable)
            return .null
        }
    }

    /// §3.11: a value that is no list becomes a list of one.
    private mutating func coerceList(
        _ reader: inout JSONReader,
        to element: TypeReference,
        _ leaf: InputLeaf,
        of variable: VariablePlan
    ) throws -> InputValue {
        guard try reader.peek() == .array else {
            return .list([try coerce(&reader, to: element, leaf, of: variable)])
        }
        var elements: [InputValue] = []
        if case .host(let coercion) = leaf, element.wrappers.isNamed {
            // Ids come by the hundred: what is a string goes to the host at once.
            try reader.readArray { reader in
                guard try reader.peek() == .string else {
                    return try append(&elements, &reader, element, leaf, variable)
                }
                let start = reader.position
                let content = try reader.readStringContent()
                do throws(ScalarCoercionFailure) {
                    elements.append(try coercion.coerce(.string(content)))
                } catch {
                    path.append(.index(elements.count))
                    let reason = InputLeaf.reason(error, element.named, context.schema)
                    note(reason, quoting: start..<reader.position, of: reader, variable)
                    path.removeLast()
                    elements.append(.null)
                }
            }
        } else {
            try reader.readArray { reader in try append(&elements, &reader, element, leaf, variable) }
        }
        return .list(elements)
    }

    private mutating func append(
        _ elements: inout [InputValue],
        _ reader: inout JSONReader,
        _ type: TypeReference,
        _ leaf: InputLeaf,
        _ variable: VariablePlan
    ) throws {
        path.append(.index(elements.count))
        elements.append(try coerce(&reader, to: type, leaf, of: variable))
        path.removeLast()
    }

    private func enumMessage(_ name: String, _ type: TypeID) -> String {
        let definition = context.schema[type]
        let names = context.schema.enumValues[definition.enumValues].lazy.map(\.name)
        let similar =
            suggestions ? Suggestions.sentence(Suggestions.near(name, among: names), as: "the enum value") : ""
        return "Value \"\(name)\" does not exist in \"\(definition.name)\" enum.\(similar)"
    }

    // MARK: - Failures

    /// Notes a failure of the value that stands in `range`.
    mutating func note(_ reason: String, quoting range: Range<Int>, of reader: JSONReader, _ variable: VariablePlan) {
        var excerpt = JSONReader(reader.bytes, range: range)
        note(reason, (try? excerpt.readValue())?.inspected ?? "?", variable)
    }

    /// Notes a failure of `value` at the present path.
    private mutating func note(_ reason: String, _ value: String, _ variable: VariablePlan) {
        guard failures.count <= VariableCoercion.maximumErrors else { return }
        var message = "Variable \"$\(variable.name)\" got invalid value \(value)"
        if !path.isEmpty {
            message += " at \"\(variable.name)"
            for step in path {
                switch step {
                case .index(let index): message += "[\(index)]"
                case .field(let name): message += ".\(name)"
                }
            }
            message += "\""
        }
        failures.append(Failure(message: "\(message); \(reason)", rank: 0))
    }
}

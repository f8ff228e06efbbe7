internal import Bytes
internal import GraphQL
internal import JSON

/// What a saved query is asked with and what comes of it, read from the query itself: for the list at `/q`, for its page, and
/// for `/openapi.json`.
internal struct QueryDescription: Sendable {
    let name: String
    let description: String
    /// Its text.
    let document: String
    let parameters: [Parameter]
    /// Nil if it has no rows, and why.
    let columns: Result<RowColumns, RowShapeError>

    /// One variable.
    struct Parameter: Sendable {
        let name: String
        /// As GraphQL writes it: `[ID!]!`.
        let type: String
        let kind: RowColumn.Kind
        let isList: Bool
        let isRequired: Bool
        let defaultValue: JSONValue?
        /// The values of an enum, empty for everything else.
        let choices: [String]
        /// Whether it is an `Int`, which has 32 bits.
        let is32Bit: Bool
        /// Whether a URL can carry it.
        let isPlain: Bool
    }

    init(_ query: SavedQueries.SavedQuery, _ schema: Schema) {
        name = query.name
        description = query.description
        document = String(decoding: query.text, as: UTF8.self)
        parameters = query.operation.variables.map { variable in
            let type = schema[variable.type.named]
            return Parameter(
                name: variable.name,
                type: schema.text(of: variable.type),
                kind: RowColumn.Kind(typeName: type.name),
                isList: variable.type.isList,
                isRequired: variable.type.isNonNull && variable.defaultValue == nil,
                defaultValue: variable.defaultValue.flatMap(JSONValue.init),
                choices: type.enumValues.map { schema.enumValues[$0].name },
                is32Bit: type.name == "Int",
                isPlain: type.kind != .inputObject
            )
        }
        columns = QueryDescription.columns(query.operation, parameters)
    }

    /// The columns as they are for values that are made up: of values they depend only where a field is skipped by one.
    private static func columns(
        _ operation: PreparedOperation,
        _ parameters: [Parameter]
    ) -> Result<RowColumns, RowShapeError> {
        let values = parameters.filter(\.isRequired).map { JSONValue.Member($0.name, $0.example) }
        var buffer = ByteBuffer()
        buffer.append(json: .object(values))
        guard let bound = try? operation.bind(variables: JSONReader(buffer.freeze().array)) else {
            return .failure(.unknownShape(operation.name ?? "the query"))
        }
        do throws(RowShapeError) {
            return .success(try RowColumns(bound))
        } catch {
            return .failure(error)
        }
    }

    var hasRequired: Bool { parameters.contains(where: \.isRequired) }

    /// The formats that it can be had in.
    var formats: [RowFormat] {
        if case .success = columns { RowFormat.allCases } else { [] }
    }

    /// As it stands in the list of all.
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("name", .string(name)),
            .init("url", .string("/q/\(name)")),
        ]
        members += formats.map { .init($0.rawValue, .string("/q/\(name).\($0.rawValue)")) }
        members.append(.init("description", .string(description)))
        members.append(.init("parameters", .array(parameters.map(\.json))))
        if case .success(let columns) = columns {
            members.append(.init("columns", .array(columns.list.map { .string($0.name) })))
        }
        members.append(.init("document", .string(document)))
        return .object(members)
    }
}

extension QueryDescription.Parameter {
    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("name", .string(name)),
            .init("type", .string(type)),
            .init("required", .boolean(isRequired)),
        ]
        if let defaultValue { members.append(.init("default", defaultValue)) }
        if !choices.isEmpty { members.append(.init("values", .array(choices.map { .string($0) }))) }
        return .object(members)
    }

    /// A value that fits the type.
    fileprivate var example: JSONValue {
        if isList { return .array([]) }
        if let choice = choices.first { return .string(choice) }
        switch kind {
        case .boolean: return .boolean(false)
        case .integer: return .integer(1)
        case .number: return .number(1)
        case .identifier: return .string("1")
        case .dateTime: return .string("2020-01-01T00:00:00Z")
        case .date: return .string("2020-01-01")
        case .text: return isPlain ? .string("") : .object([])
        }
    }

    /// A hint for people: what may be written.
    var hint: String {
        switch kind {
        case .dateTime: "-7d, today, or 2026-11-01T00:00:00Z"
        case .date: "-7d, today, or 2026-11-01"
        default: isList ? "one or several, with commas" : ""
        }
    }
}

extension JSONValue {
    /// A default, as JSON. Nil for what has none.
    fileprivate init?(_ value: InputValue) {
        switch value {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .int(let value): self = .integer(value)
        case .float(let value): self = .number(value)
        case .string(let text), .enumeration(let text): self = .string(text)
        case .list(let values): self = .array(values.compactMap(JSONValue.init))
        case .object(let members):
            self = .object(members.compactMap { member in JSONValue(member.value).map { .init(member.name, $0) } })
        case .host: return nil
        }
    }
}

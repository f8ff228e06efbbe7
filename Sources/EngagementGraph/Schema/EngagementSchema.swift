internal import Engagement
public import GraphQL

/// `schema.graphql` bound to what resolves it.
public struct EngagementSchema: Sendable {
    public let schema: Schema

    /// By ``FieldID``; nil for fields of introspection.
    private let bindings: [FieldBinding?]

    /// Reads the schema and binds every field of it.
    ///
    /// - Throws: ``GraphQLErrors`` if the text is no valid schema; ``SchemaBindingError`` if the schema lacks a field
    ///   that a resolver exists for, has one of another type, or has one that nothing resolves.
    public init(_ source: Source) throws {
        schema = try Schema.build(source, scalars: Scalars.coercions)
        var bindings = [FieldBinding?](repeating: nil, count: schema.fields.count)
        var problems: [String] = []
        for entry in BindingTable.entries {
            switch EngagementSchema.find(entry, in: schema) {
            case .success(let field): bindings[Int(field.index)] = entry.binding
            case .failure(let problem): problems += problem.problems
            }
        }
        for type in Set(BindingTable.entries.map(\.type)).sorted() {
            guard let id = schema.type(named: type) else { continue }
            for field in schema[id].fields where bindings[field] == nil {
                problems.append("nothing resolves \(type).\(schema.fields[field].name)")
            }
        }
        if let problem = FreshDirective.problem(in: schema) { problems.append(problem) }
        guard problems.isEmpty else { throw SchemaBindingError(problems: problems) }
        self.bindings = bindings
    }

    internal func binding(of field: FieldID) -> FieldBinding? { bindings[Int(field.index)] }

    private static func find(
        _ entry: BindingTable.Entry,
        in schema: Schema
    ) -> Result<FieldID, SchemaBindingError> {
        let coordinate = "\(entry.type).\(entry.field)"
        guard let type = schema.type(named: entry.type), let field = schema.field(named: entry.field, on: type) else {
            return .failure(SchemaBindingError(problems: ["there is no \(coordinate): \(entry.result)"]))
        }
        let definition = schema[field]
        var problems: [String] = []
        if schema.text(of: definition.type) != entry.result {
            problems.append("\(coordinate) is \(schema.text(of: definition.type)), not \(entry.result)")
        }
        let found = schema.inputValues[definition.arguments].map { "\($0.name): \(schema.text(of: $0.type))" }
        let wanted = entry.arguments.map { "\($0.name): \($0.type)" }
        if Set(found) != Set(wanted) {
            problems.append(
                "\(coordinate) takes (\(found.joined(separator: ", "))), not (\(wanted.joined(separator: ", ")))"
            )
        }
        return problems.isEmpty ? .success(field) : .failure(SchemaBindingError(problems: problems))
    }
}

/// Why `schema.graphql` does not fit the server.
public struct SchemaBindingError: Error, Equatable, Sendable, CustomStringConvertible {
    /// One sentence for each field.
    public let problems: [String]

    public var description: String { "the schema does not fit this server: " + problems.joined(separator: "; ") }
}

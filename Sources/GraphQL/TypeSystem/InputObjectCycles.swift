/// Input objects that could never be given, since they hold themselves: by non-null fields, or by default values (September 2025
/// §3.10.1).
internal struct InputObjectCycles {
    private let builder: SchemaBuilder
    private let schema: Schema
    private var errors: SchemaErrors

    static func check(_ builder: SchemaBuilder, schema: Schema, errors: inout SchemaErrors) {
        var cycles = InputObjectCycles(builder: builder, schema: schema, errors: errors)
        for type in schema.types where type.kind == .inputObject { cycles.followNonNullFields(of: type.id) }
        for type in schema.types where type.kind == .inputObject {
            for field in type.inputFields { cycles.followDefault(of: field) }
        }
        errors = cycles.errors
    }

    // MARK: - Non-null fields

    private var visitedTypes: Set<TypeID> = []
    /// Fields on the way from the first type to the current one, indices in `inputValues`.
    private var path: [Int] = []
    /// Where in the path a type was entered.
    private var entries: [TypeID: Int] = [:]

    private init(builder: SchemaBuilder, schema: Schema, errors: SchemaErrors) {
        self.builder = builder
        self.schema = schema
        self.errors = errors
    }

    /// A depth-first walk; a type met again on the current path closes a circle.
    private mutating func followNonNullFields(of type: TypeID) {
        guard visitedTypes.insert(type).inserted else { return }
        entries[type] = path.count
        for index in schema[type].inputFields {
            let field = schema.inputValues[index].type
            guard field.isNonNull, !field.isList, schema[field.named].kind == .inputObject else { continue }
            path.append(index)
            if let entry = entries[field.named] {
                let circle = path[entry...]
                let names = circle.map { schema.inputValues[$0].name }.joined(separator: ".")
                errors.add(
                    "Cannot reference Input Object \"\(schema[field.named].name)\" within itself through a series of"
                        + " non-null fields: \"\(names)\".",
                    at: circle.map { builder.inputValueNodes[$0].node.offset }
                )
            } else {
                followNonNullFields(of: field.named)
            }
            path.removeLast()
        }
        entries[type] = nil
    }

    // MARK: - Default values

    private var visitedFields: Set<Int> = []
    private var fieldPath: [Int] = []

    /// InputObjectDefaultValueHasCycle: a default that is an object, or a list of objects, draws on the defaults of the
    /// fields that it leaves out.
    private mutating func followDefault(of field: Int) {
        if let entry = fieldPath.firstIndex(of: field) {
            let circle = fieldPath[entry...]
            let rest = circle.dropFirst().map(name(ofField:)).joined(separator: ", ")
            errors.add(
                "Invalid circular reference. The default value of Input Object field \(name(ofField: field)) references"
                    + " itself\(rest.isEmpty ? "" : " via the default values of: \(rest)").",
                at: circle.map { builder.inputValueNodes[$0].node.offset }
            )
            return
        }
        let source = builder.inputValueNodes[field]
        guard !source.isBuiltIn, let literal = source.node.defaultValue, visitedFields.insert(field).inserted
        else { return }
        fieldPath.append(field)
        followDefaults(in: literal, of: schema.inputValues[field].type)
        fieldPath.removeLast()
    }

    private mutating func followDefaults(in literal: ValueIndex, of type: TypeReference) {
        let document = builder.definitions.document
        switch document.values[literal.index].kind {
        case .list(let elements):
            guard type.isList else { return }
            for index in elements.indices { followDefaults(in: ValueIndex(index), of: type.element) }
        case .object(let members):
            let definition = schema[type.named]
            guard definition.kind == .inputObject else { return }
            for index in definition.inputFields {
                let field = schema.inputValues[index]
                let member = document.objectFields[members.indices]
                    .first { document.text(of: $0.name) == field.name }
                if let member {
                    followDefaults(in: member.value, of: field.type)
                } else {
                    followDefault(of: index)
                }
            }
        default: break
        }
    }

    private func name(ofField field: Int) -> String {
        let owner = schema.types.first { $0.inputFields.contains(field) }
        return "\(owner?.name ?? "").\(schema.inputValues[field].name)"
    }
}

/// The rules of September 2025 §3 for types as a whole: roots, members, and what may be the type of what. Interfaces and input
/// objects have files of their own.
internal struct SchemaValidation {
    let builder: SchemaBuilder
    /// Without default values as yet: whether there is one is seen from its literal.
    let schema: Schema
    var errors: SchemaErrors

    static func validate(_ builder: SchemaBuilder, errors: inout SchemaErrors) {
        let schema = Schema(parts: builder.parts, names: builder.names)
        var validation = SchemaValidation(builder: builder, schema: schema, errors: errors)
        validation.validateRootTypes()
        validation.validateDirectives()
        for (index, type) in builder.definitions.types.enumerated() where !type.isBuiltIn {
            validation.validate(schema.types[index], type)
        }
        errors = validation.errors
        InputObjectCycles.check(builder, schema: schema, errors: &errors)
    }

    // MARK: - Roots and directives

    /// §3.3.1: root types are objects and differ from each other.
    private mutating func validateRootTypes() {
        var roles: [TypeID: [OperationKind]] = [:]
        for kind in [OperationKind.query, .mutation, .subscription] {
            guard let id = builder.roots[kind] else { continue }
            let type = schema[id]
            roles[id, default: []].append(kind)
            if type.kind == .object { continue }
            let role = kind.rawValue.prefix(1).uppercased() + kind.rawValue.dropFirst()
            let condition = kind == .query ? "must be Object type" : "must be Object type if provided"
            errors.add("\(role) root type \(condition), it cannot be \(type.name).", at: offsets(ofRoots: [kind], id))
        }
        for (id, kinds) in roles.sorted(by: { $0.key.index < $1.key.index }) where kinds.count > 1 {
            let list =
                kinds.count == 2
                ? "\(kinds[0].rawValue) and \(kinds[1].rawValue)" : "query, mutation, and subscription"
            errors.add(
                "All root types must be different, \"\(schema[id].name)\" type is used as \(list) root types.",
                at: offsets(ofRoots: kinds, id)
            )
        }
    }

    /// Where the schema definition names the roots, or else where the type is defined.
    private func offsets(ofRoots kinds: [OperationKind], _ type: TypeID) -> [UInt32] {
        let named = builder.definitions.rootOperations.filter { kinds.contains($0.kind) }.map(\.type.offset)
        if !named.isEmpty { return named }
        let collected = builder.definitions.types[Int(type.index)]
        return collected.isBuiltIn ? [] : [collected.nameOffset]
    }

    /// §3.13. That a definition does not refer to itself is checked too.
    private mutating func validateDirectives() {
        for (index, directive) in schema.directives.enumerated() where !directive.isBuiltIn {
            validateArguments(directive.arguments, of: "@\(directive.name)")
            DirectiveCycle.check(index, builder: builder, schema: schema, errors: &errors)
        }
    }

    // MARK: - Types

    private mutating func validate(_ type: TypeDefinition, _ collected: CollectedType) {
        switch type.kind {
        case .scalar: break
        case .object, .interface:
            validateFields(of: type, collected)
            validateInterfaces(of: type, collected)
        case .union: validateMembers(of: type, collected)
        case .enumeration:
            if type.enumValues.isEmpty {
                errors.add("Enum type \(type.name) must define one or more values.", at: offsets(of: collected))
            }
        case .inputObject: validateInputFields(of: type, collected)
        }
    }

    /// The definition and its extensions.
    func offsets(of collected: CollectedType) -> [UInt32] { collected.heads.map(\.offset) }

    /// §3.6.1: at least one field, of output types.
    private mutating func validateFields(of type: TypeDefinition, _ collected: CollectedType) {
        if type.fields.isEmpty {
            errors.add("Type \(type.name) must define one or more fields.", at: offsets(of: collected))
        }
        for (index, field) in zip(type.fields, schema.fields[type.fields]) {
            if schema[field.type.named].kind == .inputObject {
                errors.add(
                    "The type of \(type.name).\(field.name) must be Output Type but got: \(schema.text(of: field.type)).",
                    at: builder.fieldNodes[index].node.type.offset
                )
            }
            validateArguments(field.arguments, of: "\(type.name).\(field.name)")
        }
    }

    /// §3.6.1: arguments are of input types, and none that must be given is deprecated (§3.13.3).
    private mutating func validateArguments(_ range: Range<Int>, of owner: String) {
        for (index, argument) in zip(range, schema.inputValues[range]) {
            validateInputType(of: argument, at: index, named: "\(owner)(\(argument.name):)")
            if isRequired(argument), argument.deprecationReason != nil {
                errors.add(
                    "Required argument \(owner)(\(argument.name):) cannot be deprecated.",
                    at: builder.inputValueNodes[index].node.type.offset
                )
            }
        }
    }

    mutating func validateInputType(of value: InputValueDefinition, at index: Int, named name: String) {
        if schema[value.type.named].kind.isInput { return }
        errors.add(
            "The type of \(name) must be Input Type but got: \(schema.text(of: value.type)).",
            at: builder.inputValueNodes[index].node.type.offset
        )
    }

    /// Whether a value must be given; the defaults are not coerced yet.
    func isRequired(_ value: InputValueDefinition) -> Bool { value.type.isNonNull && value.defaultLiteral == nil }

    /// §3.8.1: at least one member, objects only, each once.
    private mutating func validateMembers(of union: TypeDefinition, _ collected: CollectedType) {
        if collected.members.isEmpty {
            errors.add("Union type \(union.name) must define one or more member types.", at: offsets(of: collected))
        }
        var seen: [TypeID: UInt32] = [:]
        for (id, name) in zip(union.possibleTypes, collected.members) {
            let member = schema[id]
            if member.kind != .object {
                errors.add(
                    "Union type \(union.name) can only include Object types, it cannot include \(member.name).",
                    at: name.offset
                )
            } else if let first = seen[id] {
                errors.add(
                    "Union type \(union.name) can only include type \(member.name) once.",
                    at: [first, name.offset]
                )
            }
            seen[id] = seen[id] ?? name.offset
        }
    }

    /// §3.10.1: at least one field, of input types; those of a OneOf may be left out and have no defaults.
    private mutating func validateInputFields(of type: TypeDefinition, _ collected: CollectedType) {
        if type.inputFields.isEmpty {
            errors.add("Input Object type \(type.name) must define one or more fields.", at: offsets(of: collected))
        }
        for (index, field) in zip(type.inputFields, schema.inputValues[type.inputFields]) {
            let name = "\(type.name).\(field.name)"
            let node = builder.inputValueNodes[index].node
            validateInputType(of: field, at: index, named: name)
            if isRequired(field), field.deprecationReason != nil {
                errors.add("Required input field \(name) cannot be deprecated.", at: node.type.offset)
            }
            guard type.isOneOf else { continue }
            if field.type.isNonNull {
                errors.add("OneOf input field \(name) must be nullable.", at: node.type.offset)
            }
            if field.defaultLiteral != nil {
                errors.add("OneOf input field \(name) cannot have a default value.", at: node.offset)
            }
        }
    }
}

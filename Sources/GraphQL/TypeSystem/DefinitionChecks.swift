/// What can be said of definitions before there is a schema: names are unique where they must be, not reserved, and the types
/// they mention exist (September 2025 §3.3 to §3.13). With these passed, every name of the document can be resolved.
internal struct DefinitionChecks {
    private let definitions: CollectedDefinitions
    private let document: Document
    private(set) var errors: SchemaErrors

    static func check(_ definitions: CollectedDefinitions, errors: inout SchemaErrors) {
        var checks = DefinitionChecks(definitions: definitions, document: definitions.document, errors: errors)
        checks.checkRootOperations()
        for node in definitions.directives { checks.check(node) }
        for type in definitions.types where !type.isBuiltIn { checks.check(type) }
        errors = checks.errors
    }

    // MARK: - Definitions

    /// §3.3: one root type for each kind of operation.
    private mutating func checkRootOperations() {
        var seen: [OperationKind: UInt32] = [:]
        for operation in definitions.rootOperations {
            checkExists(operation.type)
            if let first = seen[operation.kind] {
                errors.add(
                    "There can be only one \(operation.kind.rawValue) type in schema.",
                    at: [first, operation.offset]
                )
            } else {
                seen[operation.kind] = operation.offset
            }
        }
    }

    private mutating func check(_ type: CollectedType) {
        for name in type.interfaces + type.members { checkExists(name) }
        checkUnique(type.fields.map(\.name)) { "Field \"\(type.name).\($0)\" can only be defined once." }
        checkUnique(type.inputFields.map(\.name)) { "Field \"\(type.name).\($0)\" can only be defined once." }
        checkUnique(type.enumValues.map(\.name)) { "Enum value \"\(type.name).\($0)\" can only be defined once." }
        for field in type.fields {
            checkExists(field.type.name)
            let name = "\(type.name).\(document.text(of: field.name))"
            checkArguments(field.arguments) { "Argument \"\(name)(\($0):)\" can only be defined once." }
        }
        for field in type.inputFields { checkExists(field.type.name) }
    }

    private mutating func check(_ directive: DirectiveDefinitionNode) {
        let name = document.text(of: directive.name)
        checkArguments(directive.arguments) { "Argument \"@\(name)(\($0):)\" can only be defined once." }
    }

    private mutating func checkArguments(_ arguments: [InputValueNode], duplicate: (String) -> String) {
        checkUnique(arguments.map(\.name), duplicate: duplicate)
        for argument in arguments { checkExists(argument.type.name) }
    }

    // MARK: - Names

    private mutating func checkUnique(_ names: [Name], duplicate message: (String) -> String) {
        var seen: [String: UInt32] = [:]
        for name in names {
            let text = document.text(of: name)
            if text.hasPrefix("__") { errors.add(reservedNameMessage(text), at: name.offset) }
            if let first = seen[text] {
                errors.add(message(text), at: [first, name.offset])
            } else {
                seen[text] = name.offset
            }
        }
    }

    private mutating func checkExists(_ name: Name) {
        let text = document.text(of: name)
        // A built-in scalar that only this mentions is there, since mentions are what brings it in.
        if definitions.type(named: text) != nil || BuiltInScalar(rawValue: text) != nil { return }
        let known = Set(definitions.typeNames).union(BuiltInScalar.allCases.map(\.rawValue))
        let similar = Suggestions.sentence(Suggestions.near(text, among: known))
        errors.add("Unknown type \"\(text)\".\(similar)", at: name.offset)
    }
}

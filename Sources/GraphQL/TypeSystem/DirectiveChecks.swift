/// Directives on the definitions of a schema: they exist, may stand where they stand, and have the arguments that they ask for
/// (September 2025 §3.13, §5.4, §5.7). Values of arguments are looked at when they are coerced.
internal struct DirectiveChecks {
    private let definitions: CollectedDefinitions
    private let document: Document
    private var errors: SchemaErrors

    static func check(_ definitions: CollectedDefinitions, errors: inout SchemaErrors) {
        var checks = DirectiveChecks(definitions: definitions, document: definitions.document, errors: errors)
        checks.checkAll()
        errors = checks.errors
    }

    private mutating func checkAll() {
        check(definitions.schemaNodes.flatMap { document.directives[$0.head.directives.indices] }, at: .schema)
        for directive in definitions.directives { checkInputValues(directive.arguments, at: .argumentDefinition) }
        for type in definitions.types where !type.isBuiltIn {
            check(type.directives(in: document), at: type.kind.directiveLocation)
            for field in type.fields {
                check(field.directives, at: .fieldDefinition)
                checkInputValues(field.arguments, at: .argumentDefinition)
            }
            checkInputValues(type.inputFields, at: .inputFieldDefinition)
            for value in type.enumValues { check(value.directives, at: .enumValue) }
        }
    }

    private mutating func checkInputValues(_ values: [InputValueNode], at location: DirectiveLocation) {
        for value in values {
            check(value.directives, at: location)
            if let literal = value.defaultValue { checkUniqueMembers(of: literal) }
        }
    }

    private mutating func check(_ range: NodeRange, at location: DirectiveLocation) {
        if !range.isEmpty { check(Array(document.directives[range.indices]), at: location) }
    }

    private mutating func check(_ directives: [Directive], at location: DirectiveLocation) {
        var seen: [String: UInt32] = [:]
        for directive in directives {
            let name = document.text(of: directive.name)
            guard let definition = definitions.directive(named: name) else {
                errors.add("Unknown directive \"@\(name)\".", at: directive.offset)
                continue
            }
            if !definition.node.locations.contains(where: { definition.document.text(of: $0) == location.rawValue }) {
                errors.add("Directive \"@\(name)\" may not be used on \(location.rawValue).", at: directive.offset)
            }
            if let first = seen[name], !definition.node.isRepeatable {
                errors.add(
                    "The directive \"@\(name)\" can only be used once at this location.",
                    at: [first, directive.offset]
                )
            }
            seen[name] = seen[name] ?? directive.offset
            checkArguments(of: directive, named: name, against: definition.node, in: definition.document)
        }
    }

    private mutating func checkArguments(
        of directive: Directive,
        named name: String,
        against definition: DirectiveDefinitionNode,
        in definitionDocument: Document
    ) {
        let known = definition.arguments.map { definitionDocument.text(of: $0.name) }
        var given: [String: UInt32] = [:]
        for argument in document.arguments[directive.arguments.indices] {
            let text = document.text(of: argument.name)
            if !known.contains(text) {
                let similar = Suggestions.sentence(Suggestions.near(text, among: known))
                errors.add(
                    "Unknown argument \"\(text)\" on directive \"@\(name)\".\(similar)",
                    at: argument.name.offset
                )
            }
            if let first = given[text] {
                errors.add("There can be only one argument named \"\(text)\".", at: [first, argument.name.offset])
            }
            given[text] = given[text] ?? argument.name.offset
            checkUniqueMembers(of: argument.value)
        }
        for (node, text) in zip(definition.arguments, known) where given[text] == nil {
            guard node.type.wrappers.isNonNull, node.defaultValue == nil else { continue }
            let type = definitionDocument.text(of: node.type)
            errors.add(
                "Directive \"@\(name)\" argument \"\(text)\" of type \"\(type)\" is required, but it was not provided.",
                at: directive.offset
            )
        }
    }

    /// §5.6.3, for literals in a schema. They nest no deeper than the parser allows.
    private mutating func checkUniqueMembers(of value: ValueIndex) {
        switch document.values[value.index].kind {
        case .list(let elements):
            for index in elements.indices { checkUniqueMembers(of: ValueIndex(index)) }
        case .object(let members):
            var seen: [String: UInt32] = [:]
            for member in document.objectFields[members.indices] {
                let text = document.text(of: member.name)
                if let first = seen[text] {
                    errors.add("There can be only one input field named \"\(text)\".", at: [first, member.name.offset])
                }
                seen[text] = seen[text] ?? member.name.offset
                checkUniqueMembers(of: member.value)
            }
        default: break
        }
    }
}

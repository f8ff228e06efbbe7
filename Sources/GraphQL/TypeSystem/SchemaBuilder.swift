/// Puts collected definitions into the flat arrays of a ``Schema``: names become numbers, types of the host first, then the
/// built-in ones. What needs finished types, default values and directives, is filled in by ``SchemaLiterals`` afterwards.
///
/// Every name must exist: see ``DefinitionChecks``.
internal struct SchemaBuilder {
    let definitions: CollectedDefinitions
    private(set) var parts = Schema.Parts()
    private(set) var names = NameTable(capacity: 1024)

    /// The root types that the document gives, whatever they are.
    private(set) var roots: [OperationKind: TypeID] = [:]

    // What each entry of the arrays of `parts` was made from, by the same index.
    private(set) var fieldNodes: [Sourced<FieldDefinitionNode>] = []
    private(set) var inputValueNodes: [Sourced<InputValueNode>] = []
    private(set) var enumValueNodes: [Sourced<EnumValueNode>] = []

    /// A node, and whether it stands in the built-in document.
    struct Sourced<Node: Sendable>: Sendable {
        let node: Node
        let isBuiltIn: Bool
    }

    /// The place of a type whose kind is not that of its role is kept too: ``SchemaValidation`` reports it.
    init(_ definitions: CollectedDefinitions, scalars: [String: ScalarCoercion], errors: inout SchemaErrors) {
        self.definitions = definitions
        addTypes()
        for (index, type) in definitions.types.enumerated() { addMembers(of: type, id: TypeID(index: index)) }
        addPossibleTypes()
        for node in definitions.directives { add(node, isBuiltIn: false) }
        for node in definitions.builtInDirectives { add(node, isBuiltIn: true) }
        setRootTypes(errors: &errors)
        addMetaFields()
        for (name, coercion) in scalars.sorted(by: { $0.key < $1.key }) {
            if let id = typeID(named: name), parts.types[Int(id.index)].kind == .scalar {
                parts.scalarCoercions[id] = coercion
            } else {
                errors.add("The schema has no scalar \"\(name)\", for which a coercion is given.", at: [])
            }
        }
    }

    // MARK: - Types

    private mutating func addTypes() {
        for (index, type) in definitions.types.enumerated() {
            let document = definitions.document(isBuiltIn: type.isBuiltIn)
            let directives = type.directives(in: document)
            var definition = TypeDefinition(
                id: TypeID(index: index),
                name: type.name,
                kind: type.kind,
                description: type.heads[0].description.map(document.text(of:))
            )
            definition.isBuiltIn = type.isBuiltIn
            definition.isOneOf = directives.contains { document.isName($0.name, "oneOf") }
            if type.kind == .scalar { definition.specifiedBy = specifiedBy(directives, in: document) }
            parts.types.append(definition)
            _ = names.insert(type.name, in: .types, value: index)
        }
    }

    /// §3.5.1: `@specifiedBy(url:)`.
    private func specifiedBy(_ directives: [Directive], in document: Document) -> String? {
        guard let directive = directives.first(where: { document.isName($0.name, "specifiedBy") }) else { return nil }
        return string("url", of: directive, in: document)
    }

    private mutating func addMembers(of type: CollectedType, id: TypeID) {
        let document = definitions.document(isBuiltIn: type.isBuiltIn)
        let index = Int(id.index)
        parts.types[index].interfaces = type.interfaces.compactMap { typeID(named: document.text(of: $0)) }
        if type.kind == .union {
            parts.types[index].possibleTypes = type.members.compactMap { typeID(named: document.text(of: $0)) }
        }
        let firstField = parts.fields.count
        for node in type.fields { add(node, to: id, isBuiltIn: type.isBuiltIn) }
        parts.types[index].fields = firstField..<parts.fields.count
        parts.types[index].inputFields = add(type.inputFields, isBuiltIn: type.isBuiltIn, in: .inputFields(id))
        let firstValue = parts.enumValues.count
        for node in type.enumValues { add(node, to: id, isBuiltIn: type.isBuiltIn) }
        parts.types[index].enumValues = firstValue..<parts.enumValues.count
    }

    /// Of interfaces the objects that implement them, of objects themselves.
    private mutating func addPossibleTypes() {
        for type in parts.types where type.kind == .object {
            parts.types[Int(type.id.index)].possibleTypes = [type.id]
            for interface in type.interfaces where parts.types[Int(interface.index)].kind == .interface {
                parts.types[Int(interface.index)].possibleTypes.append(type.id)
            }
        }
    }

    // MARK: - Members

    @discardableResult
    private mutating func add(_ node: FieldDefinitionNode, to type: TypeID, isBuiltIn: Bool) -> FieldID {
        let document = definitions.document(isBuiltIn: isBuiltIn)
        let id = FieldID(index: parts.fields.count)
        let name = document.text(of: node.name)
        let field = FieldDefinition(
            id: id,
            parent: type,
            name: name,
            type: reference(node.type, in: document),
            arguments: add(node.arguments, isBuiltIn: isBuiltIn, in: .arguments(id)),
            description: node.description.map(document.text(of:)),
            deprecationReason: deprecationReason(node.directives, in: document)
        )
        parts.fields.append(field)
        fieldNodes.append(Sourced(node: node, isBuiltIn: isBuiltIn))
        _ = names.insert(name, in: .fields(type), value: Int(id.index))
        return id
    }

    /// Arguments or input fields; the result is their place in ``Schema/inputValues``.
    private mutating func add(_ nodes: [InputValueNode], isBuiltIn: Bool, in space: NameTable.Space) -> Range<Int> {
        let document = definitions.document(isBuiltIn: isBuiltIn)
        let start = parts.inputValues.count
        for node in nodes {
            let name = document.text(of: node.name)
            let value = InputValueDefinition(
                name: name,
                type: reference(node.type, in: document),
                defaultValue: nil,
                defaultLiteral: node.defaultValue.map(document.literalText(of:)),
                description: node.description.map(document.text(of:)),
                deprecationReason: deprecationReason(node.directives, in: document)
            )
            _ = names.insert(name, in: space, value: parts.inputValues.count)
            parts.inputValues.append(value)
            inputValueNodes.append(Sourced(node: node, isBuiltIn: isBuiltIn))
        }
        return start..<parts.inputValues.count
    }

    private mutating func add(_ node: EnumValueNode, to type: TypeID, isBuiltIn: Bool) {
        let document = definitions.document(isBuiltIn: isBuiltIn)
        let name = document.text(of: node.name)
        let value = EnumValueDefinition(
            name: name,
            description: node.description.map(document.text(of:)),
            deprecationReason: deprecationReason(node.directives, in: document)
        )
        _ = names.insert(name, in: .enumValues(type), value: parts.enumValues.count)
        parts.enumValues.append(value)
        enumValueNodes.append(Sourced(node: node, isBuiltIn: isBuiltIn))
    }

    private mutating func add(_ node: DirectiveDefinitionNode, isBuiltIn: Bool) {
        let document = definitions.document(isBuiltIn: isBuiltIn)
        let index = parts.directives.count
        let name = document.text(of: node.name)
        let directive = DirectiveDefinition(
            name: name,
            description: node.head.description.map(document.text(of:)),
            arguments: add(node.arguments, isBuiltIn: isBuiltIn, in: .directiveArguments(index)),
            isRepeatable: node.isRepeatable,
            locations: node.locations.compactMap { DirectiveLocation(rawValue: document.text(of: $0)) },
            isBuiltIn: isBuiltIn
        )
        parts.directives.append(directive)
        _ = names.insert(name, in: .directives, value: index)
    }

    // MARK: - Roots and meta fields

    /// §3.3: the types that the schema definition and its extensions name; without a definition, those of the usual names.
    private mutating func setRootTypes(errors: inout SchemaErrors) {
        if definitions.schemaDefinition == nil {
            roots[.query] = typeID(named: "Query")
            roots[.mutation] = typeID(named: "Mutation")
            roots[.subscription] = typeID(named: "Subscription")
        }
        for operation in definitions.rootOperations {
            roots[operation.kind] = typeID(named: definitions.document.text(of: operation.type))
        }
        let schemaNode = definitions.schemaDefinition
        parts.description = schemaNode?.head.description.map(definitions.document.text(of:))
        parts.mutationType = roots[.mutation]
        parts.subscriptionType = roots[.subscription]
        if let query = roots[.query] {
            parts.queryType = query
        } else {
            errors.add("Query root type must be provided.", at: schemaNode.map { [$0.head.offset] } ?? [])
        }
    }

    /// §4.1 and §4.2: they are found by name but listed nowhere.
    private mutating func addMetaFields() {
        for node in definitions.metaFields {
            // The field goes to the query type; `__typename` to all others besides.
            let id = add(node, to: parts.queryType, isBuiltIn: true)
            switch parts.fields[Int(id.index)].name {
            case "__schema": parts.schemaField = id
            case "__type": parts.typeField = id
            default:
                parts.typenameField = id
                for type in parts.types where type.kind == .object || type.kind.isAbstract {
                    _ = names.insert("__typename", in: .fields(type.id), value: Int(id.index))
                }
            }
        }
    }

    // MARK: - Helpers

    private func typeID(named name: String) -> TypeID? { names.find(name, in: .types).map(TypeID.init(index:)) }

    private func reference(_ node: TypeNode, in document: Document) -> TypeReference {
        guard let id = typeID(named: document.text(of: node.name)) else {
            preconditionFailure("DefinitionChecks let the unknown type \(document.text(of: node.name)) pass")
        }
        return TypeReference(id, node.wrappers)
    }

    /// §3.13.3: `@deprecated(reason:)`.
    private func deprecationReason(_ range: NodeRange, in document: Document) -> String? {
        let directives = document.directives[range.indices]
        guard let directive = directives.first(where: { document.isName($0.name, "deprecated") }) else { return nil }
        return string("reason", of: directive, in: document) ?? BuiltInDefinitions.deprecationReason
    }

    private func string(_ argument: StaticString, of directive: Directive, in document: Document) -> String? {
        for node in document.arguments[directive.arguments.indices] where document.isName(node.name, argument) {
            if case .string(let literal) = document.values[node.value.index].kind { return document.text(of: literal) }
        }
        return nil
    }
}

/// The definitions of a type system document with their extensions merged in (September 2025 §3.1.1), the built-in ones behind
/// them. Names of types and directives are unique here; whatever else they say is not yet checked.
internal struct CollectedDefinitions {
    let document: Document
    private(set) var types: [CollectedType] = []
    private(set) var directives: [DirectiveDefinitionNode] = []
    /// Directives of the built-in document, minus those that the host's document repeats.
    private(set) var builtInDirectives: [DirectiveDefinitionNode] = []
    private(set) var metaFields: [FieldDefinitionNode] = []
    private(set) var schemaDefinition: SchemaNode?
    private(set) var schemaExtensions: [SchemaNode] = []

    private var typeIndices: [String: Int] = [:]
    private var directiveIndices: [String: Int] = [:]

    init(_ document: Document, errors: inout SchemaErrors) {
        self.document = document
        for definition in document.definitions {
            switch definition {
            case .typeSystem(let index): collect(document.typeSystem[index], errors: &errors)
            case .operation(let index):
                errors.add("A schema cannot contain operations.", at: document.operations[index].offset)
            case .fragment(let index):
                errors.add("A schema cannot contain fragments.", at: document.fragments[index].offset)
            }
        }
        for definition in document.typeSystem { extend(with: definition, errors: &errors) }
        addBuiltIn()
    }

    /// The document that a definition's offsets and ranges refer to.
    func document(isBuiltIn: Bool) -> Document { isBuiltIn ? BuiltInDefinitions.document : document }

    func type(named name: String) -> CollectedType? { typeIndices[name].map { types[$0] } }

    /// Of the schema definition and its extensions.
    var schemaNodes: [SchemaNode] { [schemaDefinition].compactMap(\.self) + schemaExtensions }

    var rootOperations: [SchemaNode.RootOperation] { schemaNodes.flatMap(\.rootOperations) }

    var typeNames: some Sequence<String> { types.lazy.map(\.name) }

    var directiveNames: [String] {
        directives.map { document.text(of: $0.name) }
            + builtInDirectives.map { BuiltInDefinitions.document.text(of: $0.name) }
    }

    /// A directive's definition, with the document that it stands in.
    func directive(named name: String) -> (node: DirectiveDefinitionNode, document: Document)? {
        if let index = directiveIndices[name] { return (directives[index], document) }
        let builtIn = BuiltInDefinitions.document
        return builtInDirectives.first { builtIn.text(of: $0.name) == name }.map { ($0, builtIn) }
    }

    // MARK: - Definitions

    private mutating func collect(_ definition: TypeSystemDefinition, errors: inout SchemaErrors) {
        switch definition {
        case .schema(let node): collect(node, errors: &errors)
        case .directive(let node): collect(node, errors: &errors)
        default:
            guard let type = CollectedType(definition, in: document, isBuiltIn: false), !type.heads[0].isExtension
            else { return }
            collect(type, errors: &errors)
        }
    }

    private mutating func collect(_ node: SchemaNode, errors: inout SchemaErrors) {
        if node.head.isExtension {
            schemaExtensions.append(node)
        } else if let first = schemaDefinition {
            errors.add("Must provide only one schema definition.", at: [first.head.offset, node.head.offset])
        } else {
            schemaDefinition = node
        }
    }

    private mutating func collect(_ type: CollectedType, errors: inout SchemaErrors) {
        if type.name.hasPrefix("__") {
            errors.add(reservedNameMessage(type.name), at: type.nameOffset)
        } else if BuiltInScalar(rawValue: type.name) != nil {
            errors.add(
                "Type \"\(type.name)\" already exists in the schema. It cannot also be defined in this type definition.",
                at: type.nameOffset
            )
        } else if let index = typeIndices[type.name] {
            errors.add(
                "There can be only one type named \"\(type.name)\".",
                at: [types[index].nameOffset, type.nameOffset]
            )
        } else {
            typeIndices[type.name] = types.count
            types.append(type)
        }
    }

    private mutating func collect(_ node: DirectiveDefinitionNode, errors: inout SchemaErrors) {
        let name = document.text(of: node.name)
        if let index = directiveIndices[name] {
            errors.add(
                "There can be only one directive named \"@\(name)\".",
                at: [directives[index].name.offset, node.name.offset]
            )
        } else if name.hasPrefix("__") {
            errors.add(reservedNameMessage(name), at: node.name.offset)
        } else if let builtIn = builtInDirective(named: name) {
            // §3.13 allows schemas to write the built-in directives out; the engine keeps its own definition.
            if argumentTypes(of: node, in: document) != argumentTypes(of: builtIn, in: BuiltInDefinitions.document) {
                errors.add(
                    "Directive \"@\(name)\" is built in and cannot be defined with other arguments.",
                    at: node.name.offset
                )
            }
        } else {
            directiveIndices[name] = directives.count
            directives.append(node)
        }
    }

    private func builtInDirective(named name: String) -> DirectiveDefinitionNode? {
        let document = BuiltInDefinitions.document
        for case .directive(let node) in document.typeSystem where document.text(of: node.name) == name { return node }
        return nil
    }

    /// Names and named types only: older editions differ in non-null marks.
    private func argumentTypes(of node: DirectiveDefinitionNode, in document: Document) -> [String: String] {
        var types: [String: String] = [:]
        for argument in node.arguments {
            types[document.text(of: argument.name)] = document.text(of: argument.type.name)
        }
        return types
    }

    // MARK: - Extensions

    private mutating func extend(with definition: TypeSystemDefinition, errors: inout SchemaErrors) {
        guard let type = CollectedType(definition, in: document, isBuiltIn: false), type.heads[0].isExtension
        else { return }
        guard let index = typeIndices[type.name] else {
            let similar = Suggestions.sentence(Suggestions.near(type.name, among: typeNames))
            errors.add(
                "Cannot extend type \"\(type.name)\" because it is not defined.\(similar)",
                at: type.nameOffset
            )
            return
        }
        guard types[index].kind == type.kind else {
            errors.add(
                "Cannot extend non-\(type.kind.noun) type \"\(type.name)\".",
                at: [types[index].nameOffset, type.nameOffset]
            )
            return
        }
        types[index].merge(type)
    }

    // MARK: - Built-in definitions

    /// A built-in scalar belongs to a schema only if something in it has that type: §3.5.
    private mutating func addBuiltIn() {
        let builtIn = BuiltInDefinitions.document
        var added: [CollectedType] = []
        for definition in builtIn.typeSystem {
            if case .directive(let node) = definition {
                builtInDirectives.append(node)
            } else if let type = CollectedType(definition, in: builtIn, isBuiltIn: true) {
                if type.name == BuiltInDefinitions.metaFieldsTypeName {
                    metaFields = type.fields
                } else {
                    added.append(type)
                }
            }
        }
        let used = usedTypeNames(in: added)
        for type in added where type.kind != .scalar || used.contains(type.name) {
            typeIndices[type.name] = types.count
            types.append(type)
        }
    }

    private func usedTypeNames(in added: [CollectedType]) -> Set<String> {
        var used: Set<String> = []
        for type in types + added {
            let document = document(isBuiltIn: type.isBuiltIn)
            for name in type.mentionedTypes { used.insert(document.text(of: name)) }
        }
        for operation in rootOperations { used.insert(document.text(of: operation.type)) }
        for argument in directives.flatMap(\.arguments) { used.insert(document.text(of: argument.type.name)) }
        for argument in builtInDirectives.flatMap(\.arguments) {
            used.insert(BuiltInDefinitions.document.text(of: argument.type.name))
        }
        return used
    }
}

/// §4: names that begin with two underscores belong to introspection.
internal func reservedNameMessage(_ name: String) -> String {
    "Name \"\(name)\" must not begin with \"__\", which is reserved by GraphQL introspection."
}

/// One named type: its definition and everything that extensions add to it.
internal struct CollectedType {
    let name: String
    let nameOffset: UInt32
    let kind: TypeKind
    /// Whether its nodes belong to the built-in document.
    let isBuiltIn: Bool
    /// Of the definition, then of the extensions.
    private(set) var heads: [DefinitionHead]
    /// Of objects and interfaces.
    private(set) var interfaces: [Name] = []
    /// Of objects and interfaces.
    private(set) var fields: [FieldDefinitionNode] = []
    /// Of input objects.
    private(set) var inputFields: [InputValueNode] = []
    /// Of unions.
    private(set) var members: [Name] = []
    /// Of enums.
    private(set) var enumValues: [EnumValueNode] = []

    /// Nil for what is no type: a schema or a directive.
    init?(_ definition: TypeSystemDefinition, in document: Document, isBuiltIn: Bool) {
        let nameNode: Name
        switch definition {
        case .schema, .directive: return nil
        case .scalar(let node):
            (kind, nameNode, heads) = (.scalar, node.name, [node.head])
        case .object(let node):
            (kind, nameNode, heads) = (.object, node.name, [node.head])
            (interfaces, fields) = (node.interfaces, node.fields)
        case .interface(let node):
            (kind, nameNode, heads) = (.interface, node.name, [node.head])
            (interfaces, fields) = (node.interfaces, node.fields)
        case .union(let node):
            (kind, nameNode, heads) = (.union, node.name, [node.head])
            members = node.members
        case .enumeration(let node):
            (kind, nameNode, heads) = (.enumeration, node.name, [node.head])
            enumValues = node.values
        case .inputObject(let node):
            (kind, nameNode, heads) = (.inputObject, node.name, [node.head])
            inputFields = node.fields
        }
        name = document.text(of: nameNode)
        nameOffset = nameNode.offset
        self.isBuiltIn = isBuiltIn
    }

    /// Adds what an extension of the same kind has.
    mutating func merge(_ other: CollectedType) {
        heads += other.heads
        interfaces += other.interfaces
        fields += other.fields
        inputFields += other.inputFields
        members += other.members
        enumValues += other.enumValues
    }

    /// The types that it mentions: of fields, arguments and input fields, interfaces and members.
    var mentionedTypes: [Name] {
        fields.flatMap { [$0.type.name] + $0.arguments.map(\.type.name) } + inputFields.map(\.type.name) + interfaces
            + members
    }

    /// The directives on the definition and on the extensions, as one list.
    func directives(in document: Document) -> [Directive] {
        heads.flatMap { document.directives[$0.directives.indices] }
    }
}

extension TypeKind {
    /// What messages call the kind.
    var noun: String {
        switch self {
        case .scalar: "scalar"
        case .object: "object"
        case .interface: "interface"
        case .union: "union"
        case .enumeration: "enum"
        case .inputObject: "input object"
        }
    }

    /// Where a directive on a type of this kind stands.
    var directiveLocation: DirectiveLocation {
        switch self {
        case .scalar: .scalar
        case .object: .object
        case .interface: .interface
        case .union: .union
        case .enumeration: .enumeration
        case .inputObject: .inputObject
        }
    }
}

/// Definitions and extensions of the type system as written (September 2025 §3). They are read once when a schema is built,
/// so they are plain trees; their values and directives lie in the document's arrays.
public indirect enum TypeSystemDefinition: Sendable {
    case schema(SchemaNode)
    case directive(DirectiveDefinitionNode)
    case scalar(ScalarNode)
    case object(ObjectNode)
    case interface(ObjectNode)
    case union(UnionNode)
    case enumeration(EnumNode)
    case inputObject(InputObjectNode)
}

/// What all definitions and extensions have.
public struct DefinitionHead: Sendable {
    /// The byte at which the definition begins, its description left out.
    public let offset: UInt32
    public let description: StringLiteral?
    /// Whether `extend` stands in front.
    public let isExtension: Bool
    /// Into ``Document/directives``.
    public let directives: NodeRange
}

/// §3.3: `schema @directives { query: Type }`.
public struct SchemaNode: Sendable {
    public let head: DefinitionHead
    public let rootOperations: [RootOperation]

    public struct RootOperation: Sendable {
        public let offset: UInt32
        public let kind: OperationKind
        public let type: Name
    }
}

/// §3.5.
public struct ScalarNode: Sendable {
    public let head: DefinitionHead
    public let name: Name
}

/// §3.6 and §3.7: an object or an interface.
public struct ObjectNode: Sendable {
    public let head: DefinitionHead
    public let name: Name
    public let interfaces: [Name]
    public let fields: [FieldDefinitionNode]
}

/// §3.6: `name(arguments): Type @directives`.
public struct FieldDefinitionNode: Sendable {
    public let offset: UInt32
    public let description: StringLiteral?
    public let name: Name
    public let arguments: [InputValueNode]
    public let type: TypeNode
    /// Into ``Document/directives``.
    public let directives: NodeRange
}

/// §3.6.1 and §3.10: an argument or a field of an input object.
public struct InputValueNode: Sendable {
    public let offset: UInt32
    public let description: StringLiteral?
    public let name: Name
    public let type: TypeNode
    public let defaultValue: ValueIndex?
    /// Into ``Document/directives``.
    public let directives: NodeRange
}

/// §3.8.
public struct UnionNode: Sendable {
    public let head: DefinitionHead
    public let name: Name
    public let members: [Name]
}

/// §3.9.
public struct EnumNode: Sendable {
    public let head: DefinitionHead
    public let name: Name
    public let values: [EnumValueNode]
}

public struct EnumValueNode: Sendable {
    public let offset: UInt32
    public let description: StringLiteral?
    public let name: Name
    /// Into ``Document/directives``.
    public let directives: NodeRange
}

/// §3.10.
public struct InputObjectNode: Sendable {
    public let head: DefinitionHead
    public let name: Name
    public let fields: [InputValueNode]
}

/// §3.13.
public struct DirectiveDefinitionNode: Sendable {
    public let head: DefinitionHead
    public let name: Name
    public let arguments: [InputValueNode]
    public let isRepeatable: Bool
    public let locations: [Name]
}

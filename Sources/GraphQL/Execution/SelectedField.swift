/// A field that an operation selects on an object type, all fields of one response key merged (September 2025 §6.3.2 and
/// §6.4.3): a flat node that is copied without touching a reference count. Texts and children are asked of the
/// ``Operation`` that it belongs to.
public struct SelectedField: Sendable {
    /// Its place in the operation: `operation[index]`.
    public let index: Int

    /// Which field of the schema this is.
    public let field: FieldID

    /// The field's type.
    public let type: TypeReference

    /// The object type it is selected on.
    public let parentType: TypeID

    /// Who answers it.
    public let role: Role

    /// Who answers a field.
    public enum Role: UInt8, Sendable {
        /// The host's ``ObjectResolver``.
        case resolved
        /// `__typename` (§4.4): the name of ``SelectedField/parentType``.
        case typename
        /// `__schema` and `__type` (§4.5): the executor, with an ``IntrospectionResolver``.
        case introspection
    }

    /// How values of ``type``'s named type are completed.
    @usableFromInline
    internal let completion: Completion

    /// The field whose children this one is among, or -1 for a root field. A field that is shared by several object types of
    /// an abstract type names the first; their response paths are the same.
    internal let parent: Int

    /// The bytes of ``SelectionPlan/keys`` that stand before the value.
    @usableFromInline
    internal let keyStart: UInt32
    @usableFromInline
    internal let keyCount: UInt32

    /// The merged fields, in ``SelectionPlan/nodes``.
    internal let nodes: NodeRange

    /// The first of its argument slots: one for each argument that the schema defines.
    internal let argumentStart: Int

    /// If the named type is an object, its fields in ``SelectionPlan/fields``; if it is abstract,
    /// ``SelectionPlan/branches``.
    @usableFromInline
    internal var children = NodeRange.empty
}

/// What is done with a value of a named type (§6.4.3).
@usableFromInline
internal enum Completion: UInt8, Sendable {
    case int
    case float
    case string
    case boolean
    case id
    /// A custom scalar: passed as given.
    case custom
    case enumeration
    case object
    case abstract

    internal init(of type: TypeID, in schema: Schema) {
        let definition = schema[type]
        switch definition.kind {
        case .object: self = .object
        case .interface, .union: self = .abstract
        case .enumeration: self = .enumeration
        case .scalar, .inputObject:
            switch definition.name {
            case "Int": self = .int
            case "Float": self = .float
            case "String": self = .string
            case "Boolean": self = .boolean
            case "ID": self = .id
            default: self = .custom
            }
        }
    }

    @inlinable
    internal var isLeaf: Bool { self != .object && self != .abstract }
}

extension SelectedField {
    /// Whether the value is a scalar or enum that stands in no list: the commonest case, completed without any ado.
    @inlinable
    public var isPlainLeaf: Bool { type.wrappers.isNamed && completion.isLeaf }

    /// Whether values are objects, in lists or not.
    @inlinable
    public var isComposite: Bool { !completion.isLeaf }
}

/// A field that an operation selects on an object type, all fields of one response key merged (September 2025 §6.3.2
/// and §6.4.3): a flat node that is copied without touching a reference count. Texts and children are asked of the
/// ``Operation`` that it belongs to. It is small, since a copy is made for each value that is written; what only
/// planners and errors ask for lies in ``SelectionPlan/details``.
public struct SelectedField: Sendable {
    @usableFromInline
    internal let place: Int32

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

    /// Whether the schema defines arguments for it.
    @usableFromInline
    internal let hasArguments: Bool

    /// The bytes of ``SelectionPlan/keys`` that stand before the value.
    @usableFromInline
    internal let key: NodeRange

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
    /// Its place in the operation: `operation[index]`.
    @inlinable
    public var index: Int { Int(place) }

    /// Whether the value is a scalar or enum that stands in no list: the commonest case, completed without any ado.
    @inlinable
    public var isPlainLeaf: Bool { type.wrappers.isNamed && completion.isLeaf }

    /// Whether values are objects, in lists or not.
    @inlinable
    public var isComposite: Bool { !completion.isLeaf }
}

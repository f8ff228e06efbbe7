/// The place of a type in ``Schema/types``.
public struct TypeID: Hashable, Sendable {
    public let index: Int32

    @inlinable
    public init(index: Int) {
        self.index = Int32(truncatingIfNeeded: index)
    }
}

/// The place of a field of an object or interface in ``Schema/fields``. Hosts bind their resolvers to these numbers.
public struct FieldID: Hashable, Sendable {
    public let index: Int32

    @inlinable
    public init(index: Int) {
        self.index = Int32(truncatingIfNeeded: index)
    }
}

/// A type as used: a named type in lists and non-null marks.
public struct TypeReference: Hashable, Sendable {
    public let named: TypeID
    public let wrappers: TypeWrappers

    @inlinable
    public init(_ named: TypeID, _ wrappers: TypeWrappers = TypeWrappers()) {
        self.named = named
        self.wrappers = wrappers
    }

    @inlinable
    public var isNonNull: Bool { wrappers.isNonNull }

    @inlinable
    public var isList: Bool { wrappers.isList }

    @inlinable
    public var nullable: TypeReference { TypeReference(named, wrappers.nullable) }

    /// The type of the elements. Only for lists.
    @inlinable
    public var element: TypeReference { TypeReference(named, wrappers.element) }
}

/// September 2025 §3.4.
public enum TypeKind: Sendable {
    case scalar
    case object
    case interface
    case union
    case enumeration
    case inputObject

    /// Whether fields or variables of this kind can be given as input: §3.4.2.
    @inlinable
    public var isInput: Bool {
        switch self {
        case .scalar, .enumeration, .inputObject: true
        case .object, .interface, .union: false
        }
    }

    /// Whether values of this kind have no selection.
    @inlinable
    public var isLeaf: Bool {
        switch self {
        case .scalar, .enumeration: true
        case .object, .interface, .union, .inputObject: false
        }
    }

    /// Whether the object type is known only when a value is there.
    @inlinable
    public var isAbstract: Bool {
        switch self {
        case .interface, .union: true
        case .scalar, .object, .enumeration, .inputObject: false
        }
    }
}

/// A named type of a schema.
public struct TypeDefinition: Sendable {
    public let id: TypeID
    public let name: String
    public let kind: TypeKind
    public internal(set) var description: String?
    /// Into ``Schema/fields``: of objects and interfaces.
    public internal(set) var fields: Range<Int> = 0..<0
    /// Into ``Schema/inputValues``: of input objects.
    public internal(set) var inputFields: Range<Int> = 0..<0
    /// Into ``Schema/enumValues``.
    public internal(set) var enumValues: Range<Int> = 0..<0
    /// Which interfaces an object or interface implements, as written.
    public internal(set) var interfaces: [TypeID] = []
    /// The object types that a value may have: of a union its members, of an interface its implementations, of an object itself.
    public internal(set) var possibleTypes: [TypeID] = []
    /// Whether exactly one field must be given: §3.10.1.
    public internal(set) var isOneOf = false
    /// The URL of a custom scalar's specification: §3.5.1.
    public internal(set) var specifiedBy: String?
    /// One of the scalars that §3.5 builds in, or a type of introspection.
    public internal(set) var isBuiltIn = false
    public internal(set) var appliedDirectives: [AppliedDirective] = []
}

/// A field of an object or interface.
public struct FieldDefinition: Sendable {
    public let id: FieldID
    public let parent: TypeID
    public let name: String
    public let type: TypeReference
    /// Into ``Schema/inputValues``.
    public let arguments: Range<Int>
    public let description: String?
    public let deprecationReason: String?
    public internal(set) var appliedDirectives: [AppliedDirective] = []
}

/// An argument, or a field of an input object.
public struct InputValueDefinition: Sendable {
    public let name: String
    public let type: TypeReference
    /// Coerced to the type, nil if none stands in the schema.
    public internal(set) var defaultValue: InputValue?
    /// As written in the schema, for introspection and printing.
    public let defaultLiteral: String?
    public let description: String?
    public let deprecationReason: String?
    public internal(set) var appliedDirectives: [AppliedDirective] = []

    /// Whether the caller has to give it: §5.4.3.
    public var isRequired: Bool { type.isNonNull && defaultValue == nil }
}

/// A value of an enum.
public struct EnumValueDefinition: Sendable {
    public let name: String
    public let description: String?
    public let deprecationReason: String?
    public internal(set) var appliedDirectives: [AppliedDirective] = []
}

/// §3.13.
public struct DirectiveDefinition: Sendable {
    public let name: String
    public let description: String?
    /// Into ``Schema/inputValues``.
    public let arguments: Range<Int>
    public let isRepeatable: Bool
    /// In the order of the definition.
    public let locations: [DirectiveLocation]
    public let isBuiltIn: Bool
}

/// §3.13: where a directive may stand.
public enum DirectiveLocation: String, CaseIterable, Sendable {
    case query = "QUERY"
    case mutation = "MUTATION"
    case subscription = "SUBSCRIPTION"
    case field = "FIELD"
    case fragmentDefinition = "FRAGMENT_DEFINITION"
    case fragmentSpread = "FRAGMENT_SPREAD"
    case inlineFragment = "INLINE_FRAGMENT"
    case variableDefinition = "VARIABLE_DEFINITION"
    case schema = "SCHEMA"
    case scalar = "SCALAR"
    case object = "OBJECT"
    case fieldDefinition = "FIELD_DEFINITION"
    case argumentDefinition = "ARGUMENT_DEFINITION"
    case interface = "INTERFACE"
    case union = "UNION"
    case enumeration = "ENUM"
    case enumValue = "ENUM_VALUE"
    case inputObject = "INPUT_OBJECT"
    case inputFieldDefinition = "INPUT_FIELD_DEFINITION"
}

/// A directive as it stands on a definition of the schema: for hosts that read their own, and for printing.
public struct AppliedDirective: Sendable {
    public let name: String
    public let arguments: [(name: String, value: InputValue)]
    /// As written.
    public let literal: String
}

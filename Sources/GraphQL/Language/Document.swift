/// A parsed document (September 2025 §2.2).
///
/// Nodes lie in flat arrays, one an array of each kind, and name their children by ranges: parsing allocates a dozen arrays
/// however large the document is, walking it touches no reference count, and a node's index is its identity. The ranges of
/// one parent are contiguous; nested lists lie before their parents.
public struct Document: Sendable {
    public let source: Source

    /// Everything at the top level, in order.
    public internal(set) var definitions: [Definition] = []

    public internal(set) var operations: [OperationDefinition] = []
    public internal(set) var fragments: [FragmentDefinition] = []
    public internal(set) var typeSystem: [TypeSystemDefinition] = []

    public internal(set) var selections: [Selection] = []
    public internal(set) var fields: [Field] = []
    public internal(set) var fragmentSpreads: [FragmentSpread] = []
    public internal(set) var inlineFragments: [InlineFragment] = []
    public internal(set) var arguments: [Argument] = []
    public internal(set) var directives: [Directive] = []
    public internal(set) var variableDefinitions: [VariableDefinition] = []
    public internal(set) var values: [Value] = []
    public internal(set) var objectFields: [ObjectField] = []

    internal init(source: Source) {
        self.source = source
    }
}

/// Consecutive nodes in one of a document's arrays.
public struct NodeRange: Hashable, Sendable {
    public let start: UInt32
    public let count: UInt32

    @inlinable
    public init(start: Int, count: Int) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.count = UInt32(truncatingIfNeeded: count)
    }

    public static let empty = NodeRange(start: 0, count: 0)

    @inlinable
    public var isEmpty: Bool { count == 0 }

    @inlinable
    public var indices: Range<Int> { Int(start)..<Int(start) + Int(count) }
}

/// What stands at the top level of a document, with its index in the array of its kind.
public enum Definition: Sendable {
    case operation(Int)
    case fragment(Int)
    case typeSystem(Int)
}

// MARK: - Operations and fragments

/// §2.3.
public struct OperationDefinition: Sendable {
    public let kind: OperationKind
    /// The byte at which the definition begins, its description left out.
    public let offset: UInt32
    public let description: StringLiteral?
    public let name: Name?
    /// Into ``Document/variableDefinitions``.
    public let variableDefinitions: NodeRange
    /// Into ``Document/directives``.
    public let directives: NodeRange
    /// Into ``Document/selections``.
    public let selectionSet: NodeRange
}

public enum OperationKind: String, Sendable {
    case query
    case mutation
    case subscription
}

/// §2.10: `fragment Name on Type @directives { selections }`.
public struct FragmentDefinition: Sendable {
    public let offset: UInt32
    public let description: StringLiteral?
    public let name: Name
    public let typeCondition: Name
    /// Into ``Document/directives``.
    public let directives: NodeRange
    /// Into ``Document/selections``.
    public let selectionSet: NodeRange
}

/// §2.11: `$name: Type = default @directives`.
public struct VariableDefinition: Sendable {
    /// The byte of the dollar sign.
    public let offset: UInt32
    public let description: StringLiteral?
    public let name: Name
    public let type: TypeNode
    /// Into ``Document/values``.
    public let defaultValue: ValueIndex?
    /// Into ``Document/directives``.
    public let directives: NodeRange
}

// MARK: - Selections

/// §2.4. Each case holds the index in the array of its kind.
public enum Selection: Sendable {
    case field(Int)
    case fragmentSpread(Int)
    case inlineFragment(Int)
}

/// §2.5: `alias: name(arguments) @directives { selections }`.
public struct Field: Sendable {
    public let alias: Name?
    public let name: Name
    /// Into ``Document/arguments``.
    public let arguments: NodeRange
    /// Into ``Document/directives``.
    public let directives: NodeRange
    /// Into ``Document/selections``; nil where no braces stand.
    public let selectionSet: NodeRange?

    /// The name that the field has in the response.
    @inlinable
    public var responseKey: Name { alias ?? name }

    /// The byte at which the field begins.
    @inlinable
    public var offset: UInt32 { responseKey.offset }
}

/// §2.10: `...Name @directives`.
public struct FragmentSpread: Sendable {
    /// The byte of the first full stop.
    public let offset: UInt32
    public let name: Name
    /// Into ``Document/directives``.
    public let directives: NodeRange
}

/// §2.10.2: `... on Type @directives { selections }`.
public struct InlineFragment: Sendable {
    /// The byte of the first full stop.
    public let offset: UInt32
    public let typeCondition: Name?
    /// Into ``Document/directives``.
    public let directives: NodeRange
    /// Into ``Document/selections``.
    public let selectionSet: NodeRange
}

/// §2.6: `name: value`.
public struct Argument: Sendable {
    public let name: Name
    public let value: ValueIndex
}

/// §2.13: `@name(arguments)`.
public struct Directive: Sendable {
    /// The byte of the at sign.
    public let offset: UInt32
    public let name: Name
    /// Into ``Document/arguments``.
    public let arguments: NodeRange
}

// MARK: - Values

/// A place in ``Document/values``.
public struct ValueIndex: Hashable, Sendable {
    public let rawValue: UInt32

    @inlinable
    public init(_ index: Int) {
        rawValue = UInt32(truncatingIfNeeded: index)
    }

    @inlinable
    public var index: Int { Int(rawValue) }
}

/// §2.9, with the byte at which it begins.
public struct Value: Sendable {
    public let offset: UInt32
    public let kind: Kind

    public enum Kind: Sendable {
        /// Without the dollar sign.
        case variable(Name)
        /// Digits as written.
        case int(length: UInt32)
        /// As written.
        case float(length: UInt32)
        case string(StringLiteral)
        case boolean(Bool)
        case null
        case enumeration(Name)
        /// Into ``Document/values``.
        case list(NodeRange)
        /// Into ``Document/objectFields``.
        case object(NodeRange)
    }
}

/// §2.9.4: a string as it stands in the source, its quotation marks left out. `Document.text(of:)` decodes it.
public struct StringLiteral: Sendable {
    /// The first byte after the opening quotation marks.
    public let offset: UInt32
    public let length: UInt32
    public let isBlock: Bool
    /// Whether the content differs from the bytes: escapes, or the indentation of a block string.
    public let needsDecoding: Bool
}

/// §2.9.8: `name: value` inside an object value.
public struct ObjectField: Sendable {
    public let name: Name
    public let value: ValueIndex
}

// MARK: - Types

/// §2.12: a type as written, `[Name!]!`.
public struct TypeNode: Sendable {
    public let offset: UInt32
    public let name: Name
    public let wrappers: TypeWrappers
}

/// The lists and non-null marks around a named type, from the outermost inwards: two bits each, lowest first.
public struct TypeWrappers: Hashable, Sendable {
    public let bits: UInt64

    @inlinable
    public init(bits: UInt64 = 0) {
        self.bits = bits
    }

    /// More wrappers than this do not fit; the parser refuses them.
    public static let maximumCount = 32

    @inlinable
    public var isNonNull: Bool { bits & 0b11 == 0b01 }

    /// Whether this is a list, its own non-null mark left aside.
    @inlinable
    public var isList: Bool { nullable.bits & 0b11 == 0b10 }

    @inlinable
    public var isNamed: Bool { nullable.bits == 0 }

    /// Without the outermost non-null mark.
    @inlinable
    public var nullable: TypeWrappers { isNonNull ? TypeWrappers(bits: bits >> 2) : self }

    /// Those of the elements. Only for lists.
    @inlinable
    public var element: TypeWrappers { TypeWrappers(bits: nullable.bits >> 2) }

    @inlinable
    public func wrappedInNonNull() -> TypeWrappers { isNonNull ? self : TypeWrappers(bits: bits << 2 | 0b01) }

    @inlinable
    public func wrappedInList() -> TypeWrappers { TypeWrappers(bits: bits << 2 | 0b10) }
}

public import JSON

/// Where the values of a response come from: what a host implements.
///
/// It is synchronous, because a host plans an operation and fetches everything before it executes: §6.4.2's
/// "ResolveFieldValue" is then a look into memory. ``Executor`` is generic over it, and specialised for it, so that a
/// field costs one direct call.
public protocol ObjectResolver {
    /// What stands behind an object of the response: an index, a reference, an enum of both.
    associatedtype Object

    /// The object that the root fields belong to.
    var rootObject: Object { get }

    /// The value of `field` on `object`, called once for each selected field of each object. `__typename` and
    /// introspection are not asked for: the executor answers them.
    func resolve(_ field: SelectedField, of object: Object, in operation: Operation) -> ResolvedValue<Object>

    /// The object type behind a value of an interface or union (§6.4.3, "ResolveAbstractType"); nil, the default, is an
    /// error of the field.
    func objectType(of object: Object, in schema: Schema) -> TypeID?
}

extension ObjectResolver {
    @inlinable
    public func objectType(of object: Object, in schema: Schema) -> TypeID? { nil }
}

/// What a field resolves to, before it is completed to the field's type (§6.4.3, "CompleteValue").
public enum ResolvedValue<Object> {
    case null
    case boolean(Bool)
    /// A whole number: `Int` if it fits 32 bits, `Float`, `ID`, a custom scalar.
    case int(Int64)
    /// A number: JSON has no infinities, so that those are errors.
    case float(Double)
    /// A text: `String`, `ID`, an enum's value by name, a custom scalar.
    case string(String)
    /// An `ID` that is a number, printed in quotation marks without a string in between.
    case identifier(UInt64)
    /// A text of at most 24 characters that need no escapes, without an allocation.
    case ascii(InlineText)
    /// An enum's value by its place in ``Schema/enumValues``.
    case enumValue(Int)
    /// A custom scalar that is a JSON tree.
    case json(JSONValue)
    case object(Object)
    /// A list of objects: `object` is called once for each index, in order.
    case objects(count: Int, object: (Int) -> Object)
    /// Any list: `element` is called once for each index, in order.
    case list(count: Int, element: (Int) -> ResolvedValue<Object>)
    /// The field has no value and the response says why.
    case failure(FieldFailure)
}

/// Why a field has no value. The executor adds the locations and the path, and lets the null propagate (§6.4.4).
public struct FieldFailure: Error, Equatable, Sendable {
    /// A sentence for developers.
    public let message: String
    /// Members beyond the specification, `code` first.
    public let extensions: [JSONValue.Member]

    public init(_ message: String, extensions: [JSONValue.Member] = []) {
        self.message = message
        self.extensions = extensions
    }
}

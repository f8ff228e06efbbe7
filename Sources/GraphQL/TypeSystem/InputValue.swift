/// A value given from outside after coercion to its type (September 2025 §3, "Input Coercion"): what arguments hold.
public enum InputValue: Equatable, Sendable {
    case null
    /// `Int`, and custom scalars that are whole numbers.
    case int(Int64)
    case float(Double)
    /// `String` and `ID`, and custom scalars without a coercion of their own.
    case string(String)
    case boolean(Bool)
    case enumeration(String)
    case list([InputValue])
    /// In the order of the type's definition, defaults filled in.
    case object([Member])
    /// What a host's ``ScalarCoercion`` made of a scalar: 64 bits that only the host reads.
    case host(UInt64)

    public struct Member: Equatable, Sendable {
        public let name: String
        public let value: InputValue

        public init(_ name: String, _ value: InputValue) {
            self.name = name
            self.value = value
        }
    }
}

/// How a host reads a scalar: straight from the bytes of a string or number, so that a list of a thousand ids becomes a
/// thousand words without a thousand strings.
public struct ScalarCoercion: Sendable {
    /// What stands in the request.
    public enum Input {
        /// A string's content, unescaped.
        case string(ArraySlice<UInt8>)
        /// A number as written.
        case number(ArraySlice<UInt8>)
        case boolean(Bool)
    }

    /// The value, or why it is none: a sentence that goes into the error's message.
    public let coerce: @Sendable (Input) throws(ScalarCoercionFailure) -> InputValue

    public init(coerce: @escaping @Sendable (Input) throws(ScalarCoercionFailure) -> InputValue) {
        self.coerce = coerce
    }
}

/// Why a scalar could not be read.
public struct ScalarCoercionFailure: Error, Sendable {
    /// A sentence such as `"abc" is no Tweet id: expected decimal digits.`
    public let reason: String

    public init(_ reason: String) {
        self.reason = reason
    }
}

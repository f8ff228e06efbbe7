/// Why bytes are not the JSON that was expected (RFC 8259), and where.
public struct JSONError: Error, Equatable, Sendable {
    /// What is wrong, to match on.
    public enum Code: Equatable, Sendable {
        /// The text ends in the middle of a value.
        case unexpectedEnd
        /// A byte that no value can have at this place.
        case unexpectedByte
        /// A string with an unknown escape, a lone surrogate, a control character, or bytes that are no UTF-8.
        case invalidString
        /// A number that is not written as RFC 8259 §6 asks, or is out of the range asked for.
        case invalidNumber
        /// A value of another kind than the caller asked for.
        case unexpectedKind
        /// Arrays and objects nested deeper than the reader's limit.
        case nestedTooDeeply
        /// Something but white space after the value.
        case trailingBytes
    }

    /// What is wrong, to match on.
    public let code: Code
    /// What is wrong, to read.
    public let reason: String
    /// How many bytes stand before the place.
    public let offset: Int

    /// An error at `offset`.
    public init(_ code: Code, _ reason: String, offset: Int) {
        self.code = code
        self.reason = reason
        self.offset = offset
    }
}

extension JSONError: CustomStringConvertible {
    public var description: String { "\(reason) at byte \(offset)" }
}

internal import Engagement
internal import GraphQL

/// A value of a literal or of a property, as `$filter` and `$orderby` compare it.
internal enum ODataValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    case text(String)
    /// A moment, or of a date its midnight in UTC.
    case moment(UnixTime)

    /// What can be compared with what.
    enum Kind: String, Sendable {
        case null
        case boolean = "a Boolean"
        case number = "a number"
        case text = "a string in quotation marks (')"
        case moment = "a date or time such as 2026-11-01 or 2026-11-01T00:00:00Z"
    }

    var kind: Kind {
        switch self {
        case .null: .null
        case .boolean: .boolean
        case .integer, .number: .number
        case .text: .text
        case .moment: .moment
        }
    }

    /// The value of a column, by the type of its property.
    init(_ value: RowValue, _ type: EdmType) {
        switch value {
        case .null: self = .null
        case .boolean(let value): self = .boolean(value)
        case .integer(let value): self = .integer(value)
        case .number(let value): self = .number(value)
        case .identifier(let id): self = .text(String(id))
        case .text(let text): self = ODataValue(text, type)
        case .inline(let text): self = ODataValue(text.text, type)
        }
    }

    private init(_ text: String, _ type: EdmType) {
        let isTime = type == .date || type == .dateTimeOffset
        if isTime, let time = UnixTime(iso8601: text) { self = .moment(time) } else { self = .text(text) }
    }

    /// -1, 0 or 1; nil if one of them is null or they are of different kinds. Texts compare by their bytes.
    func compared(to other: ODataValue) -> Int? {
        switch (self, other) {
        case (.integer(let left), .integer(let right)): ODataValue.sign(left, right)
        case (.integer(let left), .number(let right)): ODataValue.sign(Double(left), right)
        case (.number(let left), .integer(let right)): ODataValue.sign(left, Double(right))
        case (.number(let left), .number(let right)): ODataValue.sign(left, right)
        case (.moment(let left), .moment(let right)): ODataValue.sign(left, right)
        case (.boolean(let left), .boolean(let right)): ODataValue.sign(left ? 1 : 0, right ? 1 : 0)
        case (.text(let left), .text(let right)):
            left == right ? 0 : left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
        default: nil
        }
    }

    private static func sign<Value: Comparable>(_ left: Value, _ right: Value) -> Int {
        left < right ? -1 : left > right ? 1 : 0
    }

    /// Whether a row with this value comes before one with the other; null comes first (Protocol 4.0 §11.2.5.2). Nil if neither.
    func precedes(_ other: ODataValue) -> Bool? {
        if self == other { return nil }
        if self == .null { return true }
        if other == .null { return false }
        return compared(to: other).flatMap { $0 == 0 ? nil : $0 < 0 }
    }
}

extension EdmType {
    /// What values of a type compare with.
    var kind: ODataValue.Kind {
        switch self {
        case .string: .text
        case .boolean: .boolean
        case .int64, .double: .number
        case .date, .dateTimeOffset: .moment
        }
    }
}

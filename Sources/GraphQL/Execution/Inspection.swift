internal import JSON

/// Values as error messages quote them: like the reference implementation, so that tools that match on messages find
/// what they look for, and bounded, since a message shall not repeat a megabyte.
extension JSONValue {
    internal var inspected: String { inspected(depth: 0) }

    private func inspected(depth: Int) -> String {
        switch self {
        case .null: return "null"
        case .boolean(let value): return value ? "true" : "false"
        case .integer(let value): return String(value)
        case .number(let value):
            guard let integer = Int64(exactly: value) else { return value.description }
            return String(integer)
        case .string(let text): return JSONValue.quoted(text)
        case .array(let elements):
            if elements.isEmpty { return "[]" }
            if depth >= JSONValue.maximumDepth { return "[Array]" }
            var items = elements.prefix(JSONValue.maximumCount).map { $0.inspected(depth: depth + 1) }
            let rest = elements.count - items.count
            if rest > 0 { items.append(rest == 1 ? "... 1 more item" : "... \(rest) more items") }
            return "[\(items.joined(separator: ", "))]"
        case .object(let members):
            if members.isEmpty { return "{}" }
            if depth >= JSONValue.maximumDepth { return "[Object]" }
            let items = members.prefix(JSONValue.maximumCount * 4).map { member in
                "\(member.name): \(member.value.inspected(depth: depth + 1))"
            }
            return "{ \(items.joined(separator: ", ")) }"
        }
    }

    /// A text in quotation marks, cut if it is long.
    internal static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars.prefix(maximumLength) {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + (text.unicodeScalars.count > maximumLength ? "…\"" : "\"")
    }

    private static let maximumDepth = 2
    private static let maximumCount = 10
    private static let maximumLength = 200
}

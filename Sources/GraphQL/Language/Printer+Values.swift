// Values, arguments and directives as text: in one line, as messages and tables show them too.

extension Document {
    /// A value in one line, as the reference implementation prints it: `{ids: ["1", "2"], first: 10}`. Block strings keep
    /// their lines.
    public func literalText(of value: ValueIndex) -> String { literalText(of: values[value.index]) }

    internal func literalText(of value: Value) -> String {
        switch value.kind {
        case .variable(let name): return "$" + text(of: name)
        case .int, .float: return String(decoding: numberBytes(of: value), as: UTF8.self)
        case .string(let literal): return literalText(of: literal)
        case .boolean(let value): return value ? "true" : "false"
        case .null: return "null"
        case .enumeration(let name): return text(of: name)
        case .list(let elements):
            return "[" + elements.indices.map { literalText(of: values[$0]) }.joined(separator: ", ") + "]"
        case .object(let members):
            let texts = objectFields[members.indices].map { "\(text(of: $0.name)): \(literalText(of: $0.value))" }
            return "{" + texts.joined(separator: ", ") + "}"
        }
    }

    internal func literalText(of literal: StringLiteral) -> String {
        let content = text(of: literal)
        return literal.isBlock ? BlockString.encode(content) : StringEscapes.encode(content)
    }

    /// A directive in one line: `@name(argument: value)`.
    internal func literalText(of directive: Directive) -> String {
        "@" + text(of: directive.name) + literalText(ofArguments: directive.arguments)
    }

    /// Arguments in one line and parentheses, nothing if there are none.
    internal func literalText(ofArguments range: NodeRange) -> String {
        range.isEmpty ? "" : "(" + texts(ofArguments: range).joined(separator: ", ") + ")"
    }

    internal func texts(ofArguments range: NodeRange) -> [String] {
        arguments[range.indices].map { "\(text(of: $0.name)): \(literalText(of: $0.value))" }
    }
}

extension Schema {
    /// The schema in its definition language, as the reference implementation prints it: what is built in left out, of
    /// directives only `@deprecated`, `@specifiedBy` and `@oneOf`.
    public func printed() -> String {
        let definition = printedSchemaDefinition().map { [$0] } ?? []
        let directives = directives.filter { !$0.isBuiltIn }.map(printed)
        let types = types.filter { !$0.isBuiltIn }.map(printed)
        return (definition + directives + types).joined(separator: "\n\n")
    }

    /// Nil if the usual names say it all.
    private func printedSchemaDefinition() -> String? {
        var roots: [String] = []
        var hasUsualNames = true
        for (kind, usualName) in [
            (OperationKind.query, "Query"), (.mutation, "Mutation"), (.subscription, "Subscription"),
        ] {
            guard let type = rootType(of: kind) else { continue }
            roots.append("\(kind.rawValue): \(self[type].name)")
            hasUsualNames = hasUsualNames && self[type].name == usualName
        }
        if description == nil && hasUsualNames { return nil }
        return printed(description: description) + "schema " + Layout.block(roots)
    }

    private func printed(_ type: TypeDefinition) -> String {
        let interfaces = type.interfaces.map { self[$0].name }.joined(separator: " & ")
        let implements = interfaces.isEmpty ? "" : " implements " + interfaces
        let rest =
            switch type.kind {
            case .scalar:
                "scalar \(type.name)"
                    + (type.specifiedBy.map { " @specifiedBy(url: \(StringEscapes.encode($0)))" } ?? "")
            case .object: "type \(type.name)" + implements + block(fields[type.fields].map(item))
            case .interface: "interface \(type.name)" + implements + block(fields[type.fields].map(item))
            case .union: "union \(type.name) = " + type.possibleTypes.map { self[$0].name }.joined(separator: " | ")
            case .enumeration: "enum \(type.name)" + block(enumValues[type.enumValues].map(item))
            case .inputObject:
                "input \(type.name)" + (type.isOneOf ? " @oneOf" : "") + block(inputValues[type.inputFields].map(item))
            }
        return printed(description: type.description) + rest
    }

    private func printed(_ directive: DirectiveDefinition) -> String {
        printed(description: directive.description) + "directive @\(directive.name)"
            + printed(directive.arguments, indentation: "")
            + (directive.isRepeatable ? " repeatable" : "") + " on "
            + directive.locations.map(\.rawValue).joined(separator: " | ")
    }

    // MARK: - Members

    /// One member of a block.
    private struct Item {
        let description: String?
        let text: String
    }

    private func item(_ field: FieldDefinition) -> Item {
        let text = field.name + printed(field.arguments, indentation: "  ") + ": " + self.text(of: field.type)
        return Item(description: field.description, text: text + printed(deprecation: field.deprecationReason))
    }

    private func item(_ value: InputValueDefinition) -> Item {
        let fallback = value.defaultLiteral.map { " = " + $0 } ?? ""
        let text = value.name + ": " + self.text(of: value.type) + fallback
        return Item(description: value.description, text: text + printed(deprecation: value.deprecationReason))
    }

    private func item(_ value: EnumValueDefinition) -> Item {
        Item(description: value.description, text: value.name + printed(deprecation: value.deprecationReason))
    }

    private func block(_ items: [Item]) -> String { " {\n" + lines(items, indentation: "  ") + "\n}" }

    /// Items on indented lines; an empty line in front of those with a description, the first one excepted.
    private func lines(_ items: [Item], indentation: String) -> String {
        items.enumerated().map { index, item in
            let gap = index > 0 && item.description != nil ? "\n" : ""
            let description = printed(description: item.description).dropLast()
            let head =
                description.isEmpty ? "" : description.replacing("\n", with: "\n" + indentation) + "\n" + indentation
            return gap + indentation + head + item.text
        }.joined(separator: "\n")
    }

    /// Arguments in one line unless one of them has a description.
    private func printed(_ arguments: Range<Int>, indentation: String) -> String {
        let items = inputValues[arguments].map(item)
        if items.isEmpty { return "" }
        if items.allSatisfy({ ($0.description ?? "").isEmpty }) {
            return "(" + items.map(\.text).joined(separator: ", ") + ")"
        }
        return "(\n" + lines(items, indentation: indentation + "  ") + "\n" + indentation + ")"
    }

    private func printed(deprecation reason: String?) -> String {
        guard let reason else { return "" }
        if reason == BuiltInDefinitions.deprecationReason { return " @deprecated" }
        return " @deprecated(reason: \(StringEscapes.encode(reason)))"
    }

    private func printed(description: String?) -> String {
        guard let description else { return "" }
        let literal =
            BlockString.canHold(description) ? BlockString.encode(description) : StringEscapes.encode(description)
        return literal + "\n"
    }
}

extension Document {
    /// The whole document, laid out as the reference implementation prints it: two spaces a level, a blank line between
    /// definitions, comments and commas gone. Parsing the result gives the same document.
    public func printed() -> String {
        definitions.map { definition in
            switch definition {
            case .operation(let index): printed(operations[index])
            case .fragment(let index): printed(fragments[index])
            case .typeSystem(let index): printed(typeSystem[index])
            }
        }.joined(separator: "\n\n")
    }
}

/// Pieces that the printers put together.
internal enum Layout {
    /// Arguments of a field that would make a line longer than this go on lines of their own.
    static let maximumLineLength = 80

    /// Every line two spaces further in.
    static func indent(_ text: String) -> String {
        text.isEmpty ? "" : "  " + text.replacing("\n", with: "\n  ")
    }

    /// Items on indented lines between braces, nothing without items.
    static func block(_ items: [String]) -> String {
        items.isEmpty ? "" : "{\n" + indent(items.joined(separator: "\n")) + "\n}"
    }

    /// Items in parentheses, nothing without items: on lines of their own if one of them has several lines.
    static func parentheses(_ items: [String]) -> String {
        if items.isEmpty { return "" }
        guard items.contains(where: { $0.utf8.contains(UInt8(ascii: "\n")) }) else {
            return "(" + items.joined(separator: ", ") + ")"
        }
        return "(\n" + indent(items.joined(separator: "\n")) + "\n)"
    }

    /// The words that are not empty, with spaces between.
    static func words(_ words: String...) -> String {
        words.filter { !$0.isEmpty }.joined(separator: " ")
    }
}

// MARK: - Operations, fragments and selections

extension Document {
    private func printed(_ operation: OperationDefinition) -> String {
        let variables = Layout.parentheses(variableDefinitions[operation.variableDefinitions.indices].map(printed))
        let name = operation.name.map(text(of:)) ?? ""
        let head =
            printed(operation.description)
            + Layout.words(operation.kind.rawValue, name + variables, printed(directives: operation.directives))
        let selections = printed(selectionSet: operation.selectionSet)
        // The short form says all that an anonymous query without variables and directives has to say.
        return head == OperationKind.query.rawValue ? selections : head + " " + selections
    }

    private func printed(_ definition: VariableDefinition) -> String {
        let fallback = definition.defaultValue.map { "= " + literalText(of: $0) } ?? ""
        return printed(definition.description)
            + Layout.words(
                "$\(text(of: definition.name)): \(text(of: definition.type))",
                fallback,
                printed(directives: definition.directives)
            )
    }

    private func printed(_ fragment: FragmentDefinition) -> String {
        printed(fragment.description)
            + Layout.words(
                "fragment",
                text(of: fragment.name),
                "on",
                text(of: fragment.typeCondition),
                printed(directives: fragment.directives),
                printed(selectionSet: fragment.selectionSet)
            )
    }

    private func printed(selectionSet range: NodeRange) -> String {
        Layout.block(
            selections[range.indices].map { selection in
                switch selection {
                case .field(let index): printed(fields[index])
                case .fragmentSpread(let index):
                    Layout.words(
                        "..." + text(of: fragmentSpreads[index].name),
                        printed(directives: fragmentSpreads[index].directives)
                    )
                case .inlineFragment(let index): printed(inlineFragments[index])
                }
            }
        )
    }

    private func printed(_ field: Field) -> String {
        let alias = field.alias.map { text(of: $0) + ": " } ?? ""
        let name = alias + text(of: field.name)
        var head = name + literalText(ofArguments: field.arguments)
        if head.utf16.count > Layout.maximumLineLength, !field.arguments.isEmpty {
            head = name + "(\n" + Layout.indent(texts(ofArguments: field.arguments).joined(separator: "\n")) + "\n)"
        }
        let selections = field.selectionSet.map(printed(selectionSet:)) ?? ""
        return Layout.words(head, printed(directives: field.directives), selections)
    }

    private func printed(_ fragment: InlineFragment) -> String {
        Layout.words(
            "...",
            fragment.typeCondition.map { "on " + text(of: $0) } ?? "",
            printed(directives: fragment.directives),
            printed(selectionSet: fragment.selectionSet)
        )
    }

    // MARK: - Parts of all definitions

    internal func printed(directives range: NodeRange) -> String {
        directives[range.indices].map(literalText(of:)).joined(separator: " ")
    }

    /// The description on lines of its own, nothing if there is none.
    internal func printed(_ description: StringLiteral?) -> String {
        description.map { literalText(of: $0) + "\n" } ?? ""
    }
}

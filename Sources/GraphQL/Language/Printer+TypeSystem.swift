// Definitions and extensions of the type system as text.

extension Document {
    internal func printed(_ definition: TypeSystemDefinition) -> String {
        switch definition {
        case .schema(let node):
            let operations = node.rootOperations.map { "\($0.kind.rawValue): \(text(of: $0.type))" }
            return printed(node.head, "schema", Layout.block(operations))
        case .directive(let node): return printed(node)
        case .scalar(let node): return printed(node.head, "scalar \(text(of: node.name))")
        case .object(let node): return printed(node, keyword: "type")
        case .interface(let node): return printed(node, keyword: "interface")
        case .union(let node):
            let members = node.members.map(text(of:)).joined(separator: " | ")
            return printed(node.head, "union \(text(of: node.name))", members.isEmpty ? "" : "= " + members)
        case .enumeration(let node):
            return printed(node.head, "enum \(text(of: node.name))", Layout.block(node.values.map(printed)))
        case .inputObject(let node):
            return printed(node.head, "input \(text(of: node.name))", Layout.block(node.fields.map(printed)))
        }
    }

    /// Description, `extend`, what is defined, directives and the rest.
    private func printed(_ head: DefinitionHead, _ subject: String, _ rest: String = "") -> String {
        printed(head.description)
            + Layout.words(head.isExtension ? "extend" : "", subject, printed(directives: head.directives), rest)
    }

    private func printed(_ node: ObjectNode, keyword: String) -> String {
        let interfaces = node.interfaces.map(text(of:)).joined(separator: " & ")
        let subject = Layout.words(
            keyword,
            text(of: node.name),
            interfaces.isEmpty ? "" : "implements " + interfaces
        )
        return printed(node.head, subject, Layout.block(node.fields.map(printed)))
    }

    private func printed(_ field: FieldDefinitionNode) -> String {
        let head = text(of: field.name) + Layout.parentheses(field.arguments.map(printed))
        return printed(field.description)
            + Layout.words("\(head): \(text(of: field.type))", printed(directives: field.directives))
    }

    private func printed(_ value: InputValueNode) -> String {
        printed(value.description)
            + Layout.words(
                "\(text(of: value.name)): \(text(of: value.type))",
                value.defaultValue.map { "= " + literalText(of: $0) } ?? "",
                printed(directives: value.directives)
            )
    }

    private func printed(_ value: EnumValueNode) -> String {
        printed(value.description) + Layout.words(text(of: value.name), printed(directives: value.directives))
    }

    private func printed(_ node: DirectiveDefinitionNode) -> String {
        let locations = node.locations.map(text(of:)).joined(separator: " | ")
        let head = "directive @\(text(of: node.name))" + Layout.parentheses(node.arguments.map(printed))
        return printed(node.head.description)
            + Layout.words(head, node.isRepeatable ? "repeatable" : "", "on", locations)
    }
}

/// A document that is to be executed holds operations and fragments only: the type system is the server's.
///
/// September 2025 §5.1.1, "Executable Definitions".
internal enum ExecutableDefinitions: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        for definition in context.document.typeSystem {
            let (name, offset) = subject(of: definition)
            report.add(
                "The \(name.map { "\"\(context.text($0))\"" } ?? "schema") definition is not executable.",
                at: offset
            )
        }
    }

    private static func subject(of definition: TypeSystemDefinition) -> (name: Name?, offset: UInt32) {
        switch definition {
        case .schema(let node): (nil, node.head.offset)
        case .directive(let node): (node.name, node.head.offset)
        case .scalar(let node): (node.name, node.head.offset)
        case .object(let node), .interface(let node): (node.name, node.head.offset)
        case .union(let node): (node.name, node.head.offset)
        case .enumeration(let node): (node.name, node.head.offset)
        case .inputObject(let node): (node.name, node.head.offset)
        }
    }
}

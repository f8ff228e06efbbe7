/// Arguments are defined by the field or directive that they are given to.
///
/// September 2025 §5.4.1, "Argument Names".
internal enum KnownArgumentNames: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        for (index, field) in context.document.fields.enumerated() where !field.arguments.isEmpty {
            guard let id = context.facts.fieldDefinitions[index], let parent = context.facts.fieldParents[index] else {
                continue
            }
            for argument in field.arguments.indices where context.facts.argumentDefinitions[argument] == nil {
                let definition = context.schema[id]
                add(
                    argument,
                    to: "field \"\(context.name(of: parent)).\(definition.name)\"",
                    definition.arguments,
                    context,
                    &report
                )
            }
        }
        for (index, directive) in context.document.directives.enumerated() where !directive.arguments.isEmpty {
            guard context.facts.directiveLocations[index] != nil, let found = context.facts.directiveDefinitions[index]
            else { continue }
            for argument in directive.arguments.indices where context.facts.argumentDefinitions[argument] == nil {
                let definition = context.schema.directives[found]
                add(argument, to: "directive \"@\(definition.name)\"", definition.arguments, context, &report)
            }
        }
    }

    private static func add(
        _ argument: Int,
        to owner: String,
        _ known: Range<Int>,
        _ context: ValidationContext,
        _ report: inout ValidationReport
    ) {
        let node = context.document.arguments[argument].name
        let name = context.text(node)
        report.add(
            "Unknown argument \"\(name)\" on \(owner)."
                + context.didYouMean(name, among: context.schema.inputValues[known].lazy.map(\.name)),
            at: node.offset
        )
    }
}

/// An argument is given once to a field or directive.
///
/// September 2025 §5.4.2, "Argument Uniqueness".
internal enum UniqueArgumentNames: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        for field in context.document.fields where field.arguments.count > 1 {
            check(field.arguments, context, &report)
        }
        for (index, directive) in context.document.directives.enumerated() where directive.arguments.count > 1 {
            guard context.facts.directiveLocations[index] != nil else { continue }
            check(directive.arguments, context, &report)
        }
    }

    private static func check(_ range: NodeRange, _ context: ValidationContext, _ report: inout ValidationReport) {
        let arguments = context.document.arguments
        for group in context.groupsOfRepeatedNames(in: range.indices, name: { arguments[$0].name }) {
            report.add(
                "There can be only one argument named \"\(context.text(arguments[group[0]].name))\".",
                at: group.map { arguments[$0].name.offset }
            )
        }
    }
}

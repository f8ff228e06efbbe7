/// A directive stands once at a place, unless it is defined as repeatable.
///
/// September 2025 §5.7.3, "Directives Are Unique per Location".
internal enum UniqueDirectivesPerLocation: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        guard context.document.directives.count > 1 else { return }
        for operation in context.document.operations { check(operation.directives, context, &report) }
        for fragment in context.document.fragments { check(fragment.directives, context, &report) }
        for variable in context.document.variableDefinitions { check(variable.directives, context, &report) }
        for field in context.document.fields { check(field.directives, context, &report) }
        for spread in context.document.fragmentSpreads { check(spread.directives, context, &report) }
        for fragment in context.document.inlineFragments { check(fragment.directives, context, &report) }
    }

    private static func check(_ range: NodeRange, _ context: ValidationContext, _ report: inout ValidationReport) {
        guard range.count > 1 else { return }
        let directives = context.document.directives
        for (first, later) in context.repeatedNames(in: range.indices, name: { directives[$0].name }) {
            guard let definition = context.facts.directiveDefinitions[later] else { continue }
            guard !context.schema.directives[definition].isRepeatable else { continue }
            report.add(
                "The directive \"@\(context.text(directives[later].name))\" can only be used once at this location.",
                at: directives[first].offset,
                directives[later].offset
            )
        }
    }
}

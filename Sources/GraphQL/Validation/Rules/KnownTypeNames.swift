/// Types that a document names, in the conditions of fragments and for variables, exist in the context.schema.
///
/// September 2025 §5.5.1.2, "Fragment Spread Type Existence", and §5.8.2 for variables.
internal enum KnownTypeNames: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        for (index, variable) in context.document.variableDefinitions.enumerated()
        where context.facts.variableTypes[index] == nil {
            add(variable.type.name, context, &report)
        }
        for (index, fragment) in context.document.fragments.enumerated()
        where context.facts.fragmentConditions[index] == nil {
            add(fragment.typeCondition, context, &report)
        }
        for (index, fragment) in context.document.inlineFragments.enumerated() {
            guard let condition = fragment.typeCondition else { continue }
            if context.facts.inlineFragmentConditions[index] == nil { add(condition, context, &report) }
        }
    }

    private static func add(_ name: Name, _ context: ValidationContext, _ report: inout ValidationReport) {
        let text = context.text(name)
        report.add(
            "Unknown type \"\(text)\"." + context.didYouMean(text, among: context.schema.types.lazy.map(\.name)),
            at: name.offset
        )
    }
}

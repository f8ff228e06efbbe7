/// Fragments are on objects, interfaces and unions: other types have nothing to select.
///
/// September 2025 §5.5.1.3, "Fragments on Object, Interface or Union Types".
internal enum FragmentsOnCompositeTypes: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        for (index, fragment) in context.document.inlineFragments.enumerated() {
            guard let condition = context.facts.inlineFragmentConditions[index], let name = fragment.typeCondition
            else {
                continue
            }
            if context.schema.composite(condition) == nil {
                report.add(
                    "Fragment cannot condition on non composite type \"\(context.text(name))\".",
                    at: name.offset
                )
            }
        }
        for (index, fragment) in context.document.fragments.enumerated() {
            guard let condition = context.facts.fragmentConditions[index] else { continue }
            if context.schema.composite(condition) == nil {
                let type = context.text(fragment.typeCondition)
                report.add(
                    "Fragment \"\(context.text(fragment.name))\" cannot condition on non composite type \"\(type)\".",
                    at: fragment.typeCondition.offset
                )
            }
        }
    }
}

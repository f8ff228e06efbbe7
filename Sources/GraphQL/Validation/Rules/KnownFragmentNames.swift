/// Fragments that are spread are defined in the document.
///
/// September 2025 §5.5.2.1, "Fragment Spread Target Defined".
internal enum KnownFragmentNames: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        for (index, spread) in context.document.fragmentSpreads.enumerated()
        where context.facts.spreadTargets[index] == nil {
            report.add("Unknown fragment \"\(context.text(spread.name))\".", at: spread.name.offset)
        }
    }
}

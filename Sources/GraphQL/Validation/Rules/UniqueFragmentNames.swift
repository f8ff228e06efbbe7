/// No two fragments of a document share a name.
///
/// September 2025 §5.5.1.1, "Fragment Name Uniqueness".
internal enum UniqueFragmentNames: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        let fragments = context.document.fragments
        for (first, later) in context.repeatedNames(in: fragments.indices, name: { fragments[$0].name }) {
            report.add(
                "There can be only one fragment named \"\(context.text(fragments[later].name))\".",
                at: fragments[first].name.offset,
                fragments[later].name.offset
            )
        }
    }
}

/// No two operations of a document share a name, whatever their kinds: requests choose by name.
///
/// September 2025 §5.2.2.1, "Operation Name Uniqueness".
internal enum UniqueOperationNames: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        guard context.document.operations.count > 1 else { return }
        let names = context.document.operations.compactMap(\.name)
        for (first, later) in context.repeatedNames(in: names.indices, name: { names[$0] }) {
            report.add(
                "There can be only one operation named \"\(context.text(names[later]))\".",
                at: names[first].offset,
                names[later].offset
            )
        }
    }
}

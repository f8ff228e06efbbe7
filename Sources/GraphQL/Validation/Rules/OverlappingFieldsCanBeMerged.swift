/// Fields that end up under one response name can be merged into one: the same field with the same arguments wherever
/// both can apply to one object, and the same shape of the answer even where they cannot.
///
/// September 2025 §5.3.2, "Field Selection Merging". ``FieldMerging`` does the work and says how.
internal enum OverlappingFieldsCanBeMerged: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        var merging = FieldMerging(context)
        var used = VisitedFragments(count: context.document.fragments.count)
        for (index, operation) in context.document.operations.enumerated() {
            merging.merge(operation.selectionSet, report: &report)
            context.facts.forEachFragment(
                reachedFrom: context.facts.operationContents[index].spreads,
                visited: &used
            ) { _ in }
        }
        // What operations reach was seen with everything around it. What they do not is a document's own matter.
        for (index, fragment) in context.document.fragments.enumerated() where !used.contains(index) {
            merging.merge(fragment.selectionSet, of: index, report: &report)
        }
        FieldConflicts(merging.conflicts, of: merging.occurrences, in: context).add(to: &report)
    }
}

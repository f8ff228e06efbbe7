/// Each fragment is spread in an operation, directly or through other fragments.
///
/// September 2025 §5.5.1.4, "Fragments Must Be Used".
internal enum NoUnusedFragments: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        let fragments = context.document.fragments
        guard !fragments.isEmpty else { return }
        var used = VisitedFragments(count: fragments.count)
        for contents in context.facts.operationContents {
            context.facts.forEachFragment(reachedFrom: contents.spreads, visited: &used) { _ in }
        }
        for (index, fragment) in fragments.enumerated() where !used.contains(index) && !report.isAborted {
            // Of fragments that share a name, which is another rule's matter, spreads reach the first.
            let first = fragments[..<index].firstIndex { context.document.isSame($0.name, fragment.name) }
            if let first, used.contains(first) { continue }
            report.add("Fragment \"\(context.text(fragment.name))\" is never used.", at: fragment.offset)
        }
    }
}

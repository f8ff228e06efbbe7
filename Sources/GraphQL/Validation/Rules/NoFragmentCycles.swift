/// Fragments do not spread themselves, not through others either: their result would have no end.
///
/// September 2025 §5.5.2.2, "Fragment Spreads Must Not Form Cycles".
///
/// A depth-first search over fragments reports each spread that leads back into the path it came by. It keeps the path
/// itself rather than recursing, as a path may be as long as the context.document.
internal enum NoFragmentCycles: ValidationRule {
    /// A fragment on the path, and which of its spreads are still to be followed.
    private struct Step {
        let fragment: Int
        var rest: Range<Int>
    }

    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        guard !context.facts.spreads.isEmpty else { return }
        var visited = VisitedFragments(count: context.document.fragments.count)
        var placeOnPath = [Int?](repeating: nil, count: context.document.fragments.count)
        for start in context.document.fragments.indices where visited.insert(start) {
            var path = [Step(fragment: start, rest: context.facts.fragmentContents[start].spreads)]
            // The spread that leads from each step to the next one.
            var spreads: [Int] = []
            placeOnPath[start] = 0
            while let step = path.last {
                guard let next = step.rest.first else {
                    placeOnPath[step.fragment] = nil
                    path.removeLast()
                    if !path.isEmpty { spreads.removeLast() }
                    continue
                }
                path[path.count - 1].rest = step.rest.dropFirst()
                let spread = context.facts.spreads[next]
                guard let fragment = context.facts.spreadTargets[spread] else { continue }
                if let place = placeOnPath[fragment] {
                    add(cycle: spreads[place...] + [spread], context, &report)
                } else if visited.insert(fragment) {
                    placeOnPath[fragment] = path.count
                    spreads.append(spread)
                    path.append(Step(fragment: fragment, rest: context.facts.fragmentContents[fragment].spreads))
                }
            }
        }
    }

    /// As many names as an error may have locations; further ones are left out.
    private static func add(cycle: ArraySlice<Int>, _ context: ValidationContext, _ report: inout ValidationReport) {
        let shown = cycle.prefix(ValidationReport.maximumLocations).map { context.document.fragmentSpreads[$0] }
        guard let last = cycle.last else { return }
        let via = shown.prefix(cycle.count - 1).map { "\"\(context.text($0.name))\"" }
        let fragment = context.text(context.document.fragmentSpreads[last].name)
        report.add(
            "Cannot spread fragment \"\(fragment)\" within itself"
                + (via.isEmpty ? "." : " via \(via.joined(separator: ", "))."),
            at: shown.map(\.offset)
        )
    }
}

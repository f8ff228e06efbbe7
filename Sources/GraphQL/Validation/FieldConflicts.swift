/// Turns pairs of fields that cannot be merged into errors.
///
/// A conflict shows where two selection sets meet, which may be several levels above the fields: then its message tells
/// the way down, `Fields "a" conflict because subfields "b" conflict because …`, and its locations name the fields of
/// one way, then those of the other. Conflicts that start at the same two fields are one error.
internal struct FieldConflicts {
    /// The pairs of fields from where the ways part down to the conflict.
    private struct Way {
        typealias Step = (one: Int, other: Int)
        let steps: [Step]
        let reason: String
    }

    private let ways: [Way]
    private let occurrences: [FieldMerging.Occurrence]
    private let context: ValidationContext

    /// Longer ways are cut, keeping their ends.
    private static let maximumDepth = 16

    init(_ conflicts: [FieldMerging.Conflict], of occurrences: [FieldMerging.Occurrence], in context: ValidationContext)
    {
        self.occurrences = occurrences
        self.context = context
        ways = conflicts.prefix(context.options.maximumErrors + 1).map { conflict in
            var steps: [Way.Step] = []
            var (one, other) = (conflict.one, conflict.other)
            while true {
                steps.append((one, other))
                (one, other) = (occurrences[one].parent, occurrences[other].parent)
                // Within one selection set, or at the root: here they met.
                if one == other || one < 0 || other < 0 { break }
            }
            if steps.count > Self.maximumDepth { steps.removeSubrange((Self.maximumDepth - 1)..<(steps.count - 1)) }
            return Way(steps: steps.reversed(), reason: conflict.reason)
        }
    }

    func add(to report: inout ValidationReport) {
        for group in grouped(ways, at: 0) {
            guard let start = group.first?.steps[0] else { continue }
            report.add(
                "Fields \"\(responseKey(start.one))\" conflict because \(reason(group, at: 0))."
                    + " Use different aliases on the fields to fetch both if this was intentional.",
                at: offsets(group, at: 0) { $0.one } + offsets(group, at: 0) { $0.other }
            )
        }
    }

    /// Ways that take the same step at a level, in the order in which the steps appear.
    private func grouped(_ ways: [Way], at level: Int) -> [[Way]] {
        var groups: [[Way]] = []
        for way in ways {
            let step = way.steps[level]
            let place = groups.firstIndex {
                $0[0].steps[level].one == step.one && $0[0].steps[level].other == step.other
            }
            if let place { groups[place].append(way) } else { groups.append([way]) }
        }
        return groups
    }

    private func reason(_ group: [Way], at level: Int) -> String {
        if group[0].steps.count == level + 1 { return group[0].reason }
        let reasons = grouped(group, at: level + 1).map { inner in
            let name = responseKey(inner[0].steps[level + 1].one)
            return "subfields \"\(name)\" conflict because \(reason(inner, at: level + 1))"
        }
        return reasons.joined(separator: " and ")
    }

    private func offsets(
        _ group: [Way],
        at level: Int,
        _ side: (Way.Step) -> Int
    ) -> [UInt32] {
        let field = context.document.fields[occurrences[side(group[0].steps[level])].field]
        guard group[0].steps.count > level + 1 else { return [field.offset] }
        return [field.offset] + grouped(group, at: level + 1).flatMap { offsets($0, at: level + 1, side) }
    }

    private func responseKey(_ occurrence: Int) -> String {
        context.text(context.document.fields[occurrences[occurrence].field].responseKey)
    }
}

/// A fragment can apply where it is spread: at least one object type is possible both for the fragment's type and for
/// that of its surroundings.
///
/// September 2025 §5.5.2.3, "Fragment Spread Is Possible".
internal enum PossibleFragmentSpreads: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        for (index, fragment) in context.document.inlineFragments.enumerated() {
            guard let type = context.facts.inlineFragmentTypes[index],
                let parent = context.facts.inlineFragmentParents[index]
            else {
                continue
            }
            if !report.isAborted, !overlap(type, parent, in: context.schema) {
                report.add(
                    "Fragment cannot be spread here as objects of type \"\(context.name(of: parent))\""
                        + " can never be of type \"\(context.name(of: type))\".",
                    at: fragment.offset
                )
            }
        }
        for (index, spread) in context.document.fragmentSpreads.enumerated() {
            guard let parent = context.facts.spreadParents[index], let fragment = context.facts.spreadTargets[index]
            else { continue }
            guard let type = context.facts.fragmentConditions[fragment].flatMap(context.schema.composite) else {
                continue
            }
            if !report.isAborted, !overlap(type, parent, in: context.schema) {
                report.add(
                    "Fragment \"\(context.text(spread.name))\" cannot be spread here as objects of type"
                        + " \"\(context.name(of: parent))\" can never be of type \"\(context.name(of: type))\".",
                    at: spread.offset
                )
            }
        }
    }

    private static func overlap(_ one: TypeID, _ other: TypeID, in schema: Schema) -> Bool {
        if one == other { return true }
        switch (schema.kind(of: one).isAbstract, schema.kind(of: other).isAbstract) {
        case (false, false): return false
        case (true, false): return schema.isPossible(other, of: one)
        case (false, true): return schema.isPossible(one, of: other)
        case (true, true): return schema[one].possibleTypes.contains { schema.isPossible($0, of: other) }
        }
    }
}

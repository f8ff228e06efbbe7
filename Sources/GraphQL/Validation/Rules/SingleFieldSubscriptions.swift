/// A subscription selects one field at its root, fragments resolved, and no introspection: that field is its stream of
/// events. What it selects must not depend on variables, so `@skip` and `@include` have no place there.
///
/// September 2025 §5.2.4.1, "Single Root Field".
internal enum SingleFieldSubscriptions: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        for operation in context.document.operations where operation.kind == .subscription {
            guard let root = context.schema.subscriptionType else { return }
            let selections = RootSelections(of: operation, on: root, in: context)
            let subject = operation.name.map { "Subscription \"\(context.text($0))\"" } ?? "Anonymous Subscription"

            if !selections.conditions.isEmpty {
                report.add(
                    "\(subject) must not use `@skip` or `@include` directives in the top level selection.",
                    at: selections.conditions
                )
                continue
            }
            let fields = selections.fieldsByResponseKey
            if fields.count > 1 {
                report.add(
                    "\(subject) must select only one top level field.",
                    at: fields.dropFirst().flatMap(\.offsets)
                )
            }
            for field in fields where field.isIntrospection {
                report.add("\(subject) must not select an introspection top level field.", at: field.offsets)
            }
        }
    }
}

/// What an operation selects at its root, as §6.3.2 "CollectSubscriptionFields" would find it.
private struct RootSelections {
    struct RootField {
        let responseKey: Name
        let isIntrospection: Bool
        var offsets: [UInt32]
    }

    private(set) var fieldsByResponseKey: [RootField] = []
    /// Where `@skip` and `@include` stand.
    private(set) var conditions: [UInt32] = []

    init(of operation: OperationDefinition, on root: TypeID, in context: ValidationContext) {
        var visited = VisitedFragments(count: context.document.fragments.count)
        var index = NameIndex()
        // Each entry is the rest of a selection set; without recursion, as fragments may form long chains.
        var pending = [operation.selectionSet.indices]
        while let rest = pending.popLast() {
            guard let selection = rest.first else { continue }
            pending.append(rest.dropFirst())
            switch context.document.selections[selection] {
            case .field(let field):
                add(context.document.fields[field], index: &index, in: context)
            case .fragmentSpread(let spread):
                addConditions(of: context.document.fragmentSpreads[spread].directives, in: context)
                guard let fragment = context.facts.spreadTargets[spread], visited.insert(fragment) else { continue }
                guard applies(context.facts.fragmentConditions[fragment], to: root, in: context) else { continue }
                pending.append(context.document.fragments[fragment].selectionSet.indices)
            case .inlineFragment(let inline):
                let fragment = context.document.inlineFragments[inline]
                addConditions(of: fragment.directives, in: context)
                guard applies(context.facts.inlineFragmentTypes[inline], to: root, in: context) else { continue }
                pending.append(fragment.selectionSet.indices)
            }
        }
    }

    private mutating func add(_ field: Field, index: inout NameIndex, in context: ValidationContext) {
        addConditions(of: field.directives, in: context)
        let number = fieldsByResponseKey.count
        if let earlier = index.insert(field.responseKey, number: number, of: context.document) {
            fieldsByResponseKey[earlier].offsets.append(field.offset)
        } else {
            fieldsByResponseKey.append(
                RootField(
                    responseKey: field.responseKey,
                    isIntrospection: context.text(field.name).hasPrefix("__"),
                    offsets: [field.offset]
                )
            )
        }
    }

    private mutating func addConditions(of directives: NodeRange, in context: ValidationContext) {
        for directive in context.document.directives[directives.indices] {
            if context.document.isName(directive.name, "skip") || context.document.isName(directive.name, "include") {
                conditions.append(directive.offset)
            }
        }
    }

    private func applies(_ condition: TypeID?, to root: TypeID, in context: ValidationContext) -> Bool {
        condition.map { context.schema.isPossible(root, of: $0) } ?? false
    }
}

/// Introspection does not nest its lists (`fields`, `interfaces`, `possibleTypes`, `inputFields`) three deep: each
/// level multiplies the answer by the number of fields of a type, and no tool needs it.
///
/// Not in §5; the reference implementation recommends it.
internal enum MaxIntrospectionDepth: ValidationRule {
    private static let maximumListDepth = 3

    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        let roots = context.document.fields.indices.filter {
            let definition = context.facts.fieldDefinitions[$0]
            return definition == context.schema.schemaField || definition == context.schema.typeField
        }
        guard !roots.isEmpty else { return }
        let fragments = depthsOfFragments(context)
        for root in roots {
            guard let selections = context.document.fields[root].selectionSet else { continue }
            if depth(of: selections, fragments, context) >= maximumListDepth {
                report.add("Maximum introspection depth exceeded", at: context.document.fields[root].offset)
            }
        }
    }

    /// How deep each fragment nests lists. A fragment comes after those that it spreads, so each is measured once;
    /// in a cycle, which another rule refuses, the way back counts as nothing.
    private static func depthsOfFragments(_ context: ValidationContext) -> [Int] {
        var depths = [Int](repeating: 0, count: context.document.fragments.count)
        var visited = VisitedFragments(count: depths.count)
        for start in depths.indices where visited.insert(start) {
            var path = [(fragment: start, rest: context.facts.fragmentContents[start].spreads)]
            while let step = path.last {
                if let next = step.rest.first {
                    path[path.count - 1].rest = step.rest.dropFirst()
                    if let fragment = context.facts.spreadTargets[context.facts.spreads[next]], visited.insert(fragment)
                    {
                        path.append((fragment, context.facts.fragmentContents[fragment].spreads))
                    }
                } else {
                    let selections = context.document.fragments[step.fragment].selectionSet
                    depths[step.fragment] = depth(of: selections, depths, context)
                    path.removeLast()
                }
            }
        }
        return depths
    }

    private static func depth(of selections: NodeRange, _ fragments: [Int], _ context: ValidationContext) -> Int {
        var deepest = 0
        for index in selections.indices {
            switch context.document.selections[index] {
            case .field(let index):
                let field = context.document.fields[index]
                let inner = field.selectionSet.map { depth(of: $0, fragments, context) } ?? 0
                deepest = max(deepest, inner + (isList(field.name, context.document) ? 1 : 0))
            case .inlineFragment(let index):
                deepest = max(
                    deepest,
                    depth(of: context.document.inlineFragments[index].selectionSet, fragments, context)
                )
            case .fragmentSpread(let index):
                if let fragment = context.facts.spreadTargets[index] { deepest = max(deepest, fragments[fragment]) }
            }
        }
        return deepest
    }

    private static func isList(_ name: Name, _ document: Document) -> Bool {
        document.isName(name, "fields") || document.isName(name, "interfaces")
            || document.isName(name, "possibleTypes") || document.isName(name, "inputFields")
    }
}

/// Merges the fields of a document as an execution would, all possible object types at once, and notes where they
/// disagree: September 2025 §5.3.2, FieldsInSetCanMerge() and SameResponseShape().
///
/// The specification compares all pairs of fields under one response name, and then the pairs of their subfields:
/// quadratic at best. But "is the same field with the same arguments" and "has the same shape" are equivalences, so
/// that it is enough to compare each field with the first, and then to go on with *one* set, all their subfields
/// together:
///
/// 1. Take a set of fields, fragments resolved, and group them by response name.
/// 2. In a group, all must have one shape. Fields whose parents are different object types never meet; all others must
///    be the same field with the same arguments: so the group falls into parts, one for each object type that is a
///    parent, with the fields on interfaces and unions in every part.
/// 3. The subfields of each part form a set to go on with. If there are several parts, the subfields of the whole group
///    are gone through once more, for their shapes only.
///
/// Without fragments each field is met about once. Fragments bring the same fields together in several places; sets
/// that were seen are not looked at again, and steps are counted for documents that make very many different ones.
internal struct FieldMerging {
    /// A field where the merging met it.
    struct Occurrence {
        /// In ``Document/fields``.
        let field: Int
        /// In ``occurrences``: the field whose selection set it stands in, -1 at the root.
        let parent: Int
        /// In ``occurrences``: the next field of its group, -1 for the last.
        private(set) var next = -1

        mutating func link(to later: Int) { next = later }
    }

    /// Two fields that cannot be merged.
    struct Conflict {
        let one: Int
        let other: Int
        let reason: String
    }

    private enum Mode {
        /// Fields must be the same where they meet, and of one shape.
        case full
        /// They never meet, as something above them does not.
        case shape
    }

    /// Fields whose selection sets are merged.
    private struct Task {
        let parents: Range<Int>
        let mode: Mode
    }

    private struct SeenSet: Hashable {
        let fields: [Int]
        let mode: Mode
    }

    private let context: ValidationContext
    private(set) var occurrences: [Occurrence] = []
    private(set) var conflicts: [Conflict] = []

    private var tasks: [Task] = []
    /// The fields of all tasks, one after the other, as indices of ``occurrences``.
    private var parents: [Int] = []
    private var seenAlone: [Bool]
    private var seenTogether: Set<SeenSet> = []
    private var visited: VisitedFragments
    private var groups: ResponseGroups
    /// How many selections the set at hand took.
    private var selectionsSeen = 0

    init(_ context: ValidationContext) {
        self.context = context
        let count = context.document.fields.count
        seenAlone = Array(repeating: false, count: count)
        visited = VisitedFragments(count: context.document.fragments.count)
        groups = ResponseGroups(capacity: count)
        occurrences.reserveCapacity(count)
    }

    /// Merges the fields of an operation or of `fragment`, and of everything below.
    mutating func merge(_ root: NodeRange, of fragment: Int? = nil, report: inout ValidationReport) {
        tasks.removeAll(keepingCapacity: true)
        parents.removeAll(keepingCapacity: true)
        visited.removeAll()
        // A fragment that spreads itself does not meet itself.
        if let fragment { _ = visited.insert(fragment) }
        let start = occurrences.count
        collect(root, parent: -1)
        guard judge(start..<occurrences.count, .full, &report) else { return }

        var next = 0
        while next < tasks.count, conflicts.count <= context.options.maximumErrors {
            let task = tasks[next]
            next += 1
            visited.removeAll()
            let start = occurrences.count
            for index in task.parents {
                let parent = parents[index]
                if let selections = context.document.fields[occurrences[parent].field].selectionSet {
                    collect(selections, parent: parent)
                }
            }
            guard judge(start..<occurrences.count, task.mode, &report) else { return }
        }
    }

    // MARK: Sets

    /// Adds the fields of a selection set, those of its fragments included, each fragment once a set.
    private mutating func collect(_ selections: NodeRange, parent: Int) {
        var pending: [Range<Int>] = []
        var rest = selections.indices
        while true {
            guard let selection = rest.first else {
                guard let outer = pending.popLast() else { return }
                rest = outer
                continue
            }
            rest = rest.dropFirst()
            selectionsSeen += 1
            switch context.document.selections[selection] {
            case .field(let field):
                occurrences.append(Occurrence(field: field, parent: parent))
            case .fragmentSpread(let spread):
                guard let fragment = context.facts.spreadTargets[spread], visited.insert(fragment) else { continue }
                pending.append(rest)
                rest = context.document.fragments[fragment].selectionSet.indices
            case .inlineFragment(let inline):
                pending.append(rest)
                rest = context.document.inlineFragments[inline].selectionSet.indices
            }
        }
    }

    /// Groups a set's fields and judges each group. False when the budget is used up.
    private mutating func judge(_ set: Range<Int>, _ mode: Mode, _ report: inout ValidationReport) -> Bool {
        let probes = groups.group(set, links: &occurrences, in: context)
        guard report.spend(selectionsSeen + probes) else { return false }
        selectionsSeen = 0
        for index in groups.indices {
            let group = groups[index]
            if group.count > 1 {
                guard judge(group, mode, &report) else { return false }
            } else if mode == .full, context.document.fields[occurrences[group.first].field].selectionSet != nil {
                // Alone, a field has no shape to agree with; its own subfields are looked at in full mode anyway.
                let field = occurrences[group.first].field
                if !seenAlone[field] {
                    seenAlone[field] = true
                    parents.append(group.first)
                    tasks.append(Task(parents: (parents.count - 1)..<parents.count, mode: .full))
                }
            }
        }
        return true
    }

    // MARK: Groups

    private mutating func judge(_ group: ResponseGroups.Group, _ mode: Mode, _ report: inout ValidationReport) -> Bool {
        let before = conflicts.count
        let types = mode == .full ? objectParents(of: group) : []
        if mode == .full {
            guard report.spend(group.count * max(types.count, 1)) else { return false }
            if types.count <= 1 {
                compareFields(of: group, on: nil, &report)
            } else {
                for type in types { compareFields(of: group, on: type, &report) }
            }
        }
        if conflicts.count == before { compareShapes(of: group) }
        // The subfields of fields that differ have nothing to say.
        guard conflicts.count == before else { return true }

        if types.count > 1 {
            for type in types { addTask(of: group, on: type, .full) }
            addTask(of: group, on: nil, .shape)
        } else {
            addTask(of: group, on: nil, mode)
        }
        return true
    }

    /// The object types among the parents of a group's fields.
    private func objectParents(of group: ResponseGroups.Group) -> [TypeID] {
        var types: [TypeID] = []
        var member = group.first
        while member >= 0 {
            if let type = objectParent(of: member), !types.contains(type) { types.append(type) }
            member = occurrences[member].next
        }
        return types
    }

    /// Nil if it is an interface, a union or unknown: then the field may meet any other one.
    private func objectParent(of occurrence: Int) -> TypeID? {
        context.facts.fieldParents[occurrences[occurrence].field].flatMap {
            context.schema.kind(of: $0) == .object ? $0 : nil
        }
    }

    /// Whether an occurrence belongs to the part of a group on an object type; nil stands for the whole group.
    private func belongs(_ occurrence: Int, to part: TypeID?) -> Bool {
        guard let part, let type = objectParent(of: occurrence) else { return true }
        return type == part
    }

    /// The same field with the same arguments.
    private mutating func compareFields(
        of group: ResponseGroups.Group,
        on part: TypeID?,
        _ report: inout ValidationReport
    ) {
        var first: Int?
        var member = group.first
        while member >= 0 {
            defer { member = occurrences[member].next }
            guard belongs(member, to: part) else { continue }
            guard let first else {
                first = member
                continue
            }
            let (one, other) = (
                context.document.fields[occurrences[first].field], context.document.fields[occurrences[member].field]
            )
            if !context.document.isSame(one.name, other.name) {
                let names = "\"\(context.text(one.name))\" and \"\(context.text(other.name))\""
                conflicts.append(Conflict(one: first, other: member, reason: names + " are different fields"))
                continue
            }
            if one.arguments.isEmpty, other.arguments.isEmpty { continue }
            _ = report.spend(Int(other.arguments.count))
            if !LiteralEquality(document: context.document).areSame(arguments: one.arguments, other.arguments) {
                conflicts.append(Conflict(one: first, other: member, reason: "they have differing arguments"))
            }
        }
    }

    /// SameResponseShape() as far as one level goes: the same lists and non-null marks; scalars and enums the same.
    private mutating func compareShapes(of group: ResponseGroups.Group) {
        var first: (occurrence: Int, type: TypeReference)?
        var member = group.first
        while member >= 0 {
            defer { member = occurrences[member].next }
            guard let field = context.facts.fieldDefinitions[occurrences[member].field] else { continue }
            let type = context.schema.type(of: field)
            guard let first else {
                first = (member, type)
                continue
            }
            if first.type == type { continue }
            let isLeaf = context.schema.kind(of: first.type.named).isLeaf || context.schema.kind(of: type.named).isLeaf
            if first.type.wrappers != type.wrappers || isLeaf && first.type.named != type.named {
                let types = "\"\(context.schema.text(of: first.type))\" and \"\(context.schema.text(of: type))\""
                conflicts.append(
                    Conflict(one: first.occurrence, other: member, reason: "they return conflicting types " + types)
                )
            }
        }
    }

    /// Puts the subfields of a part of a group on the list of sets to merge, if they are not known yet.
    private mutating func addTask(of group: ResponseGroups.Group, on part: TypeID?, _ mode: Mode) {
        let start = parents.count
        var member = group.first
        while member >= 0 {
            if context.document.fields[occurrences[member].field].selectionSet != nil, belongs(member, to: part) {
                parents.append(member)
            }
            member = occurrences[member].next
        }
        let isNew: Bool
        switch parents.count - start {
        case 0:
            return
        case 1:
            let field = occurrences[parents[start]].field
            isNew = mode == .full && !seenAlone[field]
            if isNew { seenAlone[field] = true }
        default:
            let fields = parents[start...].map { occurrences[$0].field }.sorted()
            isNew = seenTogether.insert(SeenSet(fields: fields, mode: mode)).inserted
        }
        if isNew {
            tasks.append(Task(parents: start..<parents.count, mode: mode))
        } else {
            parents.removeSubrange(start...)
        }
    }
}

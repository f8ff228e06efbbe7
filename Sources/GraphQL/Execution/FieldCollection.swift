internal import Bytes
internal import JSON

/// Collects the fields of an operation (September 2025 §6.3.2, "CollectFields"): spreads fragments out, drops what
/// `@skip` and `@include` drop, merges the fields of one response key, and lays the result out as a ``SelectionPlan``.
///
/// Objects are known here, values are not: below an interface or union the fields are collected once for each object
/// type that is possible. Object types that select the same fields share what lies below.
internal struct FieldCollection {
    private let context: OperationContext
    private let arguments: ArgumentCoercion
    /// The values of variables: only booleans of `@skip` and `@include` are looked at.
    private let variables: [InputValue?]

    private var fields: [SelectedField] = []
    private var branches: [SelectionPlan.Branch] = []
    private var keys = KeyWriter()
    private var details: [SelectionPlan.Detail] = []
    private var nodes: [Int] = []
    private var argumentPlan = ArgumentPlan()
    /// How many selections have been looked at: fragments that spread nothing useful are work too.
    private var steps = 0

    static func plan(_ context: OperationContext, variables: [InputValue?]) throws(GraphQLErrors) -> SelectionPlan {
        var collection = FieldCollection(context: context, variables: variables)
        let root = try collection.block(
            of: [context.definition.selectionSet],
            on: context.rootType,
            parent: -1,
            depth: 0
        )
        return SelectionPlan(
            fields: collection.fields,
            rootFields: root.indices,
            branches: collection.branches,
            keys: collection.keys.bytes,
            details: collection.details,
            nodes: collection.nodes,
            arguments: collection.argumentPlan
        )
    }

    private init(context: OperationContext, variables: [InputValue?]) {
        self.context = context
        self.variables = variables
        arguments = ArgumentCoercion(context: context)
    }

    /// The fields of one response key, in document order: at least one.
    private struct Group {
        let key: Name
        let field: FieldID
        var nodes: [Int]
    }

    /// What children depend on, at one response path.
    private struct SharingKey: Hashable {
        let nodes: [Int]
        let type: TypeID
    }

    // MARK: - Laying out

    /// Collects `selectionSets` on an object type and appends the fields side by side, then what lies below them.
    private mutating func block(
        of selectionSets: [NodeRange],
        on type: TypeID,
        parent: Int,
        depth: Int
    ) throws(GraphQLErrors) -> NodeRange {
        var unshared: [SharingKey: NodeRange]?
        return try block(of: selectionSets, on: type, parent: parent, depth: depth, sharing: &unshared)
    }

    private mutating func block(
        of selectionSets: [NodeRange],
        on type: TypeID,
        parent: Int,
        depth: Int,
        sharing: inout [SharingKey: NodeRange]?
    ) throws(GraphQLErrors) -> NodeRange {
        var groups: [Group] = []
        var visited: [Int] = []
        for selectionSet in selectionSets {
            try collect(selectionSet, on: type, into: &groups, visited: &visited, depth: depth)
        }
        let start = fields.count
        for group in groups {
            append(group, on: type, parent: parent, isFirst: fields.count == start)
        }
        guard fields.count <= context.limits.maximumSelectedFields else {
            throw refusal("The operation selects more than \(context.limits.maximumSelectedFields) fields.")
        }
        let block = NodeRange(start: start, count: fields.count - start)
        for (index, group) in zip(block.indices, groups) where fields[index].isComposite {
            let sharingKey = SharingKey(nodes: group.nodes, type: fields[index].type.named)
            if let children = sharing?[sharingKey] {
                fields[index].children = children
                continue
            }
            let children = try children(of: index, group, depth: depth + 1)
            fields[index].children = children
            sharing?[sharingKey] = children
        }
        return block
    }

    private mutating func append(_ group: Group, on type: TypeID, parent: Int, isFirst: Bool) {
        let field = group.field
        let definition = context.schema[field]
        let index = fields.count
        let keyStart = keys.bytes.count
        var role = SelectedField.Role.resolved
        if field == context.schema.typenameField {
            role = .typename
        } else if field == context.schema.schemaField || field == context.schema.typeField {
            role = .introspection
        }
        keys.append(context.document.bytes(of: group.key), isFirst: isFirst)
        if role == .typename { keys.append(value: context.schema[type].name) }
        fields.append(
            SelectedField(
                place: Int32(truncatingIfNeeded: index),
                field: field,
                type: definition.type,
                parentType: type,
                role: role,
                completion: Completion(of: definition.type.named, in: context.schema),
                hasArguments: !definition.arguments.isEmpty,
                key: NodeRange(start: keyStart, count: keys.bytes.count - keyStart)
            )
        )
        details.append(
            SelectionPlan.Detail(
                responseKey: context.document.text(of: group.key),
                parent: Int32(truncatingIfNeeded: parent),
                nodes: NodeRange(start: nodes.count, count: group.nodes.count),
                arguments: NodeRange(start: argumentPlan.template.count, count: definition.arguments.count)
            )
        )
        nodes += group.nodes
        appendArguments(of: definition, node: group.nodes[0], index: index)
    }

    /// Merged fields have equal arguments (§5.3.2), so the first field's are everyone's.
    private mutating func appendArguments(of definition: FieldDefinition, node: Int, index: Int) {
        for argument in definition.arguments {
            let slot = argumentPlan.template.count
            let source = arguments.source(of: argument, in: context.document.fields[node].arguments)
            guard arguments.isConstant(source) else {
                argumentPlan.template.append(nil)
                argumentPlan.bindings.append(
                    ArgumentPlan.Binding(slot: slot, field: index, definition: argument, source: source)
                )
                continue
            }
            do throws(ArgumentFailure) {
                argumentPlan.template.append(try arguments.value(of: argument, from: source, []))
            } catch {
                argumentPlan.template.append(nil)
                if argumentPlan.failures[index] == nil { argumentPlan.failures[index] = error }
            }
        }
    }

    /// What lies below a composite field: one block, or one for each possible object type.
    private mutating func children(of index: Int, _ group: Group, depth: Int) throws(GraphQLErrors) -> NodeRange {
        let type = fields[index].type.named
        let selectionSets = group.nodes.compactMap { context.document.fields[$0].selectionSet }
        guard fields[index].completion == .abstract else {
            return try block(of: selectionSets, on: type, parent: index, depth: depth)
        }
        var sharing: [SharingKey: NodeRange]? = [:]
        var found: [SelectionPlan.Branch] = []
        for object in context.schema[type].possibleTypes {
            let fields = try block(of: selectionSets, on: object, parent: index, depth: depth, sharing: &sharing)
            found.append(SelectionPlan.Branch(type: object, fields: fields))
        }
        defer { branches += found }
        return NodeRange(start: branches.count, count: found.count)
    }

    // MARK: - Collecting

    private mutating func collect(
        _ selectionSet: NodeRange,
        on type: TypeID,
        into groups: inout [Group],
        visited: inout [Int],
        depth: Int
    ) throws(GraphQLErrors) {
        let limits = context.limits
        guard depth <= limits.maximumDepth else {
            throw refusal("The operation nests fields and fragments deeper than \(limits.maximumDepth) levels.")
        }
        steps += Int(selectionSet.count)
        guard steps <= limits.maximumSelectedFields * 16 else {
            throw refusal("The operation's fragments spread out too far.")
        }
        for index in selectionSet.indices {
            switch context.document.selections[index] {
            case .field(let node):
                let field = context.document.fields[node]
                guard isIncluded(field.directives) else { continue }
                append(node, field, on: type, to: &groups)
            case .inlineFragment(let node):
                let fragment = context.document.inlineFragments[node]
                guard isIncluded(fragment.directives), applies(fragment.typeCondition, to: type) else { continue }
                try collect(fragment.selectionSet, on: type, into: &groups, visited: &visited, depth: depth + 1)
            case .fragmentSpread(let node):
                let spread = context.document.fragmentSpreads[node]
                guard isIncluded(spread.directives), let index = context.fragment(named: spread.name),
                    !visited.contains(index)
                else { continue }
                visited.append(index)
                let fragment = context.document.fragments[index]
                guard applies(fragment.typeCondition, to: type) else { continue }
                try collect(fragment.selectionSet, on: type, into: &groups, visited: &visited, depth: depth + 1)
            }
        }
    }

    /// A field that the type does not have is no field, as §6.4.2 says; validation lets none through.
    private func append(_ node: Int, _ field: Field, on type: TypeID, to groups: inout [Group]) {
        let key = field.responseKey
        if let index = groups.firstIndex(where: { $0.key.hash == key.hash && context.document.isSame($0.key, key) }) {
            groups[index].nodes.append(node)
        } else if let id = context.schema.field(named: field.name, of: context.document, on: type) {
            groups.append(Group(key: key, field: id, nodes: [node]))
        }
    }

    /// Whether an object type is what a fragment's type condition asks for ("DoesFragmentTypeApply").
    private func applies(_ condition: Name?, to object: TypeID) -> Bool {
        guard let condition else { return true }
        guard let type = context.schema.type(named: condition, of: context.document) else { return false }
        return context.schema.isPossible(object, of: type)
    }

    /// §3.13.1 and §3.13.2: `@skip` wins over `@include`.
    private func isIncluded(_ directives: NodeRange) -> Bool {
        for directive in context.document.directives[directives.indices] {
            if context.document.isName(directive.name, "skip"), condition(of: directive) == true { return false }
            if context.document.isName(directive.name, "include"), condition(of: directive) == false { return false }
        }
        return true
    }

    private func condition(of directive: Directive) -> Bool? {
        for argument in context.document.arguments[directive.arguments.indices] {
            switch context.document.values[argument.value.index].kind {
            case .boolean(let value): return value
            case .variable(let name):
                guard let index = context.variable(named: name), case .boolean(let value)? = variables[index] else {
                    return nil
                }
                return value
            default: return nil
            }
        }
        return nil
    }

    private func refusal(_ message: String) -> GraphQLErrors {
        GraphQLErrors([GraphQLError(message, locations: [context.location(ofByte: context.definition.offset)])])
    }
}

/// Writes ``SelectionPlan/keys``. Names of GraphQL need no escapes (§2.1.9).
private struct KeyWriter {
    var bytes: [UInt8] = []

    mutating func append(_ key: ArraySlice<UInt8>, isFirst: Bool) {
        bytes.append(isFirst ? ASCII.leftBrace : ASCII.comma)
        bytes.append(ASCII.quotationMark)
        bytes += key
        bytes.append(ASCII.quotationMark)
        bytes.append(ASCII.colon)
    }

    mutating func append(value name: String) {
        bytes.append(ASCII.quotationMark)
        bytes += name.utf8
        bytes.append(ASCII.quotationMark)
    }
}

/// How much an executable document may hold, beyond what the specification asks for: a host's protection against documents
/// that are valid and costly.
public struct DocumentLimits: Equatable, Sendable {
    /// Fields with an alias.
    public var maximumAliases: Int
    /// Directives, wherever they stand.
    public var maximumDirectives: Int
    /// Fragment definitions.
    public var maximumFragments: Int
    /// Fields of one operation at its root, those of fragments included.
    public var maximumRootFields: Int
    /// Fields inside each other, those of fragments included.
    public var maximumDepth: Int

    public init(
        maximumAliases: Int = 1000,
        maximumDirectives: Int = 500,
        maximumFragments: Int = 200,
        maximumRootFields: Int = 200,
        maximumDepth: Int = 30
    ) {
        self.maximumAliases = maximumAliases
        self.maximumDirectives = maximumDirectives
        self.maximumFragments = maximumFragments
        self.maximumRootFields = maximumRootFields
        self.maximumDepth = maximumDepth
    }

    /// The first limit that `document` breaks, or nil. Counting comes first and is one pass over flat arrays; depth and root
    /// fields are taken of valid documents only, in which fragments make no circle.
    public func violation(in document: Document, isValid: Bool) -> Violation? {
        let aliases = document.fields.reduce(0) { $0 + ($1.alias == nil ? 0 : 1) }
        if aliases > maximumAliases { return Violation(.aliases, aliases, maximumAliases) }
        let directives = document.directives.count
        if directives > maximumDirectives { return Violation(.directives, directives, maximumDirectives) }
        let fragments = document.fragments.count
        if fragments > maximumFragments { return Violation(.fragments, fragments, maximumFragments) }
        guard isValid else { return nil }
        let measure = DocumentMeasure(document)
        for operation in document.operations {
            let extent = measure.extent(of: operation.selectionSet)
            if extent.fields > maximumRootFields { return Violation(.rootFields, extent.fields, maximumRootFields) }
            if extent.depth > maximumDepth { return Violation(.depth, extent.depth, maximumDepth) }
        }
        return nil
    }

    /// A limit, what the document has, and what it may have.
    public struct Violation: Equatable, Sendable {
        public let limit: Limit
        public let value: Int
        public let maximum: Int

        internal init(_ limit: Limit, _ value: Int, _ maximum: Int) {
            self.limit = limit
            self.value = value
            self.maximum = maximum
        }
    }

    public enum Limit: String, Sendable {
        case aliases
        case directives
        case fragments
        case rootFields
        case depth
    }
}

/// Depth and breadth of selection sets, each fragment measured once however often it is spread.
///
/// A fragment is measured after those that it spreads, so that the recursion is never deeper than one definition is nested,
/// which the parser limits. Following spreads instead, a chain of deep fragments would use up the stack.
private struct DocumentMeasure {
    struct Extent {
        /// Fields at the top, saturating.
        var fields = 0
        /// Fields inside each other.
        var depth = 0

        mutating func include(_ other: Extent) {
            fields = min(fields + other.fields, Int(Int32.max))
            depth = max(depth, other.depth)
        }
    }

    private let document: Document
    /// Which fragment each spread means, of those that exist.
    private let targets: [Int?]
    private var fragments: [Extent?]

    /// - Parameter document: Valid, so that its fragments make no circle.
    init(_ document: Document) {
        self.document = document
        targets = document.fragmentSpreads.map { spread in
            document.fragments.firstIndex { document.isSame($0.name, spread.name) }
        }
        fragments = Array(repeating: nil, count: document.fragments.count)
        for fragment in fragments.indices { measure(fragment) }
    }

    func extent(of selectionSet: NodeRange) -> Extent {
        var extent = Extent()
        for selection in document.selections[selectionSet.indices] {
            switch selection {
            case .field(let index):
                let below = document.fields[index].selectionSet.map { self.extent(of: $0).depth } ?? 0
                extent.include(Extent(fields: 1, depth: below + 1))
            case .inlineFragment(let index):
                extent.include(self.extent(of: document.inlineFragments[index].selectionSet))
            case .fragmentSpread(let index):
                if let fragment = targets[index], let known = fragments[fragment] { extent.include(known) }
            }
        }
        return extent
    }

    /// Measures a fragment, after those that it needs: each is looked through twice at most.
    private mutating func measure(_ start: Int) {
        var pending = [start]
        while let fragment = pending.last {
            let selectionSet = document.fragments[fragment].selectionSet
            let missing = fragments[fragment] == nil ? missingFragments(in: selectionSet) : []
            if !missing.isEmpty {
                pending += missing
                continue
            }
            if fragments[fragment] == nil { fragments[fragment] = extent(of: selectionSet) }
            pending.removeLast()
        }
    }

    /// The fragments spread here that have not been measured, each once.
    private func missingFragments(in selectionSet: NodeRange) -> Set<Int> {
        var missing: Set<Int> = []
        for selection in document.selections[selectionSet.indices] {
            switch selection {
            case .field(let index):
                if let inner = document.fields[index].selectionSet { missing.formUnion(missingFragments(in: inner)) }
            case .inlineFragment(let index):
                missing.formUnion(missingFragments(in: document.inlineFragments[index].selectionSet))
            case .fragmentSpread(let index):
                if let fragment = targets[index], fragments[fragment] == nil { missing.insert(fragment) }
            }
        }
        return missing
    }
}

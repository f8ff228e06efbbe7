/// What the schema says about the nodes of a document, found in one walk: each array goes along with one of the
/// document's arrays. An unknown name leaves nil, and so does everything that depends on it.
internal struct DocumentFacts {
    // MARK: Selections

    /// By field: its definition, meta fields included.
    var fieldDefinitions: [FieldID?]
    /// By field: the object, interface or union that its selection set is on.
    var fieldParents: [TypeID?]
    /// By spread: the fragment.
    var spreadTargets: [Int?]
    /// By spread: the object, interface or union that its selection set is on.
    var spreadParents: [TypeID?]
    /// By inline fragment: the type that its selection set is on; that of its surroundings if it has no condition.
    var inlineFragmentTypes: [TypeID?]
    /// By inline fragment: the type of its surroundings.
    var inlineFragmentParents: [TypeID?]
    /// By inline fragment: its type condition, of whatever kind.
    var inlineFragmentConditions: [TypeID?]
    /// By fragment: its type condition, of whatever kind.
    var fragmentConditions: [TypeID?]

    // MARK: Arguments, directives, variables

    /// By argument: its definition's index in ``Schema/inputValues``.
    var argumentDefinitions: [Int?]
    /// By directive: its definition's index in ``Schema/directives``.
    var directiveDefinitions: [Int?]
    /// By directive: where it stands; nil for those of a type system definition, which has no business in a request.
    var directiveLocations: [DirectiveLocation?]
    /// By variable definition: its type, of whatever kind.
    var variableTypes: [TypeReference?]
    /// Wherever a variable stands as a value, definition by definition.
    var variableUsages: [VariableUsage] = []
    /// The spreads, definition by definition, each definition's in the order of the document.
    var spreads: [Int] = []

    /// By operation and by fragment.
    var operationContents: [DefinitionContents]
    var fragmentContents: [DefinitionContents]

    /// A variable where it stands as a value.
    struct VariableUsage {
        let name: Name
        /// The byte of the dollar sign.
        let offset: UInt32
        /// What is expected there; nil if that is unknown or inside a custom scalar.
        let type: TypeReference?
        /// Whether the argument or input field has a default value, so that nothing need be given.
        let hasDefault: Bool
        /// The input object, if it stands directly in a field of one that takes exactly one field.
        let oneOf: TypeID?
    }

    /// What stands anywhere inside of an operation or fragment.
    struct DefinitionContents {
        /// Into ``DocumentFacts/variableUsages``.
        var usages = 0..<0
        /// Into ``DocumentFacts/spreads``.
        var spreads = 0..<0
    }

    init(of document: Document, against schema: Schema) {
        fieldDefinitions = Array(repeating: nil, count: document.fields.count)
        fieldParents = Array(repeating: nil, count: document.fields.count)
        spreadTargets = Array(repeating: nil, count: document.fragmentSpreads.count)
        spreadParents = Array(repeating: nil, count: document.fragmentSpreads.count)
        inlineFragmentTypes = Array(repeating: nil, count: document.inlineFragments.count)
        inlineFragmentParents = Array(repeating: nil, count: document.inlineFragments.count)
        inlineFragmentConditions = Array(repeating: nil, count: document.inlineFragments.count)
        fragmentConditions = Array(repeating: nil, count: document.fragments.count)
        argumentDefinitions = Array(repeating: nil, count: document.arguments.count)
        directiveDefinitions = Array(repeating: nil, count: document.directives.count)
        directiveLocations = Array(repeating: nil, count: document.directives.count)
        variableTypes = Array(repeating: nil, count: document.variableDefinitions.count)
        operationContents = Array(repeating: DefinitionContents(), count: document.operations.count)
        fragmentContents = Array(repeating: DefinitionContents(), count: document.fragments.count)

        var walk = DocumentWalk(document: document, schema: schema)
        walk.run(into: &self)
    }

    // MARK: Fragments

    /// Visits the fragments that an operation uses, directly or through others, each once.
    ///
    /// Without recursion: the longest chain of spreads is as long as the document.
    func forEachFragment(reachedFrom spreads: Range<Int>, visited: inout VisitedFragments, body: (Int) -> Void) {
        var pending: [Range<Int>] = spreads.isEmpty ? [] : [spreads]
        while let range = pending.popLast() {
            for spread in self.spreads[range] {
                guard let fragment = spreadTargets[spread], visited.insert(fragment) else { continue }
                body(fragment)
                let inner = fragmentContents[fragment].spreads
                if !inner.isEmpty { pending.append(inner) }
            }
        }
    }
}

/// Which fragments a walk has met. Cleared in no time, to be used again for the next walk.
internal struct VisitedFragments {
    private var stamps: [UInt32]
    private var stamp: UInt32 = 1

    init(count: Int) {
        stamps = Array(repeating: 0, count: count)
    }

    /// False if it was there already.
    mutating func insert(_ fragment: Int) -> Bool {
        guard stamps[fragment] != stamp else { return false }
        stamps[fragment] = stamp
        return true
    }

    func contains(_ fragment: Int) -> Bool { stamps[fragment] == stamp }

    mutating func removeAll() { stamp += 1 }
}

extension ValidationContext {
    /// Visits, for each operation, the variables used in it and in the fragments that it reaches: the usage, and the
    /// index of the operation's definition of that name, if there is one.
    ///
    /// Operations that share fragments visit them anew, so each usage is a step off the report's budget.
    func forEachVariableUsage(
        report: inout ValidationReport,
        body: (OperationDefinition, DocumentFacts.VariableUsage, Int?, inout ValidationReport) -> Void
    ) {
        guard !facts.variableUsages.isEmpty else { return }
        var visited = VisitedFragments(count: document.fragments.count)
        for (index, operation) in document.operations.enumerated() {
            let variables = VariableLookup(operation.variableDefinitions.indices, in: self)
            let contents = facts.operationContents[index]
            guard visit(contents, variables, operation, &report, body) else { return }
            visited.removeAll()
            facts.forEachFragment(reachedFrom: contents.spreads, visited: &visited) { fragment in
                _ = visit(facts.fragmentContents[fragment], variables, operation, &report, body)
            }
        }
    }

    private func visit(
        _ contents: DocumentFacts.DefinitionContents,
        _ variables: VariableLookup,
        _ operation: OperationDefinition,
        _ report: inout ValidationReport,
        _ body: (OperationDefinition, DocumentFacts.VariableUsage, Int?, inout ValidationReport) -> Void
    ) -> Bool {
        guard report.spend(contents.usages.count + contents.spreads.count + 1) else { return false }
        for index in contents.usages {
            let usage = facts.variableUsages[index]
            body(operation, usage, variables.find(usage.name, in: self), &report)
        }
        return true
    }
}

/// The variables that one operation defines, by name; of two with one name, the first.
private struct VariableLookup {
    private let definitions: Range<Int>
    private var index: NameIndex?

    init(_ definitions: Range<Int>, in context: ValidationContext) {
        self.definitions = definitions
        guard definitions.count > NameIndex.smallCount else { return }
        var index = NameIndex()
        for definition in definitions {
            let name = context.document.variableDefinitions[definition].name
            _ = index.insert(name, number: definition, of: context.document)
        }
        self.index = index
    }

    func find(_ name: Name, in context: ValidationContext) -> Int? {
        if let index { return index.find(name, of: context.document) }
        return definitions.first { context.document.isSame(context.document.variableDefinitions[$0].name, name) }
    }
}

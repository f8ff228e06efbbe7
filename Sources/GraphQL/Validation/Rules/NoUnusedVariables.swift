/// Variables that an operation defines are used in it or in the fragments that it spreads.
///
/// September 2025 §5.8.4, "All Variables Used".
internal enum NoUnusedVariables: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        let variables = context.document.variableDefinitions
        guard !variables.isEmpty else { return }
        var isUsed = [Bool](repeating: false, count: variables.count)
        context.forEachVariableUsage(report: &report) { _, _, definition, _ in
            if let definition { isUsed[definition] = true }
        }
        for operation in context.document.operations {
            let range = operation.variableDefinitions.indices
            for index in range where !isUsed[index] && !report.isAborted {
                // Of variables that share a name, which is another rule's matter, usages mean the first.
                let isSame = { context.document.isSame(variables[$0].name, variables[index].name) }
                if let first = (range.lowerBound..<index).first(where: isSame), isUsed[first] { continue }
                report.add(
                    "Variable \"$\(context.text(variables[index].name))\" is never used"
                        + (operation.name.map { " in operation \"\(context.text($0))\"." } ?? "."),
                    at: variables[index].offset
                )
            }
        }
    }
}

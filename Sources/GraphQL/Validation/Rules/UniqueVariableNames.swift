/// No two variables of an operation share a name.
///
/// September 2025 §5.8.1, "Variable Uniqueness".
internal enum UniqueVariableNames: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        let variables = context.document.variableDefinitions
        for operation in context.document.operations {
            let range = operation.variableDefinitions.indices
            for group in context.groupsOfRepeatedNames(in: range, name: { variables[$0].name }) {
                report.add(
                    "There can be only one variable named \"$\(context.text(variables[group[0]].name))\".",
                    // Of the names, behind the dollar signs.
                    at: group.map { variables[$0].name.offset }
                )
            }
        }
    }
}

/// Variables that an operation uses, through fragments too, are defined by that operation.
///
/// September 2025 §5.8.3, "All Variable Uses Defined".
internal enum NoUndefinedVariables: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        context.forEachVariableUsage(report: &report) { operation, usage, definition, report in
            guard definition == nil else { return }
            let name = context.text(usage.name)
            report.add(
                "Variable \"$\(name)\" is not defined"
                    + (operation.name.map { " by operation \"\(context.text($0))\"." } ?? "."),
                at: usage.offset,
                operation.offset
            )
        }
    }
}

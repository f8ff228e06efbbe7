/// Variables are scalars, enums, input objects, and lists of these.
///
/// September 2025 §5.8.2, "Variables Are Input Types".
internal enum VariablesAreInputTypes: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        for (index, variable) in context.document.variableDefinitions.enumerated() {
            guard let type = context.facts.variableTypes[index], !context.schema.kind(of: type.named).isInput else {
                continue
            }
            let (name, written) = (context.text(variable.name), context.schema.text(of: type))
            report.add("Variable \"$\(name)\" cannot be non-input type \"\(written)\".", at: variable.type.offset)
        }
    }
}

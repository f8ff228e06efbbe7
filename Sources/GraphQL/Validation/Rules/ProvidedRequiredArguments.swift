/// Arguments whose type is non-null and that have no default are given. Whether the value is null is another rule's
/// question.
///
/// September 2025 §5.4.3, "Required Arguments".
internal enum ProvidedRequiredArguments: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        for (index, field) in context.document.fields.enumerated() {
            guard let definition = context.facts.fieldDefinitions[index] else { continue }
            let expected = context.schema.fields[Int(definition.index)].arguments
            for missing in missing(from: field.arguments, expected, context) {
                let argument = context.schema.inputValues[missing]
                report.add(
                    "Field \"\(context.text(field.name))\" argument \"\(argument.name)\" of type"
                        + " \"\(context.schema.text(of: argument.type))\" is required, but it was not provided.",
                    at: field.offset
                )
            }
        }
        for (index, directive) in context.document.directives.enumerated() {
            guard context.facts.directiveLocations[index] != nil else { continue }
            guard let definition = context.facts.directiveDefinitions[index] else { continue }
            for missing in missing(from: directive.arguments, context.schema.directives[definition].arguments, context)
            {
                let argument = context.schema.inputValues[missing]
                report.add(
                    "Directive \"@\(context.text(directive.name))\" argument \"\(argument.name)\" of type"
                        + " \"\(context.schema.text(of: argument.type))\" is required, but it was not provided.",
                    at: directive.offset
                )
            }
        }
    }

    /// Which of the expected arguments are required and not among those given.
    private static func missing(
        from given: NodeRange,
        _ expected: Range<Int>,
        _ context: ValidationContext
    ) -> [Int] {
        var missing: [Int] = []
        for index in expected where context.schema.inputValues[index].isRequired {
            let isGiven = given.indices.contains { context.facts.argumentDefinitions[$0] == index }
            if !isGiven { missing.append(index) }
        }
        return missing
    }
}

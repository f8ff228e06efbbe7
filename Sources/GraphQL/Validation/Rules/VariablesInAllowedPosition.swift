/// A variable's type fits each place where the variable is used: the same type, or one that is never null where the
/// place would take null. A nullable variable may stand for a value that must not be null if a default of either side
/// fills in; never in the field of a OneOf input object.
///
/// September 2025 §5.8.5, "All Variable Usages Are Allowed".
internal enum VariablesInAllowedPosition: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        context.forEachVariableUsage(report: &report) { _, usage, definition, report in
            guard let definition, let location = usage.type else { return }
            guard let type = context.facts.variableTypes[definition] else { return }
            let variable = context.document.variableDefinitions[definition]

            if !isAllowed(
                type,
                defaultValue: variable.defaultValue,
                at: usage,
                expecting: location,
                in: context.document
            ) {
                report.add(
                    "Variable \"$\(context.text(usage.name))\" of type \"\(context.schema.text(of: type))\" used"
                        + " in position expecting type \"\(context.schema.text(of: location))\".",
                    at: variable.offset,
                    usage.offset
                )
            }
            if let oneOf = usage.oneOf, !type.isNonNull {
                report.add(
                    "Variable \"$\(context.text(usage.name))\" is of type \"\(context.schema.text(of: type))\" but"
                        + " must be non-nullable to be used for OneOf Input Object \"\(context.name(of: oneOf))\".",
                    at: variable.offset,
                    usage.offset
                )
            }
        }
    }

    /// IsVariableUsageAllowed().
    private static func isAllowed(
        _ variable: TypeReference,
        defaultValue: ValueIndex?,
        at usage: DocumentFacts.VariableUsage,
        expecting location: TypeReference,
        in document: Document
    ) -> Bool {
        guard location.isNonNull, !variable.isNonNull else { return areCompatible(variable, location) }
        var hasNonNullDefault = false
        if let defaultValue {
            if case .null = document.values[defaultValue.index].kind {} else { hasNonNullDefault = true }
        }
        guard hasNonNullDefault || usage.hasDefault else { return false }
        return areCompatible(variable, location.nullable)
    }

    /// AreTypesCompatible(): at each level of lists, what must not be null gets what is never null.
    private static func areCompatible(_ variable: TypeReference, _ location: TypeReference) -> Bool {
        var (variable, location) = (variable, location)
        while true {
            if location.isNonNull, !variable.isNonNull { return false }
            guard location.isList, variable.isList else {
                return location.isList == variable.isList && location.named == variable.named
            }
            (variable, location) = (variable.element, location.element)
        }
    }
}

/// Directives are defined by the schema, for the place where they stand.
///
/// September 2025 §5.7.1, "Directives Are Defined", and §5.7.2, "Directives Are in Valid Locations".
internal enum KnownDirectives: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        for (index, directive) in context.document.directives.enumerated() {
            guard let location = context.facts.directiveLocations[index] else { continue }
            guard let definition = context.facts.directiveDefinitions[index] else {
                report.add("Unknown directive \"@\(context.text(directive.name))\".", at: directive.offset)
                continue
            }
            if !context.schema.directives[definition].locations.contains(location) {
                report.add(
                    "Directive \"@\(context.text(directive.name))\" may not be used on \(location.rawValue).",
                    at: directive.offset
                )
            }
        }
    }
}

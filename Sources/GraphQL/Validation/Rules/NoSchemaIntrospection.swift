/// Where introspection is switched off, no field of the document may have one of its types: `__schema` and `__type` are
/// refused, `__typename` is not.
///
/// Not in §5; §4.5 leaves it to the service whether its schema may be asked for.
internal enum NoSchemaIntrospection: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        guard !context.options.introspection else { return }
        for (index, field) in context.document.fields.enumerated() {
            let definition = context.facts.fieldDefinitions[index]
            guard definition == context.schema.schemaField || definition == context.schema.typeField else { continue }
            report.add(
                "GraphQL introspection has been disabled, but the requested query contained the field "
                    + "\"\(context.text(field.name))\".",
                at: field.offset
            )
        }
    }
}

/// Fields exist on the type that they are selected on, or are meta fields that it has.
///
/// September 2025 §5.3.1, "Field Selections".
internal enum FieldsOnCorrectType: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        for (index, field) in context.document.fields.enumerated() where context.facts.fieldDefinitions[index] == nil {
            guard let parent = context.facts.fieldParents[index] else { continue }
            let name = context.text(field.name)
            report.add(
                "Cannot query field \"\(name)\" on type \"\(context.name(of: parent))\"."
                    + suggestion(for: name, on: parent, in: context),
                at: field.offset
            )
        }
    }

    /// Types that have the field, if the value may be one of them; otherwise fields of a similar name.
    private static func suggestion(for name: String, on parent: TypeID, in context: ValidationContext) -> String {
        guard context.options.suggestions else { return "" }
        let types = typesWithField(named: name, below: parent, in: context.schema)
        if !types.isEmpty { return Suggestions.sentence(types, as: "to use an inline fragment on") }
        let fields = context.schema.fields[context.schema[parent].fields]
        return context.didYouMean(name, among: fields.lazy.map(\.name))
    }

    /// The possible types that have such a field and the interfaces through which they have it: what most of them share
    /// first, then interfaces before what implements them, then by name.
    private static func typesWithField(named name: String, below parent: TypeID, in schema: Schema) -> [String] {
        guard schema.kind(of: parent).isAbstract else { return [] }
        var counts: [TypeID: Int] = [:]
        for possible in schema[parent].possibleTypes where schema.field(named: name, on: possible) != nil {
            counts[possible] = 1
            for interface in schema[possible].interfaces where schema.field(named: name, on: interface) != nil {
                counts[interface, default: 0] += 1
            }
        }
        let sorted = counts.sorted { one, other in
            if one.value != other.value { return one.value > other.value }
            if schema[other.key].interfaces.contains(one.key) { return true }
            if schema[one.key].interfaces.contains(other.key) { return false }
            return Suggestions.precedes(schema[one.key].name, schema[other.key].name)
        }
        return sorted.map { schema[$0.key].name }
    }
}

/// A field is given once in an input object.
///
/// September 2025 §5.6.3, "Input Object Field Uniqueness".
internal enum UniqueInputFieldNames: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        let fields = context.document.objectFields
        guard fields.count > 1 else { return }
        for value in context.document.values {
            guard case .object(let range) = value.kind else { continue }
            for (first, later) in context.repeatedNames(in: range.indices, name: { fields[$0].name }) {
                report.add(
                    "There can be only one input field named \"\(context.text(fields[later].name))\".",
                    at: fields[first].name.offset,
                    fields[later].name.offset
                )
            }
        }
    }
}

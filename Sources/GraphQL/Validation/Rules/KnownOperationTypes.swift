/// The schema has a root type for the kind of each operation.
///
/// September 2025 §5.2.1.1, "Operation Type Existence".
internal enum KnownOperationTypes: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        for operation in context.document.operations where context.schema.rootType(of: operation.kind) == nil {
            report.add(
                "The \(operation.kind.rawValue) operation is not supported by the schema.",
                at: operation.offset
            )
        }
    }
}

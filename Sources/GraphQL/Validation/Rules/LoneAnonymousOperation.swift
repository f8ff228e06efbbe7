/// An operation without a name stands alone: nothing could choose it among others.
///
/// September 2025 §5.2.3.1, "Lone Anonymous Operation".
internal enum LoneAnonymousOperation: ValidationRule {
    static func check(_ context: ValidationContext, report: inout ValidationReport) {
        guard context.document.operations.count > 1 else { return }
        for operation in context.document.operations where operation.name == nil {
            report.add("This anonymous operation must be the only defined operation.", at: operation.offset)
        }
    }
}

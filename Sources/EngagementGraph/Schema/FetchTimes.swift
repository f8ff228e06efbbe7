public import GraphQL

extension EngagementSchema {
    /// Whether the answer to `operation` shows when numbers were fetched, and so changes when they are fetched again.
    public func showsFetchTimes(_ operation: Operation) -> Bool {
        (0..<operation.fieldCount).contains { index in
            let field = operation[index]
            return field.role == .resolved && binding(of: field.field) == .asOf
        }
    }
}

internal import GraphQL

/// How the nested selection of an operation becomes a table: one column for each leaf field, in the order of the selection.
///
/// - A field of an object gives a column of its own, named by the path below the rows with dots: `totals.favorites`.
/// - A list repeats what stands beside it: each element is a row, and the values of its parents stand in every one of them.
/// - So that rows are not multiplied with each other, there may be one list at each level.
internal struct RowColumns: Sendable {
    /// The names, in order.
    let names: [String]
    /// For each field of the operation its column, or -1.
    let columns: [Int]

    /// - Throws: ``RowShapeError`` if the selection has lists side by side.
    init(_ operation: Operation) throws(RowShapeError) {
        var builder = Builder(operation: operation, columns: Array(repeating: -1, count: operation.fieldCount))
        let roots = operation.rootFields
        // A single root field is what the rows are; its name would stand before every column.
        let isNamedByRoot = roots.count > 1
        try builder.add(roots, prefix: "", level: "the operation", omitsNames: !isNamedByRoot)
        names = builder.names
        columns = builder.columns
    }

    private struct Builder {
        let operation: Operation
        var names: [String] = []
        var columns: [Int]

        /// Returns the list among `fields` or inside their objects, if there is one.
        @discardableResult
        mutating func add(
            _ fields: Range<Int>,
            prefix: String,
            level: String,
            omitsNames: Bool = false
        ) throws(RowShapeError) -> String? {
            var list: String?
            for index in fields {
                let field = operation[index]
                let key = operation.responseKey(of: field)
                guard field.isComposite else {
                    columns[index] = names.count
                    names.append(prefix + key)
                    continue
                }
                let below = omitsNames ? "" : prefix + key + "."
                let inner = try add(operation.children(of: field), prefix: below, level: "\"\(key)\"")
                guard let found = field.type.isList ? key : inner else { continue }
                if let list { throw RowShapeError(level: level, lists: [list, found]) }
                list = found
            }
            return list
        }
    }
}

/// Why an operation has no rows.
internal struct RowShapeError: Error {
    /// Where the lists stand.
    let level: String
    let lists: [String]

    var message: String {
        """
        Rows need at most one list at each level, but \(level) has \(lists.joined(separator: " and ")) side by side. \
        Ask for them in separate operations, or as JSON.
        """
    }
}

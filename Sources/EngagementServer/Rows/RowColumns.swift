internal import GraphQL

/// How the nested selection of an operation becomes a table: one column for each leaf field, in the order of the selection.
///
/// - A field of an object gives a column of its own, named by the path below the rows with dots: `totals.favorites`.
/// - A list repeats what stands beside it: each element is a row, and the values of its parents stand in every one of them.
/// - So that rows are not multiplied with each other, there may be one list at each level.
internal struct RowColumns: Sendable {
    /// In order.
    let list: [RowColumn]
    /// For each field of the operation its place in ``list``, or -1.
    let places: [Int]

    /// - Throws: ``RowShapeError`` if the selection has lists side by side, or what no row can show.
    init(_ operation: Operation) throws(RowShapeError) {
        var builder = Builder(operation: operation, places: Array(repeating: -1, count: operation.fieldCount))
        let roots = operation.rootFields
        // A single root field is what the rows are; its name would stand before every column.
        let isNamedByRoot = roots.count > 1
        try builder.add(roots, prefix: "", level: "the operation", omitsNames: !isNamedByRoot)
        list = builder.columns
        places = builder.places
    }

    private struct Builder {
        let operation: Operation
        var columns: [RowColumn] = []
        var places: [Int]

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
                    guard !field.type.isList else { throw .unknownShape(key) }
                    places[index] = columns.count
                    columns.append(RowColumn(prefix + key, field, operation.schema))
                    continue
                }
                guard field.role == .resolved else { throw .unknownShape(key) }
                let below = omitsNames ? "" : prefix + key + "."
                let inner = try add(operation.children(of: field), prefix: below, level: "\"\(key)\"")
                guard let found = field.type.isList ? key : inner else { continue }
                if let list { throw .listsSideBySide([list, found], level: level) }
                list = found
            }
            return list
        }
    }
}

/// One column: what it is called, and what its values are.
internal struct RowColumn: Sendable {
    /// The path below the rows, with dots.
    let name: String
    let kind: Kind
    /// What the schema says of the field.
    let description: String?
    /// The values of an enum, empty for everything else.
    let choices: [String]

    /// What values can be; any of them may be missing besides.
    enum Kind: Sendable {
        case boolean
        /// Up to 64 bits.
        case integer
        case number
        /// Digits, but a name and no number: too long for what spreadsheets and JavaScript count with.
        case identifier
        /// RFC 3339.
        case dateTime
        case date
        case text
    }

    init(_ name: String, _ field: SelectedField, _ schema: Schema) {
        self.name = name
        description = field.role == .resolved ? schema[field.field].description : nil
        let type = schema[field.type.named]
        choices = type.enumValues.map { schema.enumValues[$0].name }
        kind = Kind(typeName: field.role == .resolved ? type.name : "String")
    }
}

extension RowColumn.Kind {
    /// By the name of a scalar type.
    init(typeName: String) {
        switch typeName {
        case "Boolean": self = .boolean
        case "Int", "Long": self = .integer
        case "Float": self = .number
        case "ID": self = .identifier
        case "DateTime": self = .dateTime
        case "Date": self = .date
        default: self = .text
        }
    }
}

/// Why an operation has no rows.
internal enum RowShapeError: Error {
    /// Lists that would multiply each other, and where they stand.
    case listsSideBySide([String], level: String)
    /// A field that is neither a value nor an object nor a list of objects, such as introspection.
    case unknownShape(String)

    var message: String {
        switch self {
        case .listsSideBySide(let lists, let level):
            """
            Rows need at most one list at each level, but \(level) has \(lists.joined(separator: " and ")) side by side. \
            Ask for them in separate operations, or as JSON.
            """
        case .unknownShape(let field): "Rows have no place for \"\(field)\". Ask for it as JSON."
        }
    }
}

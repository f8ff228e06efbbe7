internal import GraphQL

/// What stands in one column of one row.
internal enum RowValue: Sendable {
    /// There is no value.
    case null
    case boolean(Bool)
    case integer(Int64)
    case number(Double)
    /// A name of digits.
    case identifier(UInt64)
    case text(String)
    /// A text of at most 24 plain characters: dates.
    case inline(InlineText)
}

/// Walks an answer like the executor does, but row by row: for each row it has one value for every column.
internal struct RowReader<Resolver: ObjectResolver> {
    private let operation: Operation
    private let resolver: Resolver
    private let columns: RowColumns
    private var row: [RowValue]

    init(_ operation: Operation, _ resolver: Resolver, _ columns: RowColumns) {
        self.operation = operation
        self.resolver = resolver
        self.columns = columns
        row = Array(repeating: .null, count: columns.list.count)
    }

    /// Calls `emit` for each row.
    mutating func read(_ emit: ([RowValue]) -> Void) {
        read(operation.rootFields, of: resolver.rootObject, emit)
    }

    /// Leaves and single objects first, so that their values stand in every row of the list beside or inside them.
    private mutating func read(_ fields: Range<Int>, of object: Resolver.Object, _ emit: ([RowValue]) -> Void) {
        var list: (field: SelectedField, object: Resolver.Object)?
        fill(fields, of: object, list: &list)
        guard let list else {
            emit(row)
            return
        }
        let children = operation.children(of: list.field)
        switch resolver.resolve(list.field, of: list.object, in: operation) {
        case .objects(let count, let element):
            for index in 0..<count { read(children, of: element(index), emit) }
        case .list(let count, let element):
            for index in 0..<count {
                guard case .object(let object) = element(index) else { continue }
                read(children, of: object, emit)
            }
        default: break
        }
    }

    /// Fills the columns of `fields`, those of objects among them too, and finds the one list.
    private mutating func fill(
        _ fields: Range<Int>,
        of object: Resolver.Object,
        list: inout (field: SelectedField, object: Resolver.Object)?
    ) {
        for index in fields {
            let field = operation[index]
            if field.type.isList {
                list = (field, object)
            } else if field.isComposite {
                switch resolver.resolve(field, of: object, in: operation) {
                case .object(let child): fill(operation.children(of: field), of: child, list: &list)
                default: clear(operation.children(of: field))
                }
            } else {
                row[columns.places[index]] = value(field, of: object)
            }
        }
    }

    /// An object that is not there leaves nothing of the row before in its columns.
    private mutating func clear(_ fields: Range<Int>) {
        for index in fields {
            let field = operation[index]
            if field.isComposite {
                clear(operation.children(of: field))
            } else {
                row[columns.places[index]] = .null
            }
        }
    }

    private func value(_ field: SelectedField, of object: Resolver.Object) -> RowValue {
        if field.role == .typename { return .text(operation.schema[field.parentType].name) }
        switch resolver.resolve(field, of: object, in: operation) {
        case .null, .failure, .object, .objects, .list, .json: return .null
        case .boolean(let value): return .boolean(value)
        case .int(let value): return .integer(value)
        case .float(let value): return value.isFinite ? .number(value) : .null
        case .string(let text): return .text(text)
        case .identifier(let id): return .identifier(id)
        case .ascii(let text): return .inline(text)
        case .enumValue(let index): return .text(operation.schema.enumValues[index].name)
        }
    }
}

internal import Bytes
internal import GraphQL
internal import JSON

/// Walks an answer like the executor does, but row by row: for each row it has one text for every column.
internal struct RowWriter<Resolver: ObjectResolver> {
    private let operation: Operation
    private let resolver: Resolver
    private let columns: RowColumns
    private var row: [Cell]

    /// What stands in a row's column.
    enum Cell: Sendable {
        case empty
        /// A number, true or false: printed as it is.
        case literal(String)
        case text(String)
    }

    init(_ operation: Operation, _ resolver: Resolver, _ columns: RowColumns) {
        self.operation = operation
        self.resolver = resolver
        self.columns = columns
        row = Array(repeating: .empty, count: columns.names.count)
    }

    /// Calls `emit` for each row.
    mutating func write(_ emit: ([Cell]) -> Void) {
        write(operation.rootFields, of: resolver.rootObject, emit)
    }

    /// Leaves and single objects first, so that their values stand in every row of the list beside or inside them.
    private mutating func write(_ fields: Range<Int>, of object: Resolver.Object, _ emit: ([Cell]) -> Void) {
        var list: (field: SelectedField, object: Resolver.Object)?
        fill(fields, of: object, list: &list)
        guard let list else {
            emit(row)
            return
        }
        let children = operation.children(of: list.field)
        switch resolver.resolve(list.field, of: list.object, in: operation) {
        case .objects(let count, let element):
            for index in 0..<count { write(children, of: element(index), emit) }
        case .list(let count, let element):
            for index in 0..<count {
                guard case .object(let object) = element(index) else { continue }
                write(children, of: object, emit)
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
                guard case .object(let child) = resolver.resolve(field, of: object, in: operation) else { continue }
                fill(operation.children(of: field), of: child, list: &list)
            } else {
                row[columns.columns[index]] = cell(field, of: object)
            }
        }
    }

    private func cell(_ field: SelectedField, of object: Resolver.Object) -> Cell {
        if field.role == .typename { return .text(operation.schema[field.parentType].name) }
        switch resolver.resolve(field, of: object, in: operation) {
        case .null, .failure, .object, .objects, .list, .json: return .empty
        case .boolean(let value): return .literal(value ? "true" : "false")
        case .int(let value): return .literal(String(value))
        case .float(let value): return .literal("\(value)")
        case .string(let text): return .text(text)
        case .identifier(let id): return .text(String(id))
        case .ascii(let text): return .text(text.text)
        case .enumValue(let index): return .text(operation.schema.enumValues[index].name)
        }
    }
}

internal import Bytes
internal import GraphQL
internal import JSON

/// Writes entities (JSON Format 4.0 §6, §12): what is between the brackets of `value`, or one of them alone.
internal struct ODataWriter: Sendable {
    let set: ODataSet
    /// `http://host/odata`, or `/odata` if nobody knows the host.
    let root: String
    let format: ODataFormat
    /// Places of the properties that are shown, in the order of the table.
    let shown: [Int]
    /// Whether that is a choice of the request.
    let isSelected: Bool

    /// One row: the values of the table's properties. Those that are not shown may be null.
    typealias Row = [RowValue]

    /// `@odata.context` (Protocol 4.0 §10).
    func context(isEntity: Bool) -> String {
        let names = shown.map { set.table.properties[$0].name }.joined(separator: ",")
        return "\(root)/$metadata#\(set.name)" + (isSelected ? "(\(names))" : "") + (isEntity ? "/$entity" : "")
    }

    /// What stands before the first entity.
    func begin(count: Int?, _ buffer: inout ByteBuffer) {
        buffer.append(ASCII.leftBrace)
        if format.metadata != .none {
            buffer.append("\"@odata.context\":")
            buffer.append(jsonString: context(isEntity: false))
            buffer.append(ASCII.comma)
        }
        if let count {
            buffer.append("\"@odata.count\":")
            append(.integer(Int64(count)), .int64, to: &buffer)
            buffer.append(ASCII.comma)
        }
        buffer.append("\"value\":[")
    }

    /// What stands behind the last one.
    func end(nextLink: String?, _ buffer: inout ByteBuffer) {
        buffer.append("]")
        if let nextLink {
            buffer.append(",\"@odata.nextLink\":")
            buffer.append(jsonString: nextLink)
        }
        buffer.append("}\n")
    }

    /// - Parameter absence: Why the number of a property is not there, as a code.
    func append(
        _ row: Row,
        isEntity: Bool = false,
        to buffer: inout ByteBuffer,
        absence: (_ property: Int) -> String? = { _ in nil }
    ) {
        var separator = ASCII.leftBrace
        func next(_ buffer: inout ByteBuffer) {
            buffer.append(separator)
            separator = ASCII.comma
        }
        if isEntity, format.metadata != .none {
            next(&buffer)
            buffer.append("\"@odata.context\":")
            buffer.append(jsonString: context(isEntity: true))
        }
        if format.metadata == .full {
            next(&buffer)
            buffer.append("\"@odata.type\":\"#EngageQL.\(set.table.typeName)\",\"@odata.id\":")
            buffer.append(jsonString: "\(root)/\(set.name)\(key(of: row))")
        }
        for place in shown {
            let property = set.table.properties[place]
            if format.metadata == .full, !property.type.isPlainInJSON {
                next(&buffer)
                buffer.append("\"\(property.name)@odata.type\":\"#\(property.type.rawValue.dropFirst(4))\"")
            }
            if case .null = row[place], format.hasAnnotations, let code = absence(place) {
                next(&buffer)
                buffer.append("\"\(property.name)@\(ODataFormat.absence)\":")
                buffer.append(jsonString: code)
            }
            next(&buffer)
            buffer.append("\"\(property.name)\":")
            append(row[place], property.type, to: &buffer)
        }
        buffer.append(shown.isEmpty && separator == ASCII.leftBrace ? "{}" : "}")
    }

    private func append(_ value: RowValue, _ type: EdmType, to buffer: inout ByteBuffer) {
        switch value {
        case .null: buffer.append("null")
        case .boolean(let value): buffer.append(jsonBoolean: value)
        case .integer(let value):
            let isQuoted = format.isIEEE754Compatible && type == .int64
            if isQuoted { buffer.append(ASCII.quotationMark) }
            buffer.append(decimal: value)
            if isQuoted { buffer.append(ASCII.quotationMark) }
        case .number(let value): buffer.append(jsonNumber: value)
        case .identifier(let id):
            buffer.append(ASCII.quotationMark)
            buffer.append(decimal: id)
            buffer.append(ASCII.quotationMark)
        case .text(let text): buffer.append(jsonString: text)
        case .inline(let text): buffer.append(jsonString: text.text)
        }
    }

    /// The key as it stands in a URL: none of its values has a character that would have to be escaped but the colon of times,
    /// which may stand in a path.
    private func key(of row: Row) -> String {
        let table = set.table
        let pairs = (0..<table.keyCount).map { place in
            let value =
                switch row[place] {
                case .identifier(let id): String(id)
                case .text(let text): text
                case .inline(let text): text.text
                default: ""
                }
            let literal = table.properties[place].type == .string ? "'\(value)'" : value
            return table.keyCount == 1 ? literal : "\(table.properties[place].name)=\(literal)"
        }
        return "(" + pairs.joined(separator: ",") + ")"
    }
}

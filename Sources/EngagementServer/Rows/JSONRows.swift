internal import Bytes
internal import GraphQL
internal import JSON

/// Rows as flat JSON objects: one on each line (NDJSON), or as an array, whose closing bracket is its end.
internal struct JSONRows: RowNotation {
    private let isArray: Bool
    /// For each column its name with quotation marks and colon, and the comma or brace before it.
    private let keys: [[UInt8]]

    init(_ columns: RowColumns, isArray: Bool) {
        self.isArray = isArray
        keys = columns.list.enumerated().map { index, column in
            var buffer = ByteBuffer()
            buffer.append(index == 0 ? ASCII.leftBrace : ASCII.comma)
            buffer.append(jsonString: column.name)
            buffer.append(ASCII.colon)
            return buffer.freeze().array
        }
    }

    func begin(_ buffer: inout ByteBuffer) { if isArray { buffer.append(ASCII.leftBracket) } }

    func append(_ row: [RowValue], isFirst: Bool, to buffer: inout ByteBuffer) {
        if isArray {
            if !isFirst { buffer.append(ASCII.comma) }
            buffer.append(ASCII.lineFeed)
        }
        if row.isEmpty { buffer.append(ASCII.leftBrace) }
        for (key, value) in zip(keys, row) {
            buffer.append(key)
            append(value, to: &buffer)
        }
        buffer.append(ASCII.rightBrace)
        if !isArray { buffer.append(ASCII.lineFeed) }
    }

    func end(_ buffer: inout ByteBuffer) { if isArray { buffer.append("\n]\n") } }

    private func append(_ value: RowValue, to buffer: inout ByteBuffer) {
        switch value {
        case .null: buffer.append("null")
        case .boolean(let value): buffer.append(jsonBoolean: value)
        case .integer(let value): buffer.append(decimal: value)
        case .number(let value): buffer.append(jsonNumber: value)
        case .identifier(let id):
            buffer.append(ASCII.quotationMark)
            buffer.append(decimal: id)
            buffer.append(ASCII.quotationMark)
        case .text(let text): buffer.append(jsonString: text)
        case .inline(let text):
            buffer.append(ASCII.quotationMark)
            buffer.append(text)
            buffer.append(ASCII.quotationMark)
        }
    }
}

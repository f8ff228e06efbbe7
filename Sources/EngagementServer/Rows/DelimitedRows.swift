internal import Bytes
internal import GraphQL

/// Comma-separated values as RFC 4180 writes them: a header line, CRLF, quotation marks where they are needed or wanted.
internal struct DelimitedRows: RowNotation {
    private let columns: RowColumns
    private let options: RowOptions
    private let separator: UInt8

    init(_ columns: RowColumns, _ options: RowOptions) {
        self.columns = columns
        self.options = options
        separator = options.separator
    }

    func begin(_ buffer: inout ByteBuffer) {
        if options.hasByteOrderMark { buffer.append("\u{FEFF}") }
        guard options.hasHeader else { return }
        for (index, column) in columns.list.enumerated() {
            if index > 0 { buffer.append(separator) }
            append(text: column.name, to: &buffer)
        }
        endLine(&buffer)
    }

    func append(_ row: [RowValue], isFirst: Bool, to buffer: inout ByteBuffer) {
        for (index, value) in row.enumerated() {
            if index > 0 { buffer.append(separator) }
            append(value, to: &buffer)
        }
        // A line without anything is one that readers pass over.
        if row.count == 1, case .null = row[0] { buffer.append("\"\"") }
        endLine(&buffer)
    }

    func end(_ buffer: inout ByteBuffer) {}

    private func append(_ value: RowValue, to buffer: inout ByteBuffer) {
        let isQuoted = options.quoting == .nonnumeric
        switch value {
        case .null: break
        case .boolean(let value): append(text: value ? "true" : "false", to: &buffer)
        case .integer(let value): buffer.append(decimal: value)
        case .number(let value): append(number: value, to: &buffer)
        case .identifier(let id):
            if options.quoting == .excel { buffer.append("\"=\"\"") } else if isQuoted { buffer.append("\"") }
            buffer.append(decimal: id)
            if options.quoting == .excel { buffer.append("\"\"\"") } else if isQuoted { buffer.append("\"") }
        case .text(let text): append(text: text, to: &buffer)
        case .inline(let text):
            if isQuoted || separator != ASCII.comma { return append(text: text.text, to: &buffer) }
            // Dates: plain characters without a comma.
            buffer.append(text)
        }
    }

    private func append(number: Double, to buffer: inout ByteBuffer) {
        guard options.hasDecimalComma else { return buffer.append("\(number)") }
        let isQuoted = separator == ASCII.comma
        if isQuoted { buffer.append(ASCII.quotationMark) }
        for byte in "\(number)".utf8 { buffer.append(byte == ASCII.fullStop ? ASCII.comma : byte) }
        if isQuoted { buffer.append(ASCII.quotationMark) }
    }

    /// RFC 4180 §2.5 to §2.7.
    private func append(text: String, to buffer: inout ByteBuffer) {
        let isQuoted = options.quoting == .nonnumeric || text.utf8.contains(where: isSpecial)
        if isQuoted { buffer.append(ASCII.quotationMark) }
        if FormulaGuard.isNeeded(text) { buffer.append(FormulaGuard.mark) }
        for byte in text.utf8 {
            if byte == ASCII.quotationMark { buffer.append(byte) }
            buffer.append(byte)
        }
        if isQuoted { buffer.append(ASCII.quotationMark) }
    }

    private func endLine(_ buffer: inout ByteBuffer) {
        buffer.append(ASCII.carriageReturn)
        buffer.append(ASCII.lineFeed)
    }

    private func isSpecial(_ byte: UInt8) -> Bool {
        byte == separator || byte == ASCII.comma || byte == ASCII.quotationMark || byte == ASCII.lineFeed
            || byte == ASCII.carriageReturn
    }
}

/// Tab-separated values as their registration at IANA has them: lines without quotation marks, values without tabs and line
/// ends, which become spaces.
internal struct TabbedRows: RowNotation {
    private let columns: RowColumns
    private let options: RowOptions

    init(_ columns: RowColumns, _ options: RowOptions) {
        self.columns = columns
        self.options = options
    }

    func begin(_ buffer: inout ByteBuffer) {
        if options.hasByteOrderMark { buffer.append("\u{FEFF}") }
        guard options.hasHeader else { return }
        append(columns.list.map { .text($0.name) }, isFirst: true, to: &buffer)
    }

    func append(_ row: [RowValue], isFirst: Bool, to buffer: inout ByteBuffer) {
        for (index, value) in row.enumerated() {
            if index > 0 { buffer.append(ASCII.tab) }
            append(value, to: &buffer)
        }
        buffer.append(ASCII.lineFeed)
    }

    func end(_ buffer: inout ByteBuffer) {}

    private func append(_ value: RowValue, to buffer: inout ByteBuffer) {
        switch value {
        case .null: break
        case .boolean(let value): buffer.append(value ? "true" : "false")
        case .integer(let value): buffer.append(decimal: value)
        case .number(let value):
            for byte in "\(value)".utf8 {
                buffer.append(options.hasDecimalComma && byte == ASCII.fullStop ? ASCII.comma : byte)
            }
        case .identifier(let id): buffer.append(decimal: id)
        case .inline(let text): buffer.append(text)
        case .text(let text):
            if FormulaGuard.isNeeded(text) { buffer.append(FormulaGuard.mark) }
            for byte in text.utf8 { buffer.append(byte < ASCII.space ? ASCII.space : byte) }
        }
    }
}

/// Against texts that a spreadsheet would take for a formula, and carry out on the machine of whoever opens the file: they get
/// an apostrophe in front. Numbers are never touched.
internal enum FormulaGuard {
    static let mark = UInt8(ascii: "'")

    static func isNeeded(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first else { return false }
        switch first {
        case "=", "+", "-", "@", "\t", "\r", "\n": return true
        // Their full-width forms, which some take for the same.
        case "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": return true
        default: return false
        }
    }
}

internal import Bytes

/// Comma-separated values as RFC 4180 writes them: a header line, CRLF, quotation marks where they are needed.
internal struct CSVText: ~Copyable {
    static let mediaType = "text/csv; charset=utf-8; header=present"

    private var buffer = ByteBuffer(capacity: 4096)

    init(header: [String]) {
        for (index, name) in header.enumerated() {
            if index > 0 { buffer.append(ASCII.comma) }
            append(text: name)
        }
        endLine()
    }

    /// Appends a row of as many cells as the header has names.
    mutating func append<Resolver>(_ row: [RowWriter<Resolver>.Cell]) {
        for (index, cell) in row.enumerated() {
            if index > 0 { buffer.append(ASCII.comma) }
            switch cell {
            case .empty: continue
            case .literal(let text): buffer.append(text)
            case .text(let text): append(text: text)
            }
        }
        endLine()
    }

    consuming func finish() -> ByteString { buffer.freeze() }

    /// RFC 4180 §2.5 to §2.7. A text that a spreadsheet would take for a formula gets an apostrophe in front.
    private mutating func append(text: String) {
        let bytes = text.utf8
        let isFormula = bytes.first.map(CSVText.formulaStarts.contains) ?? false
        let isQuoted = bytes.contains(where: CSVText.isSpecial)
        if isQuoted { buffer.append(ASCII.quotationMark) }
        if isFormula { buffer.append(UInt8(ascii: "'")) }
        for byte in bytes {
            if byte == ASCII.quotationMark { buffer.append(byte) }
            buffer.append(byte)
        }
        if isQuoted { buffer.append(ASCII.quotationMark) }
    }

    private mutating func endLine() {
        buffer.append(ASCII.carriageReturn)
        buffer.append(ASCII.lineFeed)
    }

    private static let formulaStarts: Set<UInt8> = [
        ASCII.equalsSign, ASCII.plusSign, ASCII.hyphen, ASCII.atSign, ASCII.tab, ASCII.carriageReturn,
    ]

    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte == ASCII.comma || byte == ASCII.quotationMark || byte == ASCII.lineFeed || byte == ASCII.carriageReturn
    }
}

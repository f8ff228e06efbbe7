internal import Bytes

/// How rows are written as bytes. One value writes one table: its parts may be sent as they come.
internal protocol RowNotation: Sendable {
    /// What stands before the first row.
    func begin(_ buffer: inout ByteBuffer)

    /// Appends a row of as many values as there are columns.
    func append(_ row: [RowValue], isFirst: Bool, to buffer: inout ByteBuffer)

    /// What stands behind the last row.
    func end(_ buffer: inout ByteBuffer)
}

/// Rows on their way to bytes: what has been written since somebody took it away.
internal struct RowText: ~Copyable {
    private let notation: any RowNotation
    private var buffer = ByteBuffer(capacity: 4096)
    /// How many rows there were so far.
    private(set) var count = 0

    init(_ notation: any RowNotation) {
        self.notation = notation
        notation.begin(&buffer)
    }

    mutating func append(_ row: [RowValue]) {
        notation.append(row, isFirst: count == 0, to: &buffer)
        count += 1
    }

    mutating func end() { notation.end(&buffer) }

    /// What has been written since the last call.
    mutating func take() -> ByteString {
        var full = ByteBuffer(capacity: 4096)
        swap(&full, &buffer)
        return full.freeze()
    }
}

extension RowFormat {
    /// The notation of a table with these columns.
    func notation(_ columns: RowColumns, _ options: RowOptions) -> any RowNotation {
        switch self {
        case .csv: DelimitedRows(columns, options)
        case .tsv: TabbedRows(columns, options)
        case .ndjson: JSONRows(columns, isArray: false)
        case .json: JSONRows(columns, isArray: true)
        }
    }
}

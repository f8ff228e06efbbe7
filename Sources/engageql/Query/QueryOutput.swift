import ArgumentParser
import JSON

/// How `engageql query` shows rows.
enum QueryFormat: String, CaseIterable, ExpressibleByArgument {
    case table
    case sparkline
    case csv
    case tsv
    case ndjson
    case json

    /// What is asked of the server for it.
    var notation: QueryNotation {
        switch self {
        case .csv: .csv
        case .tsv: .tsv
        case .ndjson, .json, .table, .sparkline: .ndjson
        }
    }

    /// The format that a file's name ends with.
    init?(ending path: String) {
        guard let dot = path.lastIndex(of: "."),
            let format = QueryFormat(rawValue: String(path[path.index(after: dot)...])),
            format != .table, format != .sparkline
        else { return nil }
        self = format
    }

    var output: any QueryOutput {
        switch self {
        case .csv, .tsv, .ndjson: PlainOutput()
        case .json: JSONOutput()
        case .table: TableOutput()
        case .sparkline: SparklineOutput()
        }
    }
}

/// Shows rows, page by page.
protocol QueryOutput {
    mutating func append(_ page: QueryPage, to writer: QueryWriter) throws
    mutating func finish(_ writer: QueryWriter) throws
}

/// Rows as the server wrote them.
struct PlainOutput: QueryOutput {
    func append(_ page: QueryPage, to writer: QueryWriter) throws { try writer.write(page.body) }
    func finish(_ writer: QueryWriter) {}
}

/// Rows as one array.
struct JSONOutput: QueryOutput {
    private var isEmpty = true

    mutating func append(_ page: QueryPage, to writer: QueryWriter) throws {
        var bytes: [UInt8] = []
        for line in page.body.split(separator: UInt8(ascii: "\n")) {
            bytes += (isEmpty ? "[\n" : ",\n").utf8
            bytes += line
            isEmpty = false
        }
        try writer.write(bytes)
    }

    func finish(_ writer: QueryWriter) throws { try writer.write(isEmpty ? "[\n]\n" : "\n]\n") }
}

extension QueryPage {
    /// The rows of NDJSON: names of columns and values, in order.
    func rows() throws(JSONError) -> [[JSONValue.Member]] {
        var rows: [[JSONValue.Member]] = []
        for line in body.split(separator: UInt8(ascii: "\n")) {
            rows.append(try JSONValue(parsing: Array(line)).members ?? [])
        }
        return rows
    }
}

import Foundation
import JSON

/// Rows for eyes: columns as wide as the first page needs, numbers to the right, a dash for what is not known.
struct TableOutput: QueryOutput {
    private var columns: [Column] = []

    private struct Column {
        let name: String
        let isNumber: Bool
        var width: Int
    }

    mutating func append(_ page: QueryPage, to writer: QueryWriter) throws {
        let rows = try page.rows()
        var text = ""
        if columns.isEmpty, let first = rows.first {
            columns = first.indices.map { index in
                let values = rows.map { $0[index].value }
                let name = DiagnosticText.plain(first[index].name)
                let widths = values.map { NumberText.text($0).count }
                return Column(
                    name: name,
                    isNumber: values.allSatisfy { $0.isNumber || $0 == .null },
                    width: max(name.count, widths.max() ?? 0)
                )
            }
            text += line(columns.map(\.name)) + line(columns.map { String(repeating: "─", count: $0.width) })
        }
        for row in rows { text += line(row.map { NumberText.text($0.value) }) }
        try writer.write(text)
    }

    func finish(_ writer: QueryWriter) {
        if columns.isEmpty { Terminal.complain("the answer has no rows") }
    }

    private func line(_ values: [String]) -> String {
        var line = ""
        for (column, value) in zip(columns, values) {
            let space = String(repeating: " ", count: max(0, column.width - value.count))
            line += (line.isEmpty ? "" : "  ") + (column.isNumber ? space + value : value + space)
        }
        while line.last == " " { line.removeLast() }
        return line + "\n"
    }
}

/// Values for eyes.
enum NumberText {
    static let unknown = "-"

    static func text(_ value: JSONValue) -> String {
        switch value {
        case .null: unknown
        case .boolean(let value): "\(value)"
        case .integer(let value): grouped(value)
        case .number(let value): text(value)
        case .string(let text): DiagnosticText.plain(text)
        case .array, .object: "…"
        }
    }

    /// Four digits behind the point, which is enough for rates.
    static func text(_ value: Double) -> String {
        let text = String(format: "%.4f", value)
        guard let point = text.firstIndex(of: "."), let whole = Int64(text[..<point]) else { return text }
        let sign = whole == 0 && value < 0 && text.hasPrefix("-") ? "-" : ""
        return sign + grouped(whole) + text[point...]
    }

    /// `1,234,567`.
    static func grouped(_ value: Int64) -> String {
        var text = ""
        for (place, digit) in String(value.magnitude).reversed().enumerated() {
            if place > 0, place % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return (value < 0 ? "-" : "") + String(text.reversed())
    }
}

extension JSONValue {
    var isNumber: Bool {
        switch self {
        case .integer, .number: true
        default: false
        }
    }

    /// The value of a number as one that can be drawn; nil for every other kind.
    var magnitude: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }
}

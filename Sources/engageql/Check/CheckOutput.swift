import Bytes
import Foundation
import GraphQL
import JSON

/// What `engageql check` prints.
struct CheckOutput {
    let schema: DocumentReport
    var documents: [DocumentReport] = []

    func print(_ format: Check.Format) {
        switch format {
        case .text: Terminal.print(text)
        case .json: Terminal.print(json: json)
        }
    }

    // MARK: - For people

    /// Every finding, and a line that counts them.
    var text: String { (([schema] + documents).flatMap(\.lines) + [summary]).joined(separator: "\n") }

    private var summary: String {
        let reports = [schema] + documents
        let errors = reports.reduce(0) { $0 + $1.errors.count }
        let warnings = reports.reduce(0) { $0 + $1.warnings.count }
        if documents.isEmpty, errors == 0 { return "\(schema.source.name) is valid" }
        return [
            CheckOutput.counted(documents.count, "document"), CheckOutput.counted(errors, "error"),
            CheckOutput.counted(warnings, "warning"),
        ].joined(separator: ", ")
    }

    private static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    // MARK: - For machines

    private var json: JSONValue {
        .object([
            .init("valid", .boolean(([schema] + documents).allSatisfy { $0.errors.isEmpty })),
            .init("schema", .object([.init("path", .string(schema.source.name))] + schema.verdict)),
            .init("documents", .array(documents.map(\.json))),
        ])
    }
}

extension DocumentReport {
    fileprivate var lines: [String] {
        if errors.isEmpty, warnings.isEmpty, costs.isEmpty { return [] }
        let text = DiagnosticText(source)
        return errors.flatMap { text.lines("error", $0) } + warnings.flatMap { text.lines("warning", $0) }
            + costs.map { "\(source.name):\($0.location.line):\($0.location.column): note: \($0.sentence)" }
    }
}

extension Terminal {
    /// Prints a JSON value as one line.
    static func print(json value: JSONValue) {
        var buffer = ByteBuffer()
        buffer.append(json: value)
        buffer.append(ASCII.lineFeed)
        FileHandle.standardOutput.write(unsafe buffer.withUnsafeBytes { unsafe Data($0) })
    }
}

import Foundation

/// What was measured, for people as a table and for machines as JSON.
struct Report: Codable, Sendable {
    let rounds: Int
    let seconds: Double
    let connections: Int
    var rows: [Row] = []

    /// One workload.
    struct Row: Codable, Sendable {
        let name: String
        let title: String
        /// Of the response's content.
        let bytes: Int
        let bare: Figures?
        let ours: Figures
        /// The median over rounds of our processor time to that of the bare handler.
        let ratio: Double?
        let memory: ProcessMemory
    }

    /// One server under one workload.
    struct Figures: Codable, Sendable {
        /// Processor microseconds of a request: the median and the least of all rounds.
        let microseconds: Double
        let leastMicroseconds: Double
        /// Requests in a second: the median.
        let requestsPerSecond: Double

        init(_ samples: [LoadGenerator.Sample]) {
            microseconds = Report.median(samples.map(\.microseconds))
            leastMicroseconds = samples.map(\.microseconds).min() ?? 0
            requestsPerSecond = Report.median(samples.map(\.rate))
        }
    }

    init(rounds: Int, seconds: Double, connections: Int) {
        self.rounds = rounds
        self.seconds = seconds
        self.connections = connections
    }

    /// The middle one, or the mean of the two in the middle.
    static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        guard let upper = sorted.dropFirst(sorted.count / 2).first else { return 0 }
        return sorted.count.isMultiple(of: 2) ? (sorted[sorted.count / 2 - 1] + upper) / 2 : upper
    }

    // MARK: - Output

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    var table: String {
        var lines = [
            """
            Processor microseconds of a request on the server's one worker (the least of all rounds in parentheses), requests a
            second over \(connections) connections, and the ratio to a bare libmicrohttpd handler with a constant body.
            Medians of \(rounds) rounds of \(seconds) s.

            """,
            Report.line(["", "bytes", "bare µs", "", "bare/s", "ours µs", "", "ours/s", "ratio", "MB", "peak", ""]),
        ]
        for row in rows {
            lines.append(
                Report.line([
                    row.name, "\(row.bytes)",
                    Report.number(row.bare?.microseconds), Report.parenthesised(row.bare?.leastMicroseconds),
                    Report.number(row.bare?.requestsPerSecond, digits: 0),
                    Report.number(row.ours.microseconds), Report.parenthesised(row.ours.leastMicroseconds),
                    Report.number(row.ours.requestsPerSecond, digits: 0),
                    Report.number(row.ratio, digits: 2),
                    Report.number(row.memory.resident, digits: 0), Report.number(row.memory.highWaterMark, digits: 0),
                    row.title,
                ])
            )
        }
        return lines.joined(separator: "\n")
    }

    private static func number(_ value: Double?, digits: Int = 1) -> String {
        value.map { String(format: "%.\(digits)f", $0) } ?? "–"
    }

    private static func parenthesised(_ value: Double?) -> String { value.map { "(\(number($0)))" } ?? "" }

    private static let widths = [-11, 7, 8, 8, 8, 8, 8, 8, 6, 5, 5, -1]

    /// The cells at their widths, those of negative width from the left.
    private static func line(_ cells: [String]) -> String {
        zip(cells, widths).map { cell, width in
            let padding = String(repeating: " ", count: max(0, abs(width) - cell.count))
            return width < 0 ? cell + padding : padding + cell
        }.joined(separator: " ")
    }
}

import Foundation

/// The highest ratio that each row may have, for `--check`. Rows without a ceiling pass.
struct Thresholds {
    private let ceilings: [String: Double]

    /// Reads a JSON object of names and numbers.
    init(path: String) throws {
        do {
            ceilings = try JSONDecoder().decode(
                [String: Double].self,
                from: Data(contentsOf: URL(fileURLWithPath: path))
            )
        } catch {
            throw BenchmarkError("\(path) is no object of row names and ratios: \(error)")
        }
    }

    /// A sentence for each row that is beyond its ceiling.
    func excesses(of report: Report) -> [String] {
        report.rows.compactMap { row in
            guard let ratio = row.ratio, let ceiling = ceilings[row.name], ratio > ceiling else { return nil }
            return "\(row.name): the ratio \(String(format: "%.2f", ratio)) is beyond its ceiling of \(ceiling)"
        }
    }
}

import ArgumentParser
import Engagement
import JSON
import MetricCache

/// `engageql cache stats`.
struct CacheStats: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Count what the cache file has, by scope and family.",
        discussion: """
            A line for each scope (public numbers, or an account's own) and family (totals, or series: counts over time):

              scope   family  Tweets  rows  bytes  oldest                newest
              public  totals     250   250   6500  2026-11-19T08:00:00Z  2026-11-20T12:30:00Z
              acme    series      25   700  91000  2026-11-01T00:10:00Z  2026-11-20T12:30:00Z

            A row is a Tweet, of series a Tweet and a day. Bytes are those of the numbers; the file has more, also for what was \
            purged or made room and is used again. Oldest and newest tell when the newest number of a row was fetched.

            Numbers that wait in a server's memory are not in the file yet. The whole file is read.
            """
    )

    @OptionGroup var file: DataOptions

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let cache = try file.open()
        let statistics = try Failure.from { () throws(StoredCacheError) in try cache.statistics() }
        if json {
            Terminal.print(json: CacheStats.json(statistics, cache.path))
        } else {
            for line in CacheStats.lines(statistics, cache.path) { Terminal.print(line) }
        }
    }

    static func json(_ statistics: StoredCacheStatistics, _ path: String) -> JSONValue {
        let parts = statistics.parts.map { part in
            JSONValue.object([
                .init("account", part.scope.account.map { .string($0.rawValue) } ?? .null),
                .init("family", .string("\(part.family)")),
                .init("tweets", .integer(Int64(part.tweets))),
                .init("rows", .integer(Int64(part.rows))),
                .init("bytes", .integer(Int64(part.bytes))),
                .init("oldest", .string(part.oldest.iso8601)),
                .init("newest", .string(part.newest.iso8601)),
            ])
        }
        return .object([
            .init("path", .string(path)),
            .init("fileBytes", .integer(Int64(statistics.fileBytes))),
            .init("purgesUnderWay", .integer(Int64(statistics.purgesUnderWay))),
            .init("parts", .array(parts)),
        ])
    }

    static func lines(_ statistics: StoredCacheStatistics, _ path: String) -> [String] {
        var lines = ["\(path): \(statistics.fileBytes) bytes"]
        if statistics.purgesUnderWay > 0 {
            lines.append(
                "\(statistics.purgesUnderWay) purges are under way: what they are about is counted, but not served"
            )
        }
        if statistics.parts.isEmpty { return lines + ["no rows"] }
        let rows = statistics.parts.map { part in
            [
                part.scope.account?.rawValue ?? "public", "\(part.family)", "\(part.tweets)", "\(part.rows)",
                "\(part.bytes)",
                part.oldest.iso8601, part.newest.iso8601,
            ]
        }
        let table = [["scope", "family", "Tweets", "rows", "bytes", "oldest", "newest"]] + rows
        return lines + TextTable.lines(table, rightAligned: [2, 3, 4])
    }
}

/// Columns of text, two blanks apart.
enum TextTable {
    static func lines(_ rows: [[String]], rightAligned: Set<Int>) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, text in
                let padding = String(repeating: " ", count: widths[column] - text.count)
                if rightAligned.contains(column) { return padding + text }
                return column == row.count - 1 ? text : text + padding
            }
            return cells.joined(separator: "  ")
        }
    }
}

extension CellScope {
    /// Nil for everyone.
    var account: AccountName? {
        if case .account(let name) = self { name } else { nil }
    }
}

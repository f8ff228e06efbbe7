internal import Engagement
internal import SQLite

/// What was found wrong with a cache file.
public struct StoredCacheVerification: Equatable, Sendable {
    /// Rows that were read.
    public var rows = 0
    /// Bytes of the file and its write-ahead log.
    public var fileBytes = 0
    /// A sentence for each kind of problem.
    public var problems: [String] = []

    public var isSound: Bool { problems.isEmpty }
}

extension StoredCache {
    /// Checks the file's structure, that every row can be read and lies under a scope where it may, and that the counts agree.
    ///
    /// All of it as of one moment: as long as this runs, a server cannot start its write-ahead log over. A file that cannot be
    /// read at all throws.
    public func verify() throws(StoredCacheError) -> StoredCacheVerification {
        try StoredCacheError.at(path) { () throws(SQLiteError) in
            var verification = StoredCacheVerification()
            verification.fileBytes = fileBytes
            do throws(SQLiteError) {
                try transaction { () throws(SQLiteError) in
                    try checkStructure(&verification)
                    try checkRows(&verification)
                }
            } catch  where error.isCorruption {
                verification.problems.append("the file is damaged: \(error)")
            }
            return verification
        }
    }

    private func checkStructure(_ verification: inout StoredCacheVerification) throws(SQLiteError) {
        let check = try connection.prepare("PRAGMA quick_check(3)")
        while try check.step() {
            let message = check.text(0)
            if message != "ok" { verification.problems.append("structure: \(message)") }
        }
    }

    private func checkRows(_ verification: inout StoredCacheVerification) throws(SQLiteError) {
        var faults = Faults()
        var counts = (totals: 0, series: 0)
        for (number, scope) in try scopes() {
            for family in MetricFamily.allCases {
                let count = try checkRows(number, scope, family, &faults)
                if family == .totals { counts.totals += count } else { counts.series += count }
            }
        }
        verification.rows = counts.totals + counts.series
        verification.problems += faults.sentences
        for (family, table, count) in [("totals", "totals", counts.totals), ("series", "series", counts.series)] {
            let all = try connection.integer("SELECT count(*) FROM \(table)")
            if all > count {
                verification.problems.append("\(Int(all) - count) rows of \(family) belong to no account")
            }
            let noted = try connection.integer("SELECT \(table) FROM sizes")
            if noted != all { verification.problems.append("\(family) should have \(noted) rows and has \(all)") }
        }
    }

    /// How many rows there are.
    private func checkRows(
        _ number: Int64,
        _ scope: CellScope,
        _ family: MetricFamily,
        _ faults: inout Faults
    ) throws(SQLiteError) -> Int {
        var count = 0
        var rows = try StoredRows(connection, scope: number, family)
        while !rows.isAtEnd {
            let part = try rows.next()
            count += part.count
            for row in part { faults.check(row, scope) }
        }
        return count
    }
}

/// Rows with a fault, counted by its kind.
private struct Faults {
    private var checksum = 0
    private var undecodable = 0
    private var misplaced = 0

    mutating func check(_ row: StoredRows.Row, _ scope: CellScope) {
        guard let record = row.record else {
            checksum += 1
            return
        }
        unsafe record.withUnsafeBytes { record in
            if row.isTotals {
                guard let totals = unsafe TotalsRow(decoding: record) else { return undecodable += 1 }
                let privateTypes = EngagementTypeSet.totals.subtracting(.publicTotals).types
                if scope == .everyone, privateTypes.contains(where: { totals[$0].isKnown }) { misplaced += 1 }
            } else {
                guard unsafe SeriesDay(decoding: record) != nil else { return undecodable += 1 }
                if scope == .everyone { misplaced += 1 }
            }
        }
    }

    var sentences: [String] {
        var sentences: [String] = []
        if checksum > 0 { sentences.append("the checksum of \(checksum) rows does not fit; they count as missing") }
        if undecodable > 0 { sentences.append("\(undecodable) rows cannot be unpacked; they count as missing") }
        if misplaced > 0 { sentences.append("\(misplaced) rows have private numbers where everybody may see them") }
        return sentences
    }
}

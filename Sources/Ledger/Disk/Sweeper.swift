internal import SQLite

/// Deletes expired rows of a table that is keyed by Tweet, a stretch of keys at a time. That needs no index by age, which
/// would cost every write.
final class Sweeper {
    private let selectEnd: Statement
    private let delete: Statement
    /// The Tweet that was looked at last.
    private var hand: Int64 = .min

    /// For each row that is written, this many are looked at, and a few more: old rows go faster than new ones come.
    private static let rowsForOne = 4
    private static let leastRows = 64

    /// `expired` is a condition on a row, in which ?3 is the bound that is given to each sweep.
    init(_ connection: Connection, table: String, expired: String) throws(SQLiteError) {
        selectEnd = try connection.prepare(
            "SELECT tweet FROM \(table) WHERE tweet > ?1 ORDER BY tweet LIMIT 1 OFFSET ?2"
        )
        delete = try connection.prepare("DELETE FROM \(table) WHERE tweet > ?1 AND tweet <= ?2 AND \(expired)")
    }

    /// Goes on from where the last sweep ended, after `rows` rows were written.
    func sweep(expiredBefore bound: Int64, rows: Int) throws(SQLiteError) {
        selectEnd.bind(hand, at: 1)
        selectEnd.bind(Int64(rows * Sweeper.rowsForOne + Sweeper.leastRows), at: 2)
        let end = try selectEnd.step() ? selectEnd.integer(0) : nil
        selectEnd.reset()
        delete.bind(hand, at: 1)
        delete.bind(end ?? .max, at: 2)
        delete.bind(bound, at: 3)
        try delete.run()
        hand = end ?? .min
    }
}

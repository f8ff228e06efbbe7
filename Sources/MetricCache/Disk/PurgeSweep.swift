internal import Engagement
internal import SQLite

/// Goes over the rows of the file that a purge is about, some in each step, and deletes or changes them.
///
/// The rows are looked for scope by scope, Tweet by Tweet if it is about Tweets, and in the order of their keys, so that each
/// step finds its place again by the key of the row before it. Rows that are written in between, and tell that they came after
/// the purge, are left alone.
final class PurgeSweep {
    let number: UInt64
    /// Rows that were deleted or changed so far.
    private(set) var rows = 0
    private let mark: PurgeMark
    private let connection: Connection
    private let totals: Statement
    private let series: Statement
    private let deleteTotals: Statement
    private let deleteDay: Statement
    private let updateTotals: Statement
    private let updateDay: Statement
    private let addSizes: Statement

    private let scopes: [Int64]
    private let tables: [MetricFamily]
    private let ranges: [ClosedRange<Int64>]
    private var place = (scope: 0, table: 0, range: 0)
    /// The last row of the range that was looked at.
    private var last: (tweet: Int64, day: Int64)?

    /// Rows that one step looks at, and places that it looks for them.
    private static let rowsPerStep = 256
    private static let rangesPerStep = 512

    init(_ connection: Connection, _ mark: PurgeMark) throws(SQLiteError) {
        self.connection = connection
        self.mark = mark
        number = mark.number
        let selection = mark.selection
        tables = selection.family.map { [$0] } ?? MetricFamily.allCases
        ranges =
            selection.tweets.map { tweets in
                Set(tweets.map { Int64(bitPattern: $0.rawValue) }).sorted().map { $0...$0 }
            } ?? [Int64.min...Int64.max]
        scopes = try PurgeSweep.scopes(connection, selection.account)
        totals = try connection.prepare(CacheSchema.rangeOfTotals)
        series = try connection.prepare(CacheSchema.rangeOfSeries)
        deleteTotals = try connection.prepare(CacheSchema.deleteTotals)
        deleteDay = try connection.prepare(CacheSchema.deleteDay)
        updateTotals = try connection.prepare(CacheSchema.updateTotals)
        updateDay = try connection.prepare(CacheSchema.updateDay)
        addSizes = try connection.prepare(CacheSchema.addSizes)
    }

    /// The file's numbers of the scopes that the purge is about.
    private static func scopes(_ connection: Connection, _ account: AccountName?) throws(SQLiteError) -> [Int64] {
        var scopes: [Int64] = account == nil ? [CacheSchema.everyone] : []
        let select = try connection.prepare(
            account == nil ? CacheSchema.selectAccounts : CacheSchema.selectAccount
        )
        if let account { select.bind(account.rawValue, at: 1) }
        while try select.step() { scopes.append(select.integer(0)) }
        return scopes
    }

    private var isDone: Bool { ranges.isEmpty || tables.isEmpty || place.scope >= scopes.count }

    /// Goes over some rows in one transaction, and returns whether there are no more.
    func step() throws(SQLiteError) -> Bool {
        let (place, last) = (self.place, self.last)
        try connection.execute("BEGIN IMMEDIATE")
        do {
            var changed = 0
            var looked = 0
            var looks = 0
            while !isDone, looked < PurgeSweep.rowsPerStep, looks < PurgeSweep.rangesPerStep {
                looks += 1
                let rows = try nextRows(PurgeSweep.rowsPerStep - looked)
                changed += try change(rows)
                looked += rows.count
            }
            try connection.execute("COMMIT")
            self.rows += changed
            return isDone
        } catch {
            (self.place, self.last) = (place, last)
            try? connection.execute("ROLLBACK")
            throw error
        }
    }

    // MARK: - Rows

    /// A row that was looked at.
    private struct Row {
        let scope: Int64
        let tweet: Int64
        /// The bucket of a ``RecordKey``.
        let day: Int64
        /// What the purge leaves of its record, nothing if it is to go; nil if it stays as it is.
        var leaves: [UInt8]?

        var isTotals: Bool { day == Int64(RecordKey.totalsBucket) }
    }

    /// Looks at up to `limit` rows behind the last one, and goes on to the next range if there are no more in this one.
    private func nextRows(_ limit: Int) throws(SQLiteError) -> [Row] {
        let isTotals = tables[place.table] == .totals
        let scope = scopes[place.scope]
        let range = ranges[place.range]
        let select = isTotals ? totals : series
        select.bind(scope, at: 1)
        select.bind(range.upperBound, at: 2)
        select.bind(last?.tweet ?? range.lowerBound, at: 3)
        select.bind(last?.day ?? .min, at: 4)
        select.bind(Int64(limit), at: 5)
        defer { select.reset() }
        var rows: [Row] = []
        while try select.step() {
            var row = Row(scope: scope, tweet: select.integer(0), day: select.integer(1))
            unsafe row.leaves = leaves(of: select.bytes(2), row)
            rows.append(row)
        }
        if let row = rows.last, rows.count == limit { last = (row.tweet, row.day) } else { nextRange() }
        return rows
    }

    /// A row that cannot be read is of no use: it goes.
    private func leaves(of blob: UnsafeRawBufferPointer, _ row: Row) -> [UInt8]? {
        guard let record = unsafe RecordEnvelope.open(blob, scope: row.scope, tweet: row.tweet, bucket: row.day) else {
            return []
        }
        return unsafe mark.leaves(of: record, isTotals: row.isTotals)
    }

    private func nextRange() {
        last = nil
        place.range += 1
        if place.range < ranges.count { return }
        place.range = 0
        place.table += 1
        if place.table < tables.count { return }
        place.table = 0
        place.scope += 1
    }

    // MARK: - Changes

    /// Deletes or changes rows, and returns how many.
    private func change(_ rows: [Row]) throws(SQLiteError) -> Int {
        var changed = 0
        var deleted = (totals: 0, series: 0)
        for row in rows {
            guard let leaves = row.leaves else { continue }
            changed += 1
            if leaves.isEmpty {
                try run(row.isTotals ? deleteTotals : deleteDay, row)
                if row.isTotals { deleted.totals += 1 } else { deleted.series += 1 }
            } else {
                let statement = row.isTotals ? updateTotals : updateDay
                let blob = RecordEnvelope.seal(leaves, scope: row.scope, tweet: row.tweet, bucket: row.day)
                statement.bind(blob, at: row.isTotals ? 3 : 4)
                try run(statement, row)
            }
        }
        if deleted != (0, 0) {
            addSizes.bind(Int64(-deleted.totals), at: 1)
            addSizes.bind(Int64(-deleted.series), at: 2)
            try addSizes.run()
        }
        return changed
    }

    private func run(_ statement: Statement, _ row: Row) throws(SQLiteError) {
        statement.bind(row.scope, at: 1)
        statement.bind(row.tweet, at: 2)
        if !row.isTotals { statement.bind(row.day, at: 3) }
        try statement.run()
    }
}

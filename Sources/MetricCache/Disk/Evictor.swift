internal import Engagement
internal import SQLite

/// Keeps the file within its bound.
///
/// When nine tenths of the pages are in use, a hand goes over the rows in the order of their keys, a slice at a time, and of
/// each slice the half that was fetched longest ago goes, until four fifths are in use. That is no exact order by age, but
/// it needs no index, which would cost every write, and no long transaction. Days that can no longer be fetched stay as long as
/// anything else is found. The pages are used again by later rows; only if
/// the bound was lowered are they given back, some at a time.
final class Evictor {
    private let connection: Connection
    private let maximumPages: Int64
    private let history: HistoryDepth
    /// When it is, as far as batches told.
    var now = UnixTime(seconds: 0)
    private let sweepTotals: Statement
    private let sweepSeries: Statement
    private let deleteTotals: Statement
    private let deleteDay: Statement
    private let subtractSizes: Statement
    private var hand = Hand.totals(scope: .min, tweet: .min)

    /// The row that was looked at last.
    private enum Hand {
        case totals(scope: Int64, tweet: Int64)
        case series(scope: Int64, tweet: Int64, day: Int64)

        func isDay(before horizon: UTCDay) -> Bool {
            if case .series(_, _, let day) = self { day < Int64(horizon.index) } else { false }
        }
    }

    private struct Row {
        let key: Hand
        let fetched: Int64
    }

    /// Rows of one slice, and slices in a row at most.
    private static let sliceRows: Int64 = 512
    private static let mostSlices = 256
    /// Pages given back at a time.
    private static let vacuumPages = 512

    /// Bounds the file to seven eighths of `maximumBytes`; the rest is for the write-ahead log.
    init(_ connection: Connection, maximumBytes: Int, history: HistoryDepth) throws(SQLiteError) {
        self.connection = connection
        self.history = history
        let pageSize = max(512, try connection.integer("PRAGMA page_size"))
        let allPages = Int64(maximumBytes) / pageSize
        maximumPages = allPages - allPages / 8
        // SQLite starts the log over when it was moved into the file completely, and then cuts it to its limit.
        try connection.execute("PRAGMA wal_autocheckpoint = \(min(1000, max(8, allPages / 16)))")
        try connection.execute("PRAGMA journal_size_limit = \(allPages / 16 * pageSize)")
        sweepTotals = try connection.prepare(CacheSchema.sweepTotals)
        sweepSeries = try connection.prepare(CacheSchema.sweepSeries)
        deleteTotals = try connection.prepare(CacheSchema.deleteTotals)
        deleteDay = try connection.prepare(CacheSchema.deleteDay)
        subtractSizes = try connection.prepare(CacheSchema.addSizes)
        try connection.execute("PRAGMA max_page_count = \(maximumPages)")
    }

    /// Evicts rows if the file is nearly full, or in any case if the last batch did not fit (`evenIfThereIs`), and returns
    /// how many.
    func makeRoom(evenIfThereIs isForced: Bool = false) throws(SQLiteError) -> Int {
        let highWater = maximumPages * 9 / 10
        let pages = try usedPages()
        guard isForced || pages > highWater else { return 0 }
        let lowWater = min(maximumPages * 8 / 10, isForced ? pages * 9 / 10 : .max)
        var evicted = 0
        for _ in 0..<Evictor.mostSlices where try usedPages() > lowWater {
            evicted += try evictSlice(sparing: history.earliest(now: now).day)
        }
        if evicted == 0 {
            for _ in 0..<Evictor.mostSlices where try usedPages() > lowWater { evicted += try evictSlice(sparing: nil) }
        }
        try giveBackPages()
        return evicted
    }

    private func usedPages() throws(SQLiteError) -> Int64 {
        try connection.integer("PRAGMA page_count") - connection.integer("PRAGMA freelist_count")
    }

    private func giveBackPages() throws(SQLiteError) {
        guard try connection.integer("PRAGMA page_count") > maximumPages else { return }
        try connection.execute("PRAGMA incremental_vacuum(\(Evictor.vacuumPages))")
        try connection.execute("PRAGMA max_page_count = \(maximumPages)")
    }

    // MARK: - One slice

    /// - Parameter horizon: Days before it are not evicted.
    private func evictSlice(sparing horizon: UTCDay?) throws(SQLiteError) -> Int {
        var slice = try nextSlice()
        guard let last = slice.last else { return 0 }
        hand = last.key
        if let horizon { slice.removeAll { $0.key.isDay(before: horizon) } }
        if slice.isEmpty { return 0 }
        let oldest = slice.sorted { $0.fetched < $1.fetched }.prefix((slice.count + 1) / 2)
        try connection.execute("BEGIN IMMEDIATE")
        do {
            var removed = (totals: 0, series: 0)
            for row in oldest {
                switch row.key {
                case .totals(let scope, let tweet):
                    removed.totals += 1
                    deleteTotals.bind(scope, at: 1)
                    deleteTotals.bind(tweet, at: 2)
                    try deleteTotals.run()
                case .series(let scope, let tweet, let day):
                    removed.series += 1
                    deleteDay.bind(scope, at: 1)
                    deleteDay.bind(tweet, at: 2)
                    deleteDay.bind(day, at: 3)
                    try deleteDay.run()
                }
            }
            subtractSizes.bind(Int64(-removed.totals), at: 1)
            subtractSizes.bind(Int64(-removed.series), at: 2)
            try subtractSizes.run()
            try connection.execute("COMMIT")
        } catch {
            try? connection.execute("ROLLBACK")
            throw error
        }
        return oldest.count
    }

    /// The rows behind the hand; at the end of one table the hand goes on in the other.
    private func nextSlice() throws(SQLiteError) -> [Row] {
        for _ in 0..<3 {
            var rows: [Row] = []
            switch hand {
            case .totals(let scope, let tweet):
                sweepTotals.bind(scope, at: 1)
                sweepTotals.bind(tweet, at: 2)
                sweepTotals.bind(Evictor.sliceRows, at: 3)
                while try sweepTotals.step() {
                    let key = Hand.totals(scope: sweepTotals.integer(0), tweet: sweepTotals.integer(1))
                    rows.append(Row(key: key, fetched: sweepTotals.integer(2)))
                }
                sweepTotals.reset()
                if rows.isEmpty { hand = .series(scope: .min, tweet: .min, day: .min) }
            case .series(let scope, let tweet, let day):
                sweepSeries.bind(scope, at: 1)
                sweepSeries.bind(tweet, at: 2)
                sweepSeries.bind(day, at: 3)
                sweepSeries.bind(Evictor.sliceRows, at: 4)
                while try sweepSeries.step() {
                    let key = Hand.series(
                        scope: sweepSeries.integer(0),
                        tweet: sweepSeries.integer(1),
                        day: sweepSeries.integer(2)
                    )
                    rows.append(Row(key: key, fetched: sweepSeries.integer(3)))
                }
                sweepSeries.reset()
                if rows.isEmpty { hand = .totals(scope: .min, tweet: .min) }
            }
            if !rows.isEmpty { return rows }
        }
        return []
    }
}

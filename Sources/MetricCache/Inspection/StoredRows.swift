internal import Engagement
internal import SQLite

/// The rows of one scope and family of a cache file, some at a time, in the order of Tweets and days.
struct StoredRows {
    /// A row as it lies there.
    struct Row {
        let tweet: Int64
        /// The bucket of a ``RecordKey``.
        let bucket: Int64
        /// The packed record, nil if its checksum does not fit.
        let record: [UInt8]?

        var isTotals: Bool { bucket == Int64(RecordKey.totalsBucket) }
    }

    private let select: Statement
    private let scope: Int64
    private var last: (tweet: Int64, bucket: Int64) = (.min, .min)
    private(set) var isAtEnd = false

    static let rowsAtATime = 512

    init(_ connection: Connection, scope: Int64, _ family: MetricFamily) throws(SQLiteError) {
        self.scope = scope
        select = try connection.prepare(family == .totals ? CacheSchema.rangeOfTotals : CacheSchema.rangeOfSeries)
    }

    /// The next rows; none at the end.
    mutating func next() throws(SQLiteError) -> [Row] {
        select.bind(scope, at: 1)
        select.bind(.max, at: 2)
        select.bind(last.tweet, at: 3)
        select.bind(last.bucket, at: 4)
        select.bind(Int64(StoredRows.rowsAtATime), at: 5)
        defer { select.reset() }
        var rows: [Row] = []
        while try select.step() {
            last = (select.integer(0), select.integer(1))
            let record = unsafe RecordEnvelope.open(
                select.bytes(2),
                scope: scope,
                tweet: last.tweet,
                bucket: last.bucket
            )
            rows.append(
                Row(tweet: last.tweet, bucket: last.bucket, record: unsafe record.map { unsafe [UInt8]($0) })
            )
        }
        isAtEnd = rows.count < StoredRows.rowsAtATime
        return rows
    }
}

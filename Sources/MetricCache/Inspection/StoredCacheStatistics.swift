public import Engagement
internal import SQLite

/// What a cache file has.
public struct StoredCacheStatistics: Equatable, Sendable {
    /// Bytes of the file and its write-ahead log.
    public var fileBytes = 0
    /// Purges that have not been over every row yet: rows that they are about are counted, but not served.
    public var purgesUnderWay = 0
    /// For each scope and family that there are rows of, everyone first, then by the names of accounts.
    public var parts: [Part] = []

    /// Rows of one family that one scope may see.
    public struct Part: Equatable, Sendable {
        public let scope: CellScope
        public let family: MetricFamily
        public let tweets: Int
        /// One for each Tweet, of series one for each Tweet and day.
        public let rows: Int
        /// Of the numbers alone.
        public let bytes: Int
        /// When the newest number was fetched of the row for which that is longest ago.
        public let oldest: UnixTime
        /// When the newest number was fetched.
        public let newest: UnixTime
    }
}

extension StoredCache {
    /// Counts all rows, which reads the whole file.
    public func statistics() throws(StoredCacheError) -> StoredCacheStatistics {
        try StoredCacheError.at(path) { () throws(SQLiteError) in
            try transaction { () throws(SQLiteError) in
                var statistics = StoredCacheStatistics()
                statistics.fileBytes = fileBytes
                statistics.purgesUnderWay = try PurgeJournal(connection).entries().count
                for (number, scope) in try scopes() {
                    for family in MetricFamily.allCases {
                        if let part = try part(number, scope, family) { statistics.parts.append(part) }
                    }
                }
                return statistics
            }
        }
    }

    private func part(
        _ number: Int64,
        _ scope: CellScope,
        _ family: MetricFamily
    ) throws(SQLiteError) -> StoredCacheStatistics.Part? {
        let select = try connection.prepare(CacheSchema.statistics(of: family))
        select.bind(number, at: 1)
        guard try select.step(), select.integer(0) > 0 else { return nil }
        return StoredCacheStatistics.Part(
            scope: scope,
            family: family,
            tweets: Int(select.integer(0)),
            rows: Int(select.integer(1)),
            bytes: Int(select.integer(2)),
            oldest: UnixTime(seconds: select.integer(3)),
            newest: UnixTime(seconds: select.integer(4))
        )
    }
}

extension CacheSchema {
    /// Goes along the primary key, so that it needs no memory of its own.
    fileprivate static func statistics(of family: MetricFamily) -> String {
        """
        SELECT count(*), sum(rows), sum(bytes), min(oldest), max(newest) FROM (
            SELECT count(*) AS rows, sum(length(cells)) AS bytes, min(fetched) AS oldest, max(fetched) AS newest
            FROM \(family == .totals ? "totals" : "series") WHERE scope = ?1 GROUP BY tweet
        )
        """
    }
}

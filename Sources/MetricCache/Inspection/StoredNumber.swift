public import Engagement
internal import SQLite

/// One stored number, with all that is known of it.
public struct StoredNumber: Equatable, Sendable {
    public let scope: CellScope
    public let tweet: TweetID
    public let type: EngagementType
    public let time: Time
    /// Counted, or why there is no number.
    public let state: Cell.State
    /// 0 unless it is counted.
    public let count: Int64
    public let fetchedAt: UnixTime
    /// Whether a soft purge has been over it.
    public let isOutdated: Bool

    /// What time it is about.
    public enum Time: Equatable, Sendable {
        /// All of the Tweet's life.
        case lifetime
        case hour(UTCHour)
        case day(UTCDay)
    }
}

/// The numbers of one scope and family of a cache file, some at a time, in the order of Tweets and days.
///
/// Between two parts a server can write as it likes: what it writes may be among the numbers or not. Numbers that were purged are
/// not, and rows that cannot be read are passed over.
public struct StoredNumbers {
    private let cache: StoredCache
    private let scope: CellScope
    private let registry = ScopeRegistry()
    private var rows: StoredRows

    fileprivate init(
        _ cache: StoredCache,
        _ scope: CellScope,
        _ number: Int64,
        _ family: MetricFamily
    ) throws(SQLiteError) {
        self.cache = cache
        self.scope = scope
        rows = try StoredRows(cache.connection, scope: number, family)
    }

    /// The next part, which may be empty; nil at the end.
    public mutating func next() throws(StoredCacheError) -> [StoredNumber]? {
        if rows.isAtEnd { return nil }
        var (rows, purges) = (self.rows, PurgeMarks())
        let part = try StoredCacheError.at(cache.path) { () throws(SQLiteError) in
            try cache.transaction { () throws(SQLiteError) in
                for entry in try PurgeJournal(cache.connection).entries() { purges.add(PurgeMark(entry, registry)) }
                return try rows.next()
            }
        }
        self.rows = rows
        return part.flatMap { numbers(of: $0, purges) }
    }

    private func numbers(of row: StoredRows.Row, _ purges: PurgeMarks) -> [StoredNumber] {
        guard let record = row.record else { return [] }
        let key = RecordKey(
            tweet: UInt64(bitPattern: row.tweet),
            scope: registry.number(of: scope),
            bucket: Int32(truncatingIfNeeded: row.bucket)
        )
        return unsafe record.withUnsafeBytes { record in
            unsafe purges.withLeaves(of: record, key) { unsafe StoredNumber.numbers(in: $0, key, scope) }
        }
    }
}

extension StoredCache {
    /// The accounts that the file has, or had, numbers of.
    public func accounts() throws(StoredCacheError) -> [AccountName] {
        try StoredCacheError.at(path) { () throws(SQLiteError) in
            try scopes().compactMap { if case .account(let name) = $0.scope { name } else { nil } }
        }
    }

    /// The numbers of a scope and family; nil if the file does not know the account.
    public func numbers(of scope: CellScope, _ family: MetricFamily) throws(StoredCacheError) -> StoredNumbers? {
        try StoredCacheError.at(path) { () throws(SQLiteError) in
            guard let number = try scopes().first(where: { $0.scope == scope })?.number else { return nil }
            return try StoredNumbers(self, scope, number, family)
        }
    }
}

extension StoredNumber {
    /// The numbers of a packed record; none if it cannot be read.
    fileprivate static func numbers(
        in record: UnsafeRawBufferPointer,
        _ key: RecordKey,
        _ scope: CellScope
    ) -> [StoredNumber] {
        var numbers: [StoredNumber] = []
        func add(_ cell: StoredCell, _ type: EngagementType, _ time: Time) {
            guard cell.isKnown else { return }
            numbers.append(
                StoredNumber(
                    scope: scope,
                    tweet: TweetID(rawValue: key.tweet),
                    type: type,
                    time: time,
                    state: cell.state,
                    count: cell.count,
                    fetchedAt: UnixTime(seconds: Int64(cell.fetchedAt)),
                    isOutdated: cell.isOutdated
                )
            )
        }
        if key.isTotals {
            guard let row = unsafe TotalsRow(decoding: record) else { return [] }
            for type in EngagementTypeSet.totals.types { add(row[type], type, .lifetime) }
        } else {
            guard let row = unsafe SeriesDay(decoding: record) else { return [] }
            let day = UTCDay(index: key.bucket)
            for type in EngagementTypeSet.series.types {
                for slot in 0..<SeriesDay.daySlot {
                    add(row[type, slot], type, .hour(day.firstHour.advanced(by: slot)))
                }
                add(row[type, SeriesDay.daySlot], type, .day(day))
            }
        }
        return numbers
    }
}

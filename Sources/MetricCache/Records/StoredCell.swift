internal import Engagement

/// A cell as it is kept: without freshness, which depends on the time of the question.
struct StoredCell: Equatable, Sendable {
    var count: Int64 = 0
    /// Seconds since 1970.
    var fetchedAt: UInt32 = 0
    /// ``Engagement/Cell/State/missing`` if nothing is known.
    var state: Cell.State = .missing
    /// Whether a soft purge has been over it since it was fetched.
    var isOutdated = false

    var isKnown: Bool { state != .missing }

    /// What is added to a byte of a packed record to say that its cells are outdated.
    static let outdatedBit: UInt8 = 0x80

    /// Whether both are packed together: they have one state and one second of fetch.
    func isAlike(_ other: StoredCell) -> Bool {
        state == other.state && isOutdated == other.isOutdated && fetchedAt == other.fetchedAt
    }

    /// Whether `other` takes the place of this cell: the later answer counts. A cell from the future, as a clock that was
    /// set back leaves behind, gives way to anything, and an outdated one to any that is not.
    func gives(wayTo other: StoredCell, now: UInt32) -> Bool {
        if !other.isKnown || !isKnown { return other.isKnown }
        if isOutdated != other.isOutdated { return isOutdated }
        return other.fetchedAt >= fetchedAt || fetchedAt > now
    }

    /// What is left of the cell after a purge.
    func purged(_ kind: PurgeKind) -> StoredCell {
        guard kind == .soft, isKnown else { return StoredCell() }
        var outdated = self
        outdated.isOutdated = true
        return outdated
    }
}

/// What the cache keeps as one row: all cells of a Tweet's totals, or of one day of its series, for one scope.
protocol PackedRecord {
    init()

    /// The record in `bytes`, or nil if they are no such record.
    init?(decoding bytes: UnsafeRawBufferPointer)

    /// Takes in the cells of `later`; see ``StoredCell/gives(wayTo:now:)``.
    mutating func merge(_ later: Self, now: UInt32)

    /// Appends the packed form. Purges up to `purge` have been over the record, 0 if none is under way.
    func encode(into bytes: inout [UInt8], purge: UInt64)

    /// Whether nothing is known.
    var isEmpty: Bool { get }

    /// Purges all cells.
    mutating func purge(_ kind: PurgeKind)

    /// When its newest cell was fetched, 0 if it has none.
    var newestFetch: UInt32 { get }
}

/// Where a record lies: under a scope, a Tweet, and either "totals" or a day.
struct RecordKey: Hashable, Sendable {
    let tweet: UInt64
    /// The scope's number in ``ScopeRegistry``, good in this process only.
    let scope: UInt32
    /// ``totalsBucket`` or the index of a day of UTC.
    let bucket: Int32

    /// No day has this index: it lies millions of years before the first Tweet.
    static let totalsBucket = Int32.min

    static func totals(_ tweet: TweetID, scope: UInt32) -> RecordKey {
        RecordKey(tweet: tweet.rawValue, scope: scope, bucket: totalsBucket)
    }

    static func day(_ day: Int32, _ tweet: TweetID, scope: UInt32) -> RecordKey {
        RecordKey(tweet: tweet.rawValue, scope: scope, bucket: day)
    }

    var isTotals: Bool { bucket == RecordKey.totalsBucket }
}

extension RecordKey {
    /// The packed record that `older` and `later` give together after `purges`; either may be nil, and what cannot be read
    /// counts as empty. Without any cell it has no bytes.
    func merge(
        _ older: UnsafeRawBufferPointer?,
        _ later: UnsafeRawBufferPointer?,
        now: UInt32,
        purges: PurgeMarks
    ) -> [UInt8] {
        isTotals
            ? unsafe merge(TotalsRow.self, older, later, now, purges)
            : unsafe merge(SeriesDay.self, older, later, now, purges)
    }

    /// When the newest cell of a packed record of this key was fetched.
    func newestFetch(in bytes: [UInt8]) -> UInt32 {
        unsafe bytes.withUnsafeBytes { bytes in
            unsafe isTotals
                ? TotalsRow(decoding: bytes)?.newestFetch ?? 0
                : SeriesDay(decoding: bytes)?.newestFetch ?? 0
        }
    }

    private func merge<Record: PackedRecord>(
        _: Record.Type,
        _ older: UnsafeRawBufferPointer?,
        _ later: UnsafeRawBufferPointer?,
        _ now: UInt32,
        _ purges: PurgeMarks
    ) -> [UInt8] {
        var record = unsafe older.map { unsafe purges.record(Record.self, self, $0) } ?? Record()
        if let later = unsafe later { unsafe record.merge(purges.record(Record.self, self, later), now: now) }
        var bytes: [UInt8] = []
        if !record.isEmpty { record.encode(into: &bytes, purge: purges.tag) }
        return bytes
    }
}

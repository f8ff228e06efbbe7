internal import Engagement

/// A cell as it is kept: without freshness, which depends on the time of the question.
struct StoredCell: Equatable, Sendable {
    var count: Int64 = 0
    /// Seconds since 1970.
    var fetchedAt: UInt32 = 0
    /// ``Engagement/Cell/State/missing`` if nothing is known.
    var state: Cell.State = .missing

    var isKnown: Bool { state != .missing }

    /// Whether `other` takes the place of this cell: the later answer counts. A cell from the future, as a clock that was
    /// set back leaves behind, gives way to anything.
    func gives(wayTo other: StoredCell, now: UInt32) -> Bool {
        other.isKnown && (!isKnown || other.fetchedAt >= fetchedAt || fetchedAt > now)
    }
}

/// What the cache keeps as one row: all cells of a Tweet's totals, or of one day of its series, for one scope.
protocol PackedRecord {
    init()

    /// The record in `bytes`, or nil if they are no such record.
    init?(decoding bytes: UnsafeRawBufferPointer)

    /// Takes in the cells of `later`; see ``StoredCell/gives(wayTo:now:)``.
    mutating func merge(_ later: Self, now: UInt32)

    /// Appends the packed form.
    func encode(into bytes: inout [UInt8])

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
    /// The packed record that `older` and `later` give together; either may be nil, and what cannot be read counts as
    /// empty.
    func merge(_ older: UnsafeRawBufferPointer?, _ later: UnsafeRawBufferPointer?, now: UInt32) -> [UInt8] {
        isTotals
            ? unsafe merge(TotalsRow.self, older, later, now: now)
            : unsafe merge(SeriesDay.self, older, later, now: now)
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
        now: UInt32
    ) -> [UInt8] {
        var record = unsafe older.flatMap { unsafe Record(decoding: $0) } ?? Record()
        if let later = unsafe later, let later = unsafe Record(decoding: later) { record.merge(later, now: now) }
        var bytes: [UInt8] = []
        record.encode(into: &bytes)
        return bytes
    }
}

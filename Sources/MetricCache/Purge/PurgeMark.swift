internal import Engagement

/// One purge, made ready to be compared with the keys of records.
struct PurgeMark: Sendable {
    /// Purges count from 1 on, in the order in which they came.
    let number: UInt64
    /// Whether the file knows of it.
    let isWritten: Bool
    let selection: PurgeSelection
    let kind: PurgeKind
    private let tweets: Set<UInt64>?
    /// The account's number in ``ScopeRegistry``.
    private let scope: UInt32?

    init(
        number: UInt64,
        _ selection: PurgeSelection,
        _ kind: PurgeKind,
        scopes: ScopeRegistry,
        isWritten: Bool
    ) {
        self.number = number
        self.isWritten = isWritten
        self.selection = selection
        self.kind = kind
        tweets = selection.tweets.map { Set($0.map(\.rawValue)) }
        scope = selection.account.map { scopes.number(of: .account($0)) }
    }

    /// A purge that a file knows of.
    init(_ entry: PurgeJournal.Entry, _ scopes: ScopeRegistry) {
        self.init(number: entry.number, entry.selection, entry.kind, scopes: scopes, isWritten: true)
    }

    func matches(_ key: RecordKey) -> Bool {
        if let scope, key.scope != scope { return false }
        if let family = selection.family, key.isTotals != (family == .totals) { return false }
        return tweets?.contains(key.tweet) ?? true
    }

    /// What this purge leaves of a record that it matches, and that earlier purges have been over; nil if it has been over it
    /// already. Nothing is left of what cannot be read.
    func leaves(of record: UnsafeRawBufferPointer, isTotals: Bool) -> [UInt8]? {
        guard unsafe RecordHead.purge(of: record) < number else { return nil }
        if kind == .hard { return [] }
        return isTotals
            ? unsafe PurgeMark.softened(TotalsRow.self, record, number)
            : unsafe PurgeMark.softened(SeriesDay.self, record, number)
    }

    /// A record with all its counts outdated; empty if it has none.
    static func softened<Record: PackedRecord>(
        _: Record.Type,
        _ bytes: UnsafeRawBufferPointer,
        _ number: UInt64
    ) -> [UInt8] {
        var record = unsafe Record(decoding: bytes) ?? Record()
        record.purge(.soft)
        var softened: [UInt8] = []
        if !record.isEmpty { record.encode(into: &softened, purge: number) }
        return softened
    }
}

internal import Engagement

/// The purges that have not been over every record yet, and those that calls may have been overtaken by.
///
/// A purge holds from the moment that its mark is here: whoever looks at a record sees what the marks leave of it, whether the
/// record lies in memory or comes from the file. Behind that the records are gone over, some at a time, and when that is done
/// the mark is taken away. A record tells in its ``RecordHead`` which purges it has behind it, so that what is stored after a
/// purge is not taken for what it purged, whatever the clocks say.
struct PurgeMarks: Sendable {
    /// Purges under way, in the order of their numbers.
    private(set) var active: [PurgeMark] = []
    /// The last purges, under way or not.
    private var recent: [PurgeMark] = []
    /// The number of the last purge.
    private(set) var latest: UInt64 = 0
    /// The number of the last purge that is not among ``recent`` any more.
    private var forgotten: UInt64 = 0

    /// Purges that are remembered for calls that are still under way. A call that is older than all of them counts as
    /// overtaken.
    private static let mostRecent = 64
    /// Purges that are told apart while the file cannot be written.
    private static let mostActive = 256

    var isEmpty: Bool { active.isEmpty }

    /// What ``RecordHead`` says of a record that is written now.
    var tag: UInt64 { active.isEmpty ? 0 : latest }

    mutating func add(_ mark: PurgeMark) {
        active.append(mark)
        latest = max(latest, mark.number)
        recent.append(mark)
        guard recent.count > PurgeMarks.mostRecent else { return }
        forgotten = max(forgotten, recent.removeFirst().number)
    }

    /// Takes away the marks of purges up to `number`, which have been over every record.
    mutating func retire(upTo number: UInt64) {
        active.removeAll { $0.number <= number }
    }

    /// Adds a purge that the file does not know of, with the next number.
    mutating func add(_ selection: PurgeSelection, _ kind: PurgeKind, _ scopes: ScopeRegistry) {
        if active.count >= PurgeMarks.mostActive { return addTogether(kind, scopes) }
        add(PurgeMark(number: latest + 1, selection, kind, scopes: scopes, isWritten: false))
    }

    /// Puts one purge of everything in the place of all that are under way: rather too much is purged than too little.
    private mutating func addTogether(_ kind: PurgeKind, _ scopes: ScopeRegistry) {
        let isHard = kind == .hard || active.contains { $0.kind == .hard }
        active = []
        add(.everything, isHard ? .hard : .soft, scopes)
    }

    /// The file that was opened knows of `written`, purges with numbers up to `number` at most, and not of those here. They get
    /// new numbers: its rows may have the old ones.
    mutating func join(_ written: [PurgeMark], upTo number: UInt64, _ scopes: ScopeRegistry) {
        let own = active
        active = []
        for mark in written { add(mark) }
        latest = max(latest, number)
        for mark in own { add(mark.selection, mark.kind, scopes) }
    }

    /// The purge of that number was written down, under the same one or one that is greater than all here.
    mutating func replace(_ number: UInt64, by mark: PurgeMark) {
        active.removeAll { $0.number == number }
        add(mark)
    }

    /// Whether a purge has come over `key` since the one of that number was the last.
    func haveCome(over key: RecordKey, since number: UInt64) -> Bool {
        if number == latest { return false }
        if number < forgotten { return true }
        return recent.contains { $0.number > number && $0.matches(key) }
    }

    // MARK: - Records

    /// What is left of a record; nil if it stays as it is.
    func leaves(of record: UnsafeRawBufferPointer, _ key: RecordKey) -> [UInt8]? {
        if unsafe active.isEmpty || record.isEmpty { return nil }
        let seen = unsafe RecordHead.purge(of: record)
        var isMatched = false
        for mark in active where mark.number > seen && mark.matches(key) {
            if mark.kind == .hard { return [] }
            isMatched = true
        }
        guard isMatched else { return nil }
        return key.isTotals
            ? unsafe PurgeMark.softened(TotalsRow.self, record, latest)
            : unsafe PurgeMark.softened(SeriesDay.self, record, latest)
    }

    /// Calls `body` with what is left of a record.
    @inline(__always)
    func withLeaves<Result>(
        of record: UnsafeRawBufferPointer,
        _ key: RecordKey,
        _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        if active.isEmpty { return unsafe body(record) }
        guard let leaves = unsafe leaves(of: record, key) else { return unsafe body(record) }
        return unsafe leaves.withUnsafeBytes { unsafe body($0) }
    }

    /// What is left of a record, unpacked; empty if it cannot be read.
    func record<Record: PackedRecord>(
        _: Record.Type,
        _ key: RecordKey,
        _ bytes: UnsafeRawBufferPointer
    ) -> Record {
        unsafe withLeaves(of: bytes, key) { unsafe Record(decoding: $0) } ?? Record()
    }
}

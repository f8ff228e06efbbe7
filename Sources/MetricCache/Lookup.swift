internal import Engagement
internal import SQLite

/// One lookup: what is asked for, and the records that memory could not answer for.
///
/// First all records are looked for in memory, then those that are missing there are read from the file in one transaction
/// and kept in memory, even if there is no row: the next lookup then knows.
struct Lookup {
    let need: MetricNeed
    let filler: TableFiller
    let memory: MemoryTier
    let now: UInt32
    private let days: ClosedRange<Int32>?
    private(set) var misses: [Miss] = []
    /// Those that were under way when the file was read.
    private var purges = PurgeMarks()
    private(set) var recordCount = 0

    /// A scope to look under and the types to look for.
    struct Part {
        let scope: CellScope
        /// Its number in ``ScopeRegistry``.
        let number: UInt32
        let types: EngagementTypeSet
    }

    /// A record to be looked for in the file.
    struct Miss {
        let part: Int
        let tweet: Int
        /// The bucket of a ``RecordKey``.
        let bucket: Int32
        /// The key's stamp when memory was asked, and the incomplete record that was there; see ``MemoryTier``.
        let stamp: UInt32
        let known: [UInt8]
    }

    /// Records that are looked up under one lock, so that a large need does not keep writers waiting.
    private static let recordsPerLock = 1024

    init(need: MetricNeed, filler: TableFiller, memory: MemoryTier, now: UInt32) {
        self.need = need
        self.filler = filler
        self.memory = memory
        self.now = now
        days = need.window?.days
    }

    // MARK: - Memory

    /// Fills what memory knows. With `asksFile`, records that are not known completely become ``misses`` instead.
    mutating func fillFromMemory(_ parts: [Part], asksFile: Bool) {
        misses.removeAll()
        for index in parts.indices {
            need.family == .totals
                ? totalsFromMemory(parts[index], index, asksFile)
                : seriesFromMemory(parts[index], index, asksFile)
        }
    }

    private mutating func totalsFromMemory(_ part: Part, _ partIndex: Int, _ asksFile: Bool) {
        let columns = filler.columns(part.types)
        var start = 0
        while start < need.tweets.count {
            let end = min(start + Lookup.recordsPerLock, need.tweets.count)
            memory.read { table, stamps in
                let purges = memory.purges
                for tweet in start..<end {
                    let key = RecordKey.totals(need.tweets[tweet], scope: part.number)
                    let slot = table.find(key)
                    if let slot, !asksFile || table.flags(slot).contains(.complete) {
                        table.markReferenced(slot)
                        unsafe purges.withLeaves(of: table.bytes(slot), key) {
                            unsafe filler.fillTotals(tweet, need.tweets[tweet], columns, $0)
                        }
                    } else if asksFile {
                        note(key, partIndex, tweet, slot, table, stamps)
                    }
                }
            }
            start = end
        }
        recordCount += need.tweets.count
    }

    private mutating func seriesFromMemory(_ part: Part, _ partIndex: Int, _ asksFile: Bool) {
        guard let days else { return }
        for tweet in need.tweets.indices {
            memory.read { table, stamps in
                let purges = memory.purges
                for day in days {
                    let key = RecordKey.day(day, need.tweets[tweet], scope: part.number)
                    let slot = table.find(key)
                    if let slot, !asksFile || table.flags(slot).contains(.complete) {
                        table.markReferenced(slot)
                        unsafe purges.withLeaves(of: table.bytes(slot), key) {
                            unsafe filler.fillSeries(tweet, day, part.types, $0)
                        }
                    } else if asksFile {
                        note(key, partIndex, tweet, slot, table, stamps)
                    }
                }
            }
        }
        recordCount += need.tweets.count * days.count
    }

    private mutating func note(
        _ key: RecordKey,
        _ part: Int,
        _ tweet: Int,
        _ slot: Int?,
        _ table: borrowing RecordTable,
        _ stamps: [UInt32]
    ) {
        var known: [UInt8] = []
        if let slot { known = unsafe memory.purges.withLeaves(of: table.bytes(slot), key) { unsafe [UInt8]($0) } }
        let stamp = stamps[MemoryTier.stampIndex(key)]
        misses.append(Miss(part: part, tweet: tweet, bucket: key.bucket, stamp: stamp, known: known))
    }

    // MARK: - File

    /// Reads all misses in one transaction.
    mutating func fillFromFile(_ parts: [Part], _ reader: DiskReader) throws(SQLiteError) {
        // Before the transaction begins: a purge that is not under way any more was over the file that it sees, and one that
        // ends while rows are read is not forgotten.
        purges = memory.read { _, _ in memory.purges }
        try readRows(parts, reader)
    }

    private func readRows(_ parts: [Part], _ reader: DiskReader) throws(SQLiteError) {
        try reader.transaction { () throws(SQLiteError) in
            var start = 0
            while start < misses.count {
                let partIndex = misses[start].part
                let end = misses[start...].firstIndex { $0.part != partIndex } ?? misses.count
                let part = parts[partIndex]
                if let scope = try reader.number(of: part.scope) {
                    need.family == .totals
                        ? try totals(start..<end, part, scope, reader)
                        : try series(start..<end, part, scope, reader)
                } else {
                    for miss in misses[start..<end] { unsafe resolve(miss, part, nil) }
                }
                start = end
            }
        }
    }

    private func totals(
        _ range: Range<Int>,
        _ part: Part,
        _ scope: Int64,
        _ reader: DiskReader
    ) throws(SQLiteError) {
        let columns = filler.columns(part.types)
        for miss in misses[range] {
            let tweet = need.tweets[miss.tweet]
            try unsafe reader.totals(scope: scope, tweet: tweet) { row in
                let key = RecordKey.totals(tweet, scope: part.number)
                unsafe memory.resolve(
                    key,
                    row: row,
                    known: miss.known,
                    stamp: miss.stamp,
                    now: now,
                    purges: purges
                ) { record in
                    unsafe filler.fillTotals(miss.tweet, tweet, columns, record)
                }
            }
        }
    }

    /// The days of one Tweet lie side by side in the file, so they are read in one go, and matched with the misses, which
    /// are in the same order.
    private func series(
        _ range: Range<Int>,
        _ part: Part,
        _ scope: Int64,
        _ reader: DiskReader
    ) throws(SQLiteError) {
        var next = range.lowerBound
        while next < range.upperBound {
            let tweet = misses[next].tweet
            var end = next
            while end < range.upperBound, misses[end].tweet == tweet { end += 1 }
            let days = misses[next].bucket...misses[end - 1].bucket
            try unsafe reader.days(scope: scope, tweet: need.tweets[tweet], days) { day, row in
                while next < end, misses[next].bucket < day {
                    unsafe resolve(misses[next], part, nil)
                    next += 1
                }
                guard next < end, misses[next].bucket == day else { return }
                unsafe resolve(misses[next], part, row)
                next += 1
            }
            while next < end {
                unsafe resolve(misses[next], part, nil)
                next += 1
            }
        }
    }

    private func resolve(_ miss: Miss, _ part: Part, _ row: UnsafeRawBufferPointer?) {
        let tweet = need.tweets[miss.tweet]
        let key = RecordKey(tweet: tweet.rawValue, scope: part.number, bucket: miss.bucket)
        unsafe memory.resolve(
            key,
            row: row,
            known: miss.known,
            stamp: miss.stamp,
            now: now,
            purges: purges
        ) { record in
            key.isTotals
                ? unsafe filler.fillTotals(miss.tweet, tweet, filler.columns(part.types), record)
                : unsafe filler.fillSeries(miss.tweet, miss.bucket, part.types, record)
        }
    }
}

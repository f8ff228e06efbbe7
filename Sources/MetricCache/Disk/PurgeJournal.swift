internal import Engagement
internal import SQLite

/// The purges that have not been over every row of the file yet, as the file knows them: whoever opens it goes on with them.
struct PurgeJournal {
    private let connection: Connection

    /// A purge as it is written down.
    struct Entry: Equatable {
        let number: UInt64
        let selection: PurgeSelection
        let kind: PurgeKind
    }

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// Writes a purge down, under `number` or, if the file has had that one before, under a greater one, which it returns.
    ///
    /// When this returns, the purge outlasts also a power failure: it is what we say to whoever asked for it.
    func append(_ selection: PurgeSelection, _ kind: PurgeKind, as number: UInt64) throws(SQLiteError) -> UInt64 {
        do {
            try connection.execute("PRAGMA synchronous = FULL; BEGIN IMMEDIATE")
            let next = max(number, try latest() + 1)
            let insert = try connection.prepare(CacheSchema.insertPurge)
            insert.bind(Int64(next), at: 1)
            insert.bind(kind.rawValue, at: 2)
            if let account = selection.account { insert.bind(account.rawValue, at: 3) }
            if let family = selection.family { insert.bind(Int64(family.rawValue), at: 4) }
            if let tweets = selection.tweets { insert.bind(PurgeJournal.blob(tweets), at: 5) }
            try insert.run()
            try connection.execute("COMMIT; PRAGMA synchronous = NORMAL")
            return next
        } catch {
            try? connection.execute("ROLLBACK")
            try? connection.execute("PRAGMA synchronous = NORMAL")
            throw error
        }
    }

    /// The greatest number that any purge of the file ever had.
    func latest() throws(SQLiteError) -> UInt64 {
        UInt64(clamping: try connection.integer(CacheSchema.selectLatestPurge))
    }

    /// All purges, in the order of their numbers.
    func entries() throws(SQLiteError) -> [Entry] {
        // Files of version 1 have no such table.
        guard try connection.integer(CacheSchema.countPurgeTables) > 0 else { return [] }
        let select = try connection.prepare(CacheSchema.selectPurges)
        var entries: [Entry] = []
        while try select.step() {
            var selection = PurgeSelection()
            // Of a purge that this version does not understand in full, more is purged than was meant, never less.
            let account = select.text(2)
            if !account.isEmpty { selection.account = AccountName(account) }
            selection.family = select.isNull(3) ? nil : MetricFamily(rawValue: UInt8(clamping: select.integer(3)))
            selection.tweets = select.isNull(4) ? nil : unsafe PurgeJournal.tweets(select.bytes(4))
            entries.append(
                Entry(
                    number: UInt64(clamping: select.integer(0)),
                    selection: selection,
                    kind: PurgeKind(rawValue: select.text(1)) ?? .hard
                )
            )
        }
        return entries
    }

    /// Forgets the purges up to `number`, which have been over every row.
    func remove(upTo number: UInt64) throws(SQLiteError) {
        let delete = try connection.prepare(CacheSchema.deletePurge)
        delete.bind(Int64(clamping: number), at: 1)
        try delete.run()
    }

    // MARK: - Tweets

    /// Eight bytes each, the lowest first.
    private static func blob(_ tweets: [TweetID]) -> [UInt8] {
        tweets.flatMap { tweet in
            (0..<8).map { UInt8(truncatingIfNeeded: tweet.rawValue >> ($0 * 8)) }
        }
    }

    private static func tweets(_ blob: UnsafeRawBufferPointer) -> [TweetID] {
        stride(from: 0, to: blob.count & ~7, by: 8).map { offset in
            TweetID(rawValue: UInt64(littleEndian: unsafe blob.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        }
    }
}

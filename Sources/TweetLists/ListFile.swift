internal import Engagement
internal import SQLite

/// The file of the saved lists. One thread at a time uses it.
struct ListFile {
    private let file: DatabaseFile
    private let isReadOnly: Bool
    private var connection: Connection?
    private var isClosed = false

    init(
        path: String,
        busyMilliseconds: Int,
        isReadOnly: Bool,
        report: @escaping @Sendable (ListEvent) -> Void
    ) {
        self.isReadOnly = isReadOnly
        file = DatabaseFile(path: path, format: ListFile.format, busyMilliseconds: busyMilliseconds) { target, reason in
            report(.setAside(movedTo: target, reason: reason))
        }
    }

    /// "EgLs".
    private static let format = DatabaseFile.Format(
        applicationID: 0x4567_4C73,
        version: 1,
        creation: """
            CREATE TABLE lists (
                name TEXT PRIMARY KEY,
                description TEXT,
                account TEXT,
                every_seconds INTEGER,
                totals INTEGER,
                last_28_hours INTEGER,
                historical INTEGER,
                historical_days INTEGER,
                tweets BLOB NOT NULL
            ) STRICT, WITHOUT ROWID;
            """
    )

    /// Opens the file and reads its lists; nil if it is open already, or closed for good.
    mutating func open() throws(SQLiteError) -> [NamedList]? {
        guard connection == nil, !isClosed else { return nil }
        if isReadOnly {
            let opened = try file.openForReading()
            connection = opened
            return try ListFile.lists(opened)
        }
        let (opened, lists) = try file.open { connection throws(SQLiteError) in
            // What is answered outlasts a power failure.
            try connection.execute("PRAGMA synchronous = FULL")
            return (connection, try ListFile.lists(connection))
        }
        connection = opened
        return lists
    }

    func write(_ list: NamedList) throws(SQLiteError) {
        guard let connection else { throw ListFile.closed }
        let insert = try connection.prepare("INSERT OR REPLACE INTO lists VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        insert.bind(list.name.rawValue, at: 1)
        if let description = list.description { insert.bind(description, at: 2) }
        if let account = list.account { insert.bind(account.rawValue, at: 3) }
        if let refresh = list.refresh {
            if let seconds = refresh.everySeconds { insert.bind(Int64(seconds), at: 4) }
            insert.bind(Int64(refresh.totals.rawValue), at: 5)
            insert.bind(Int64(refresh.last28Hours.rawValue), at: 6)
            insert.bind(Int64(refresh.historical.rawValue), at: 7)
            insert.bind(Int64(refresh.historicalDays), at: 8)
        }
        insert.bind(ListFile.blob(list.tweets), at: 9)
        try insert.run()
    }

    func delete(_ name: ListName) throws(SQLiteError) {
        guard let connection else { throw ListFile.closed }
        let delete = try connection.prepare("DELETE FROM lists WHERE name = ?")
        delete.bind(name.rawValue, at: 1)
        try delete.run()
    }

    mutating func close() {
        if !isReadOnly { try? connection?.execute("PRAGMA wal_checkpoint(TRUNCATE)") }
        connection = nil
        isClosed = true
    }

    /// SQLITE_MISUSE.
    private static let closed = SQLiteError(code: 21, message: "the file is closed")

    // MARK: - Rows

    private static func lists(_ connection: Connection) throws(SQLiteError) -> [NamedList] {
        let select = try connection.prepare(
            """
            SELECT name, description, account, every_seconds, totals, last_28_hours, historical, historical_days, tweets
            FROM lists ORDER BY name
            """
        )
        var lists: [NamedList] = []
        while try select.step() {
            // A name that this version does not take cannot be asked for: the row stays as it is.
            guard let name = ListName(select.text(0)) else { continue }
            lists.append(
                NamedList(
                    name,
                    unsafe tweets(select.bytes(8)),
                    description: select.isNull(1) ? nil : select.text(1),
                    account: select.isNull(2) ? nil : AccountName(select.text(2)),
                    refresh: select.isNull(4) ? nil : refresh(select)
                )
            )
        }
        return lists
    }

    private static func refresh(_ row: Statement) -> ListRefresh {
        func types(_ column: Int32, _ family: EngagementTypeSet) -> EngagementTypeSet {
            EngagementTypeSet(rawValue: UInt32(truncatingIfNeeded: row.integer(column))).intersection(family)
        }
        return ListRefresh(
            everySeconds: row.isNull(3) ? nil : Int(clamping(row.integer(3), to: ListRefresh.everySecondsBounds)),
            totals: types(4, .totals),
            last28Hours: types(5, .series),
            historical: types(6, .series),
            historicalDays: Int(clamping(row.integer(7), to: ListRefresh.historicalDaysBounds))
        )
    }

    private static func clamping(_ value: Int64, to bounds: ClosedRange<Int64>) -> Int64 {
        min(max(value, bounds.lowerBound), bounds.upperBound)
    }

    /// Eight bytes each, the lowest first.
    private static func blob(_ tweets: [TweetID]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(tweets.count * 8)
        for tweet in tweets {
            for shift in stride(from: 0, to: 64, by: 8) {
                bytes.append(UInt8(truncatingIfNeeded: tweet.rawValue >> shift))
            }
        }
        return bytes
    }

    private static func tweets(_ blob: UnsafeRawBufferPointer) -> [TweetID] {
        stride(from: 0, to: blob.count & ~7, by: 8).map { offset in
            TweetID(rawValue: UInt64(littleEndian: unsafe blob.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        }
    }
}

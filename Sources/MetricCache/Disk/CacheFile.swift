internal import Engagement
internal import SQLite

/// The cache file: a ``DatabaseFile`` with the cache's tables, and what its writer needs to know.
struct CacheFile: Sendable {
    private let file: DatabaseFile
    private let maximumBytes: Int
    private let history: HistoryDepth
    /// Whether it has no writer, and readers leave no trace.
    let isReadOnly: Bool

    init(
        path: String,
        maximumBytes: Int,
        history: HistoryDepth,
        busyMilliseconds: Int,
        isReadOnly: Bool,
        report: @escaping @Sendable (MetricCacheEvent) -> Void
    ) {
        self.maximumBytes = maximumBytes
        self.history = history
        self.isReadOnly = isReadOnly
        file = DatabaseFile(path: path, format: CacheSchema.format, busyMilliseconds: busyMilliseconds) {
            report(.setAside(path: path, movedTo: $0, reason: $1))
        }
    }

    var path: String { file.path }

    /// A reader of the file, which must be there.
    func reader() throws(SQLiteError) -> DiskReader {
        if isReadOnly { return try DiskReader(file.openForReading()) }
        return try DiskReader(Connection(path: path, mode: .queryOnly, busyMilliseconds: file.busyMilliseconds))
    }

    /// The writer of the file. Throws if the file cannot be used but should stay where it is: it is locked, its folder
    /// cannot be written, the disk is full.
    func open() throws(SQLiteError) -> CacheWriter {
        try file.open { connection throws(SQLiteError) in
            try CacheWriter(connection, maximumBytes: maximumBytes, history: history)
        }
    }

    /// Moves the file away, with its write-ahead log, and says so.
    func setAside(_ reason: DatabaseFile.SetAsideReason) throws(SQLiteError) {
        try file.setAside(reason)
    }

    /// Bytes of the file and its write-ahead log.
    var size: Int { file.size }
}

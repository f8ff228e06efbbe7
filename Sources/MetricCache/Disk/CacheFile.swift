internal import Engagement
internal import Glibc

/// Opens a cache file, makes it if there is none, and sets aside what is no cache of this version.
struct CacheFile: Sendable {
    let path: String
    let maximumBytes: Int
    let busyMilliseconds: Int
    let report: @Sendable (MetricCacheEvent) -> Void

    /// The writer of the file. Throws if the file cannot be used but should stay where it is: it is locked, its folder
    /// cannot be written, the disk is full.
    func open() throws(SQLiteError) -> CacheWriter {
        if let reason = try unusable() {
            try setAside(reason)
        }
        do {
            return try openCache()
        } catch  where error.isCorruption || error.primaryCode == CacheFile.genericError {
            // The marks are right, but a table is missing or cannot be read.
            try setAside(.damaged(error))
            return try openCache()
        }
    }

    /// Moves the file away, with its write-ahead log, and says so.
    func setAside(_ reason: MetricCacheEvent.SetAsideReason) throws(SQLiteError) {
        let target = freeName()
        guard unsafe rename(path, target) == 0 else {
            throw SQLiteError(code: CacheFile.cannotOpen, message: "cannot rename it: \(CacheFile.errorText)")
        }
        for suffix in CacheFile.companions { unsafe rename(path + suffix, target + suffix) }
        report(.setAside(path: path, movedTo: target, reason: reason))
    }

    /// Bytes of the file and its write-ahead log.
    var size: Int { CacheFile.fileSize(path) + CacheFile.fileSize(path + "-wal") }

    // MARK: - Opening

    /// Why the file there is no cache of this version, or nil if it is one or there is none yet.
    private func unusable() throws(SQLiteError) -> MetricCacheEvent.SetAsideReason? {
        guard CacheFile.fileSize(path) > 0 else { return nil }
        do {
            let connection = try Connection(path: path, mode: .create, busyMilliseconds: busyMilliseconds)
            let tables = try connection.integer("SELECT count(*) FROM sqlite_master")
            let application = try connection.integer("PRAGMA application_id")
            let version = try connection.integer("PRAGMA user_version")
            if application == 0 && version == 0 && tables == 0 { return nil }
            if application != CacheSchema.applicationID { return .foreign }
            return version == CacheSchema.version ? nil : .otherVersion(Int(version))
        } catch  where error.isCorruption {
            return .damaged(error)
        }
    }

    private func openCache() throws(SQLiteError) -> CacheWriter {
        makeEmptyFile()
        let connection = try Connection(path: path, mode: .create, busyMilliseconds: busyMilliseconds)
        if connection.isReadOnly {
            throw SQLiteError(code: CacheFile.readOnly, message: "the file cannot be written")
        }
        try connection.execute(CacheSchema.preparation)
        guard try connection.text("PRAGMA journal_mode") == "wal" else {
            throw SQLiteError(code: CacheFile.cannotOpen, message: "the file system has no write-ahead log")
        }
        // With a write-ahead log NORMAL loses at most the last commits when the power fails, never consistency.
        try connection.execute("PRAGMA synchronous = NORMAL")
        if try connection.integer("PRAGMA user_version") == 0 {
            try connection.execute(CacheSchema.creation)
        }
        return try CacheWriter(connection, maximumBytes: maximumBytes)
    }

    /// The file holds private numbers, so it is made readable by its owner alone; SQLite gives its companions the same
    /// rights. Whatever fails here fails again, with a better message, in SQLite.
    private func makeEmptyFile() {
        let descriptor = unsafe Glibc.open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }

    // MARK: - Files

    /// `<path>.set-aside-<time>`, with a number behind it if that is taken.
    private func freeName() -> String {
        let time = UnixTime(seconds: UnixTime.now().seconds).iso8601.filter { $0 != "-" && $0 != ":" }
        let name = "\(path).set-aside-\(time)"
        var candidate = name
        var number = 2
        while unsafe access(candidate, F_OK) == 0 {
            candidate = "\(name)-\(number)"
            number += 1
        }
        return candidate
    }

    /// What SQLite keeps beside a database in write-ahead mode.
    private static let companions = ["-wal", "-shm"]

    private static func fileSize(_ path: String) -> Int {
        var information = stat()
        guard unsafe stat(path, &information) == 0 else { return 0 }
        return Int(information.st_size)
    }

    private static var errorText: String { unsafe String(cString: strerror(errno)) }

    /// SQLITE_ERROR, SQLITE_READONLY and SQLITE_CANTOPEN.
    private static let genericError: Int32 = 1
    private static let readOnly: Int32 = 8
    private static let cannotOpen: Int32 = 14
}

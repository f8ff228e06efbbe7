internal import Glibc

/// A file that should be a database of one format: opens it, makes it if there is none, and sets aside what is something
/// else, so that nothing is ever overwritten or guessed.
public struct DatabaseFile: Sendable {
    /// Where the file lies. Its folder must exist.
    public let path: String
    /// What the file should be.
    public let format: Format
    /// How long to wait for another process that holds the file, in milliseconds.
    public let busyMilliseconds: Int
    private let hasSetAside: @Sendable (_ movedTo: String, _ reason: SetAsideReason) -> Void

    /// The marks and tables by which a database is known.
    public struct Format: Equatable, Sendable {
        /// Says whose database it is (<https://www.sqlite.org/pragma.html#pragma_application_id>). Not 0.
        public let applicationID: Int64
        /// The version of the tables, `user_version` in the file. Not 0.
        public let version: Int64
        /// Statements for each opening, which must come before the first table. The write-ahead log is part of every format.
        public let preparation: String
        /// Statements that make the tables.
        public let creation: String
        /// Statements that bring a file of an older version to the next one: the first those of version 1 to version 2. A file
        /// that is only read is not changed, so whoever reads finds older versions, too.
        public let migrations: [String]

        /// The marks are set in the same transaction as `creation` makes the tables.
        public init(
            applicationID: Int64,
            version: Int64,
            preparation: String = "",
            creation: String,
            migrations: [String] = []
        ) {
            precondition(migrations.count < version, "each version but the first has at most one migration")
            self.applicationID = applicationID
            self.version = version
            self.preparation = preparation
            self.creation = creation
            self.migrations = migrations
        }

        /// The oldest version that can be brought to this one.
        var oldestVersion: Int64 { version - Int64(migrations.count) }
    }

    /// Why a file was set aside.
    public enum SetAsideReason: Equatable, Sendable {
        /// It is no database, or a damaged one.
        case damaged(SQLiteError)
        /// It is another application's database.
        case foreign
        /// It is a database of this application with a schema that this version does not know.
        case otherVersion(Int)
    }

    /// Opens nothing yet. `hasSetAside` is called with the new path of each file that was moved away.
    public init(
        path: String,
        format: Format,
        busyMilliseconds: Int,
        hasSetAside: @escaping @Sendable (_ movedTo: String, _ reason: SetAsideReason) -> Void
    ) {
        self.path = path
        self.format = format
        self.busyMilliseconds = busyMilliseconds
        self.hasSetAside = hasSetAside
    }

    /// A connection that writes, handed to `use`, which prepares what it needs of it.
    ///
    /// Throws if the file cannot be used but should stay where it is: it is locked, its folder cannot be written, the disk is
    /// full.
    public func open<Result>(_ use: (Connection) throws(SQLiteError) -> Result) throws(SQLiteError) -> Result {
        if let reason = try unusable() {
            try setAside(reason)
        }
        do throws(SQLiteError) {
            return try use(connect())
        } catch  where error.isCorruption || error.primaryCode == DatabaseFile.genericError {
            // The marks are right, but a table is missing or cannot be read.
            try setAside(.damaged(error))
            return try use(connect())
        }
    }

    /// A connection for reading, which leaves no trace: nothing is made, moved or written, and a process that writes the file
    /// is not held up. After a process that was killed, the index of its log may be made anew.
    ///
    /// Throws if there is no file, or it is not of this format.
    public func openForReading() throws(SQLiteError) -> Connection {
        let hasLog =
            DatabaseFile.exists(path + "-wal")
            && (DatabaseFile.fileSize(path + "-wal") > 0 || DatabaseFile.exists(path + "-shm"))
        let mode = hasLog ? Connection.Mode.readOnly : .immutable
        let connection = try Connection(path: path, mode: mode, busyMilliseconds: busyMilliseconds)
        if let reason = try foreignness(of: connection) {
            throw SQLiteError(code: DatabaseFile.notADatabase, message: "it \(reason)")
        }
        return connection
    }

    /// Moves the file away, with its write-ahead log, and says so.
    public func setAside(_ reason: SetAsideReason) throws(SQLiteError) {
        let target = freeName()
        guard unsafe rename(path, target) == 0 else {
            throw SQLiteError(code: DatabaseFile.cannotOpen, message: "cannot rename it: \(DatabaseFile.errorText)")
        }
        for suffix in DatabaseFile.companions { unsafe rename(path + suffix, target + suffix) }
        hasSetAside(target, reason)
    }

    /// Bytes of the file and its write-ahead log.
    public var size: Int { DatabaseFile.fileSize(path) + DatabaseFile.fileSize(path + "-wal") }

    // MARK: - Opening

    /// Why the file there is no database of this format, or nil if it is one or there is none yet.
    private func unusable() throws(SQLiteError) -> SetAsideReason? {
        guard DatabaseFile.fileSize(path) > 0 else { return nil }
        do throws(SQLiteError) {
            let connection = try Connection(path: path, mode: .create, busyMilliseconds: busyMilliseconds)
            let tables = try connection.integer("SELECT count(*) FROM sqlite_master")
            if tables == 0, try connection.integer("PRAGMA application_id") == 0,
                try connection.integer("PRAGMA user_version") == 0
            {
                return nil
            }
            return try foreignness(of: connection)
        } catch  where error.isCorruption {
            return .damaged(error)
        }
    }

    /// Why a database is of another format; nil if it is of this one.
    private func foreignness(of connection: Connection) throws(SQLiteError) -> SetAsideReason? {
        if try connection.integer("PRAGMA application_id") != format.applicationID { return .foreign }
        let version = try connection.integer("PRAGMA user_version")
        return (format.oldestVersion...format.version).contains(version) ? nil : .otherVersion(Int(version))
    }

    private func connect() throws(SQLiteError) -> Connection {
        makeEmptyFile()
        let connection = try Connection(path: path, mode: .create, busyMilliseconds: busyMilliseconds)
        if connection.isReadOnly {
            throw SQLiteError(code: DatabaseFile.readOnly, message: "the file cannot be written")
        }
        try connection.execute(format.preparation)
        guard try connection.text("PRAGMA journal_mode = WAL") == "wal" else {
            throw SQLiteError(code: DatabaseFile.cannotOpen, message: "the file system has no write-ahead log")
        }
        // With a write-ahead log NORMAL loses at most the last commits when the power fails, never consistency.
        try connection.execute("PRAGMA synchronous = NORMAL")
        if try connection.integer("PRAGMA user_version") < format.version { try update(connection) }
        return connection
    }

    /// Makes the tables, or brings older ones to this version, in one transaction. What is there is looked up in it: another process
    /// may be doing the same.
    private func update(_ connection: Connection) throws(SQLiteError) {
        do {
            try connection.execute("BEGIN IMMEDIATE")
            let version = try connection.integer("PRAGMA user_version")
            if version == 0 {
                try connection.execute("\(format.creation)\nPRAGMA application_id = \(format.applicationID)")
            } else if version < format.version {
                let steps = format.migrations.suffix(Int(format.version - version))
                try connection.execute(steps.joined(separator: "\n"))
            }
            if version < format.version { try connection.execute("PRAGMA user_version = \(format.version)") }
            try connection.execute("COMMIT")
        } catch {
            // It may have been rolled back already.
            try? connection.execute("ROLLBACK")
            throw error
        }
    }

    /// The file may hold what is private, so it is made readable by its owner alone; SQLite gives its companions the same
    /// rights. Whatever fails here fails again, with a better message, in SQLite.
    private func makeEmptyFile() {
        let descriptor = unsafe Glibc.open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }

    // MARK: - Files

    /// `<path>.set-aside-<time of UTC>`, with a number behind it if that is taken.
    private func freeName() -> String {
        let name = "\(path).set-aside-\(DatabaseFile.timeText)"
        var candidate = name
        var number = 2
        while DatabaseFile.exists(candidate) {
            candidate = "\(name)-\(number)"
            number += 1
        }
        return candidate
    }

    /// `20240305T120000Z`, the time of the machine's clock.
    private static var timeText: String {
        var now = time(nil)
        var parts = unsafe tm()
        unsafe gmtime_r(&now, &parts)
        return unsafe String(unsafeUninitializedCapacity: 32) { buffer in
            unsafe buffer.withMemoryRebound(to: CChar.self) { text in
                unsafe strftime(text.baseAddress, text.count, "%Y%m%dT%H%M%SZ", &parts)
            }
        }
    }

    /// What SQLite keeps beside a database in write-ahead mode.
    private static let companions = ["-wal", "-shm"]

    private static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    private static func fileSize(_ path: String) -> Int {
        var information = stat()
        guard unsafe stat(path, &information) == 0 else { return 0 }
        return Int(information.st_size)
    }

    private static var errorText: String { unsafe String(cString: strerror(errno)) }

    /// SQLITE_ERROR, SQLITE_READONLY, SQLITE_CANTOPEN and SQLITE_NOTADB.
    private static let genericError: Int32 = 1
    private static let readOnly: Int32 = 8
    private static let cannotOpen: Int32 = 14
    private static let notADatabase: Int32 = 26
}

extension DatabaseFile.SetAsideReason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .damaged(let error): "is damaged: \(error)"
        case .foreign: "belongs to another application"
        case .otherVersion(let version): "has schema version \(version)"
        }
    }
}

internal import CSQLite

/// One open database. It owns the pointer and closes it when the last statement is gone.
///
/// A connection is used by one thread at a time: it is opened without SQLite's own locks.
@safe
public final class Connection {
    private let handle: OpaquePointer

    /// How a file is opened.
    public enum Mode: Sendable {
        /// For reading and writing; made if it does not exist.
        case create
        /// For reading; it must exist. Opened writable all the same, because a reader of a write-ahead log takes part in
        /// its index (<https://www.sqlite.org/wal.html#read_only_databases>), but every change is refused.
        case queryOnly
        /// For reading, without a change to anything beside the index of a write-ahead log; the file must exist.
        case readOnly
        /// For reading a file that has no write-ahead log and that nobody writes: no lock is taken, and no file made
        /// (<https://www.sqlite.org/c3ref/open.html#urifilenamesinsqlite3open>).
        case immutable
    }

    /// Opens the file at `path`; waits up to `busyMilliseconds` for other processes, here and in every later call.
    /// SQLite takes an empty path and one that begins with a colon for databases without a file.
    public init(path: String, mode: Mode, busyMilliseconds: Int) throws(SQLiteError) {
        var opened: OpaquePointer?
        let flags =
            switch mode {
            case .create: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX
            case .queryOnly: SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX
            case .readOnly: SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX
            case .immutable: SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_URI
            }
        let name = mode == .immutable ? Connection.immutableURI(of: path) : path
        let code = unsafe sqlite3_open_v2(name, &opened, flags | SQLITE_OPEN_EXRESCODE, nil)
        guard let opened = unsafe opened else {
            throw SQLiteError(code: SQLITE_NOMEM, message: "out of memory")
        }
        guard code == SQLITE_OK else {
            let error = unsafe Connection.error(code, of: opened)
            unsafe sqlite3_close_v2(opened)
            throw error
        }
        unsafe handle = unsafe opened
        unsafe sqlite3_busy_timeout(handle, Int32(clamping: busyMilliseconds))
        if mode == .queryOnly { try execute("PRAGMA query_only = ON") }
    }

    deinit {
        unsafe sqlite3_close_v2(handle)
    }

    /// The bytes that mean something in a URI are escaped, and so is everything beyond ASCII.
    private static func immutableURI(of path: String) -> String {
        let escaped = path.utf8.map { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "-"),
                UInt8(ascii: "_"):
                String(UnicodeScalar(byte))
            default: "%" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
            }
        }
        return "file:\(escaped.joined())?immutable=1"
    }

    /// Whether the file may only be read.
    public var isReadOnly: Bool { unsafe sqlite3_db_readonly(handle, "main") == 1 }

    /// Runs statements, separated by semicolons, that answer nothing of interest.
    public func execute(_ sql: String) throws(SQLiteError) {
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code) }
    }

    /// The first column of the first row as a number, 0 if there is no row.
    public func integer(_ sql: String) throws(SQLiteError) -> Int64 {
        let statement = try prepare(sql)
        return try statement.step() ? statement.integer(0) : 0
    }

    /// The first column of the first row as text, empty if there is no row.
    public func text(_ sql: String) throws(SQLiteError) -> String {
        let statement = try prepare(sql)
        return try statement.step() ? statement.text(0) : ""
    }

    /// Compiles one statement to be run many times.
    public func prepare(_ sql: String) throws(SQLiteError) -> Statement {
        var compiled: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &compiled, nil)
        guard code == SQLITE_OK, let compiled = unsafe compiled else { throw error(code) }
        return unsafe Statement(adopting: compiled, of: self)
    }

    /// What went wrong last on this connection.
    func error(_ code: Int32) -> SQLiteError { unsafe Connection.error(code, of: handle) }

    private static func error(_ code: Int32, of handle: OpaquePointer) -> SQLiteError {
        let message = unsafe sqlite3_errmsg(handle).map { unsafe String(cString: $0) } ?? "unknown error"
        return SQLiteError(code: code, message: message)
    }
}

internal import CSQLite

/// An error of SQLite: its code to match and its text to read (<https://www.sqlite.org/rescode.html>).
public struct SQLiteError: Error, Equatable, Sendable {
    /// The extended result code.
    public let code: Int32
    /// What SQLite says about it.
    public let message: String

    public init(code: Int32, message: String) {
        self.code = code
        self.message = message
    }

    /// The result code without its extension.
    public var primaryCode: Int32 { code & 0xFF }

    /// Whether the file cannot be read as a database, so that only a new one helps.
    public var isCorruption: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }

    /// Whether there is no room: the disk is full, or the file has reached its bound.
    public var isFull: Bool { primaryCode == SQLITE_FULL }

    /// Whether another process holds the file.
    public var isBusy: Bool { primaryCode == SQLITE_BUSY || primaryCode == SQLITE_LOCKED }
}

extension SQLiteError: CustomStringConvertible {
    public var description: String { "\(message) (SQLite code \(code))" }
}

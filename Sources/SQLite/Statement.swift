internal import CSQLite

/// One compiled statement. It owns the pointer and keeps its connection open.
///
/// Bind, then step until there is no row, then ``reset()``. Parameters count from 1 and columns from 0, as in SQLite.
@safe
public final class Statement {
    private let handle: OpaquePointer
    private let connection: Connection

    /// Takes over `handle`, which must be a statement of `connection` and have no other owner.
    init(adopting handle: OpaquePointer, of connection: Connection) {
        unsafe self.handle = unsafe handle
        self.connection = connection
    }

    deinit {
        unsafe sqlite3_finalize(handle)
    }

    // MARK: - Parameters

    /// Binds a number. Binding fails only for a wrong index, which is a mistake in the calling module, or for want of memory,
    /// which shows in the step.
    public func bind(_ value: Int64, at index: Int32) {
        unsafe sqlite3_bind_int64(handle, index, value)
    }

    /// Binds text, which is copied.
    public func bind(_ text: String, at index: Int32) {
        unsafe sqlite3_bind_text64(
            handle,
            index,
            text,
            UInt64(text.utf8.count),
            engageql_sqlite_transient(),
            UInt8(SQLITE_UTF8)
        )
    }

    /// Binds no value.
    public func bindNull(at index: Int32) {
        unsafe sqlite3_bind_null(handle, index)
    }

    /// Binds a blob, which is copied.
    public func bind(_ bytes: [UInt8], at index: Int32) {
        unsafe bytes.withUnsafeBytes { bytes in
            _ = unsafe sqlite3_bind_blob64(
                handle,
                index,
                bytes.baseAddress,
                UInt64(bytes.count),
                engageql_sqlite_transient()
            )
        }
    }

    // MARK: - Running

    /// Goes to the next row and returns whether there is one.
    public func step() throws(SQLiteError) -> Bool {
        let code = unsafe sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        guard code == SQLITE_DONE else {
            let error = connection.error(code)
            reset()
            throw error
        }
        return false
    }

    /// Runs a statement without rows and makes it ready for the next time.
    public func run() throws(SQLiteError) {
        while try step() {}
        reset()
    }

    /// Makes the statement ready to run again. The error that this may return was already thrown by ``step()``.
    public func reset() {
        unsafe sqlite3_reset(handle)
    }

    // MARK: - Columns of the row

    /// Whether a column has no value.
    public func isNull(_ column: Int32) -> Bool { unsafe sqlite3_column_type(handle, column) == SQLITE_NULL }

    /// A column as a number, 0 if it is null.
    public func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }

    /// A column as text, empty if it is null.
    public func text(_ column: Int32) -> String {
        unsafe sqlite3_column_text(handle, column).map { unsafe String(cString: $0) } ?? ""
    }

    /// The bytes of a column without a copy; they are valid until the next step or reset.
    public func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
        let start = unsafe sqlite3_column_blob(handle, column)
        return unsafe UnsafeRawBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
    }
}

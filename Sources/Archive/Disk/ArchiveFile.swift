internal import Engagement
internal import SQLite
internal import Synchronization

/// The file behind an archive: one connection that writes and some that read.
///
/// Nothing here fails to the outside. A file that cannot be read answers nothing, one that cannot be written is left alone
/// for a while, a damaged one is set aside and a new one takes its place; each time an event says so.
final class ArchiveFile: Sendable {
    private let file: DatabaseFile
    private let maximumBytes: Int
    private let retrySeconds: Int64
    private let report: @Sendable (ArchiveEvent) -> Void
    private let writer = Mutex(Writer())
    private let readers = Mutex(Readers())

    private struct Writer {
        var rows: ArchiveRows?
        var isClosed = false
        /// When to try again after a failure; nil if all is well.
        var retryAt: UnixTime?
    }

    private struct Readers {
        var isReadable = false
        /// Counts the files that were opened, so that a connection to one that was set aside is not used again.
        var generation = 0
        var idle: [ArchiveRows] = []
        var hasReported = false
        var isDamaged = false
    }

    private static let mostIdleReaders = 16

    init(_ configuration: ArchiveConfiguration, path: String, report: @escaping @Sendable (ArchiveEvent) -> Void) {
        maximumBytes = configuration.maximumBytes
        retrySeconds = Int64(configuration.retrySeconds)
        self.report = report
        file = DatabaseFile(
            path: path,
            format: ArchiveSchema.format,
            busyMilliseconds: configuration.busyTimeoutMilliseconds
        ) { target, reason in report(.setAside(path: path, movedTo: target, reason: reason)) }
    }

    var size: Int { file.size }

    // MARK: - Reading

    /// Calls `body` in one transaction, and returns nil if there is no file or it failed.
    func read<Result>(_ body: (ArchiveRows) throws(SQLiteError) -> Result) -> Result? {
        let (isReadable, generation, idle) = readers.withLock { readers in
            (readers.isReadable, readers.generation, readers.isReadable ? readers.idle.popLast() : nil)
        }
        guard isReadable else { return nil }
        do throws(SQLiteError) {
            let rows = if let idle { idle } else { try newReader() }
            let result = try rows.transaction("", body)
            readers.withLock { readers in
                readers.hasReported = false
                guard readers.isReadable, readers.generation == generation else { return }
                if readers.idle.count < ArchiveFile.mostIdleReaders { readers.idle.append(rows) }
            }
            return result
        } catch {
            let isNews = readers.withLock { readers in
                guard readers.generation == generation else { return false }
                if error.isCorruption { readers.isDamaged = true }
                defer { readers.hasReported = true }
                return !readers.hasReported
            }
            if isNews { report(.readFailed(error)) }
            return nil
        }
    }

    private func newReader() throws(SQLiteError) -> ArchiveRows {
        let connection = try Connection(
            path: file.path,
            mode: .queryOnly,
            busyMilliseconds: file.busyMilliseconds
        )
        return try ArchiveRows(connection, maximumBytes: maximumBytes)
    }

    // MARK: - Writing

    /// Calls `body` in one transaction that writes. Returns whether it is committed: not if the file cannot be written, or a
    /// failure before `now` is too young to try again.
    ///
    /// - Parameter opened: Called in the same transaction if the file was opened for it.
    func write(
        at now: UnixTime,
        opened: (ArchiveRows) throws(SQLiteError) -> Void,
        _ body: (ArchiveRows) throws(SQLiteError) -> Void
    ) -> Bool {
        writer.withLock { writer in
            guard !writer.isClosed, mayTry(writer, now) else { return false }
            // A second time with the new file that takes the place of a damaged one.
            for _ in 0..<2 {
                let isOpen = writer.rows != nil
                do throws(SQLiteError) {
                    let rows = if let rows = writer.rows { rows } else { try open() }
                    try rows.transaction("IMMEDIATE") { rows throws(SQLiteError) in
                        if !isOpen { try opened(rows) }
                        try body(rows)
                    }
                    succeeded(&writer, rows, isNew: !isOpen)
                    return true
                } catch {
                    report(isOpen ? .writeFailed(error) : .unavailable(path: file.path, error))
                    guard error.isCorruption else {
                        writer.retryAt = now.advanced(bySeconds: retrySeconds)
                        return false
                    }
                    writer.rows = nil
                    readers.withLock { $0.isDamaged = true }
                }
            }
            return false
        }
    }

    /// A clock that was set back must not put the next attempt off for long.
    private func mayTry(_ writer: borrowing Writer, _ now: UnixTime) -> Bool {
        guard let retryAt = writer.retryAt else { return true }
        return now >= retryAt || now < retryAt.advanced(bySeconds: -retrySeconds)
    }

    private func open() throws(SQLiteError) -> ArchiveRows {
        let isDamaged = readers.withLock { readers in
            readers.isReadable = false
            readers.idle = []
            defer { readers.isDamaged = false }
            return readers.isDamaged
        }
        if isDamaged { try file.setAside(.damaged(SQLiteError(code: 11, message: "a page cannot be read"))) }
        return try file.open { connection throws(SQLiteError) in
            try ArchiveRows(connection, maximumBytes: maximumBytes)
        }
    }

    private func succeeded(_ writer: inout Writer, _ rows: ArchiveRows, isNew: Bool) {
        writer.rows = rows
        let wasFailing = writer.retryAt != nil
        writer.retryAt = nil
        if isNew {
            readers.withLock { readers in
                readers.isReadable = true
                readers.generation += 1
                readers.idle = []
                readers.hasReported = false
            }
            report(.opened(path: file.path))
        }
        if wasFailing { report(.writingResumed) }
    }

    /// Moves the log into the file and closes it.
    func close() {
        writer.withLock { writer in
            readers.withLock { readers in
                readers.isReadable = false
                readers.idle = []
            }
            // If it fails, the log stays beside the file and is read when it is opened again.
            try? writer.rows?.checkpoint()
            writer.rows = nil
            writer.isClosed = true
        }
    }
}

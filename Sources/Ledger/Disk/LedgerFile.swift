internal import Dispatch
internal import Engagement
internal import SQLite
internal import Synchronization

/// A half of the ledger, as the file sees it. What waits stays with the half until it is committed.
protocol LedgerPart: AnyObject, Sendable {
    /// Reads what memory needs of a file that was just opened.
    func load(from connection: LedgerConnection) throws(SQLiteError)
    /// Writes what waits, in the connection's transaction, and loads a file that was just opened.
    func write(to connection: LedgerConnection, now: UnixTime) throws(SQLiteError)
    /// What was written is committed.
    func settle()
    /// What was written is not committed; it waits again.
    func putBack()
}

/// The file behind the halves: whether it can be used now, connections for those who read, and the one that writes.
///
/// Nothing here fails to the outside. A file that cannot be read answers nothing, one that cannot be written is left alone
/// for a while, a damaged one is set aside and a new one takes its place; each time an event says so.
///
/// Locks are taken in the order writer, half, ``access``.
final class LedgerFile: Sendable {
    private let file: DatabaseFile
    private let accounts: AccountRegistry
    private let retrySeconds: Int64
    private let isReadOnly: Bool
    private let report: @Sendable (LedgerEvent) -> Void

    private let writer = Mutex(Writer())
    private let access = Mutex(Access())
    private let queue = DispatchQueue(label: "engageql.ledger.writer", qos: .utility)
    private let isDrainScheduled = Atomic(false)

    private struct Writer {
        var connection: LedgerConnection?
        var parts: [any LedgerPart] = []
    }

    private struct Access {
        var isReadable = false
        var isDamaged = false
        var isClosed = false
        /// Counts the files that were opened, so that a connection to one that was set aside is not used again.
        var generation = 0
        var idle: [LedgerConnection] = []
        /// When to try again after a failed write or open; nil if all is well.
        var retryAt: UnixTime?
        /// The latest time that something came with.
        var latest = UnixTime(seconds: 0)
        var hasReportedReading = false

        mutating func markDamaged() {
            isDamaged = true
            isReadable = false
            idle = []
        }
    }

    /// What is noted waits this long for more to join its batch: this is what a killed process forgets.
    private static let gatherMilliseconds = 500
    private static let mostIdleReaders = 16

    init(
        path: String,
        _ configuration: LedgerConfiguration,
        accounts: AccountRegistry,
        report: @escaping @Sendable (LedgerEvent) -> Void
    ) {
        self.accounts = accounts
        self.report = report
        retrySeconds = Int64(configuration.retrySeconds)
        isReadOnly = configuration.isReadOnly
        file = DatabaseFile(
            path: path,
            format: LedgerSchema.format,
            busyMilliseconds: configuration.busyTimeoutMilliseconds
        ) { target, reason in report(.setAside(path: path, movedTo: target, reason: reason)) }
    }

    /// Opens the file for its halves.
    func begin(_ parts: [any LedgerPart]) {
        if isReadOnly { return load(parts) }
        writer.withLock { $0.parts = parts }
        drain()
    }

    /// Opens the file for those who read. What is learnt stays in memory, as it does after closing.
    private func load(_ parts: [any LedgerPart]) {
        access.withLock { $0.isClosed = true }
        do throws(SQLiteError) {
            let reader = try newReader()
            try reader.read { connection throws(SQLiteError) in
                for part in parts { try part.load(from: connection) }
            }
            for part in parts { part.settle() }
            access.withLock { access in
                access.isReadable = true
                access.idle = [reader]
            }
            report(.opened(path: file.path))
        } catch {
            report(.unavailable(path: file.path, error))
        }
    }

    // MARK: - Reading

    /// Whether the file is in use.
    var isReadable: Bool { access.withLock { $0.isReadable } }

    /// Calls `body` with a connection in one transaction, and returns nil if there is none or it failed.
    func read<Result>(_ body: (LedgerConnection) throws(SQLiteError) -> Result) -> Result? {
        let (isReadable, generation, idle) = access.withLock { access in
            (access.isReadable, access.generation, access.isReadable ? access.idle.popLast() : nil)
        }
        guard isReadable else { return nil }
        do throws(SQLiteError) {
            let reader = if let idle { idle } else { try newReader() }
            let result = try reader.read(body)
            access.withLock { access in
                access.hasReportedReading = false
                guard access.isReadable, access.generation == generation else { return }
                if access.idle.count < LedgerFile.mostIdleReaders { access.idle.append(reader) }
            }
            return result
        } catch {
            readFailed(error, generation)
            return nil
        }
    }

    private func newReader() throws(SQLiteError) -> LedgerConnection {
        if isReadOnly { return try LedgerConnection(file.openForReading(), accounts) }
        let connection = try Connection(
            path: file.path,
            mode: .queryOnly,
            busyMilliseconds: file.busyMilliseconds
        )
        return try LedgerConnection(connection, accounts)
    }

    private func readFailed(_ error: SQLiteError, _ generation: Int) {
        let isNews = access.withLock { access in
            guard access.generation == generation else { return false }
            if error.isCorruption { access.markDamaged() }
            defer { access.hasReportedReading = true }
            return !access.hasReportedReading
        }
        if isNews { report(.readFailed(error)) }
        if error.isCorruption { scheduleDrain() }
    }

    // MARK: - Writing

    /// Has what waits written soon, in the background, unless a write failed a moment before `now`.
    func wake(at now: UnixTime) {
        let accepts = access.withLock { access in
            access.latest = max(access.latest, now)
            if access.isClosed { return false }
            guard let retryAt = access.retryAt else { return true }
            // A clock that was set back must not put the next attempt off for long.
            return now >= retryAt || now < retryAt.advanced(bySeconds: -retrySeconds)
        }
        if accepts { scheduleDrain() }
    }

    private func scheduleDrain() {
        guard isDrainScheduled.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged else {
            return
        }
        queue.asyncAfter(deadline: .now() + .milliseconds(LedgerFile.gatherMilliseconds)) { self.drain() }
    }

    /// Writes everything that waits, in one transaction.
    func drain() {
        isDrainScheduled.store(false, ordering: .relaxed)
        writer.withLock { writer in
            // A second time with the new file that takes the place of a damaged one.
            if let error = write(&writer), error.isCorruption { _ = write(&writer) }
        }
    }

    private func write(_ writer: inout Writer) -> SQLiteError? {
        let (isDamaged, mayTry, latest) = access.withLock { access in
            let mayTry = !access.isClosed && access.latest >= access.retryAt ?? access.latest
            return (access.isDamaged, mayTry, access.latest)
        }
        guard mayTry else { return nil }
        if isDamaged { writer.connection = nil }
        let isOpen = writer.connection != nil
        let parts = writer.parts
        do throws(SQLiteError) {
            let connection = if let open = writer.connection { open } else { try open(isDamaged: isDamaged) }
            try connection.write { connection throws(SQLiteError) in
                for part in parts { try part.write(to: connection, now: latest) }
            }
            for part in parts { part.settle() }
            writer.connection = connection
            succeeded(isOpen: isOpen)
            return nil
        } catch {
            for part in parts { part.putBack() }
            access.withLock { access in
                if error.isCorruption {
                    access.markDamaged()
                } else {
                    access.retryAt = access.latest.advanced(bySeconds: retrySeconds)
                }
            }
            report(isOpen ? .writeFailed(error) : .unavailable(path: file.path, error))
            return error
        }
    }

    private func open(isDamaged: Bool) throws(SQLiteError) -> LedgerConnection {
        if isDamaged {
            try file.setAside(.damaged(SQLiteError(code: 11, message: "a page cannot be read")))
            access.withLock { $0.isDamaged = false }
        }
        return try file.open { connection throws(SQLiteError) in try LedgerConnection(connection, accounts) }
    }

    private func succeeded(isOpen: Bool) {
        let wasFailing = access.withLock { access in
            if !isOpen {
                access.isReadable = true
                access.generation += 1
                access.idle = []
                access.hasReportedReading = false
            }
            defer { access.retryAt = nil }
            return access.retryAt != nil
        }
        if !isOpen { report(.opened(path: file.path)) }
        if wasFailing { report(.writingResumed) }
    }

    /// Writes what waits, moves the log into the file and closes it.
    func close() {
        drain()
        writer.withLock { writer in
            access.withLock { access in
                access.isReadable = false
                access.isClosed = true
                access.idle = []
            }
            // If it fails, the log stays beside the file and is read when it is opened again.
            try? writer.connection?.checkpoint()
            writer = Writer()
        }
    }
}

internal import Dispatch
internal import Engagement
internal import SQLite
internal import Synchronization

/// The file behind the memory: whether it can be used now, connections for those who read, and the one writer.
///
/// Nothing here fails to the outside. A file that cannot be read answers nothing, one that cannot be written is left alone
/// for a while, a damaged one is set aside and a new one takes its place; each time an event says so.
final class DiskTier: Sendable {
    private let file: CacheFile
    let memory: MemoryTier
    let scopes: ScopeRegistry
    private let retrySeconds: Int
    let report: @Sendable (MetricCacheEvent) -> Void

    /// Held while a batch is written; ``access`` may be taken inside, never the other way round.
    let writer = Mutex<CacheWriter?>(nil)
    private let access = Mutex(Access())
    let queue = DispatchQueue(label: "engageql.metric-cache.writer", qos: .utility)
    private let isDrainScheduled = Atomic(false)

    private struct Access {
        var isReadable = false
        var isDamaged = false
        var isClosed = false
        /// Counts the files that were opened, so that a connection to one that was set aside is not used again.
        var generation = 0
        var idle: [DiskReader] = []
        /// When to try again after a failed write or open; nil if all is well.
        var retryAt: UnixTime?
        /// The latest time that a store came with.
        var latest = UnixTime(seconds: 0)
        var hasReportedReading = false
    }

    private static let batchRows = 1024
    /// A store waits this long for others that would join its batch.
    private static let gatherMilliseconds = 5
    private static let mostIdleReaders = 16

    init(
        _ file: CacheFile,
        memory: MemoryTier,
        scopes: ScopeRegistry,
        retrySeconds: Int,
        report: @escaping @Sendable (MetricCacheEvent) -> Void
    ) {
        self.file = file
        self.memory = memory
        self.scopes = scopes
        self.retrySeconds = retrySeconds
        self.report = report
        if file.isReadOnly {
            openForReading()
        } else {
            writer.withLock { writer in
                _ = openIfNeeded(&writer)
            }
        }
    }

    // MARK: - Reading

    /// Whether a lookup should ask the file.
    var isReadable: Bool { access.withLock { $0.isReadable } }

    /// Calls `body` with a connection, and returns nil if there is none or it failed.
    func read<Result>(_ body: (DiskReader) throws(SQLiteError) -> Result) -> Result? {
        let (isReadable, generation, idle) = access.withLock { access in
            (access.isReadable, access.generation, access.isReadable ? access.idle.popLast() : nil)
        }
        guard isReadable else { return nil }
        do throws(SQLiteError) {
            let reader = if let idle { idle } else { try file.reader() }
            let result = try body(reader)
            access.withLock { access in
                access.hasReportedReading = false
                guard access.isReadable, access.generation == generation else { return }
                if access.idle.count < DiskTier.mostIdleReaders { access.idle.append(reader) }
            }
            return result
        } catch {
            readFailed(error, generation)
            return nil
        }
    }

    private func readFailed(_ error: SQLiteError, _ generation: Int) {
        let isNews = access.withLock { access in
            guard access.generation == generation else { return false }
            if error.isCorruption {
                access.isDamaged = true
                access.isReadable = false
                access.idle = []
            }
            defer { access.hasReportedReading = true }
            return !access.hasReportedReading
        }
        if isNews { report(.readFailed(error)) }
        if error.isCorruption { scheduleDrain() }
    }

    // MARK: - Writing

    /// Whether what is stored at `now` should wait to be written.
    func acceptsWrites(at now: UnixTime) -> Bool {
        access.withLock { access in
            access.latest = max(access.latest, now)
            if access.isClosed { return false }
            guard let retryAt = access.retryAt else { return true }
            // A clock that was set back must not put the next attempt off for long.
            return now >= retryAt || now < retryAt.advanced(bySeconds: -Int64(retrySeconds))
        }
    }

    /// Has what waits written soon, in the background; or now, by the calling thread, if too much waits: whoever stores
    /// faster than the disk writes is slowed down to its pace.
    func scheduleDrain() {
        if memory.isCrowded {
            drain()
        } else if isDrainScheduled.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged {
            queue.asyncAfter(deadline: .now() + .milliseconds(DiskTier.gatherMilliseconds)) { self.drain() }
        }
    }

    /// Writes everything that waits.
    func drain() {
        isDrainScheduled.store(false, ordering: .relaxed)
        writer.withLock { writer in
            var hasReplacedFile = false
            while true {
                guard openIfNeeded(&writer), let open = writer else { return memory.giveUp([]) }
                let batch = memory.takeWaiting(DiskTier.batchRows)
                if batch.isEmpty { break }
                let now = seconds(access.withLock { $0.latest })
                do throws(SQLiteError) {
                    try writePurges(open)
                    let purges = memory.purgesUnderWay
                    let rows = try open.write(batch, scopes: scopes, now: now, purges: purges) {
                        report(.evicted(rows: $0))
                    }
                    memory.settle(batch, rows: rows, now: now)
                    writeSucceeded()
                } catch {
                    pauseWriting(after: error)
                    report(.writeFailed(rows: batch.count, error))
                    guard error.isCorruption && !hasReplacedFile else {
                        return memory.giveUp(batch)
                    }
                    // A new file takes the place of the damaged one, and the batch with it.
                    hasReplacedFile = true
                    memory.putBack(batch)
                }
            }
        }
        // A purge that could not go on may do so now.
        if !memory.purgesUnderWay.isEmpty { schedulePurging() }
    }

    private func writeSucceeded() {
        let wasFailing = access.withLock { access in
            defer { access.retryAt = nil }
            return access.retryAt != nil
        }
        if wasFailing { report(.writingResumed) }
    }

    func pauseWriting(after error: SQLiteError) {
        access.withLock { access in
            if error.isCorruption {
                access.isDamaged = true
                access.isReadable = false
                access.idle = []
            } else {
                access.retryAt = access.latest.advanced(bySeconds: Int64(retrySeconds))
            }
        }
    }

    // MARK: - Opening and closing

    /// Opens the file for those who read. What is stored stays in memory, as it does after closing.
    private func openForReading() {
        access.withLock { $0.isClosed = true }
        do throws(SQLiteError) {
            let reader = try file.reader()
            join(try reader.purges())
            access.withLock { access in
                access.isReadable = true
                access.idle = [reader]
            }
            report(.opened(path: file.path))
        } catch {
            report(.unavailable(path: file.path, error))
        }
    }

    /// Opens the file if it is not open, a new one if it turned out damaged; returns whether it is open.
    func openIfNeeded(_ writer: inout CacheWriter?) -> Bool {
        let (isDamaged, mayTry) = access.withLock { access in
            (access.isDamaged, !access.isClosed && access.latest >= access.retryAt ?? access.latest)
        }
        if writer != nil && !isDamaged { return true }
        guard mayTry else { return false }
        writer = nil
        do throws(SQLiteError) {
            if isDamaged {
                try file.setAside(.damaged(SQLiteError(code: 11, message: "a page cannot be read")))
                access.withLock { $0.isDamaged = false }
            }
            writer = try file.open()
        } catch {
            access.withLock { access in
                access.isReadable = false
                access.retryAt = access.latest.advanced(bySeconds: Int64(retrySeconds))
            }
            report(.unavailable(path: file.path, error))
            return false
        }
        if let writer {
            join(writer.purgesAtOpening)
            if !writer.purgesAtOpening.entries.isEmpty { schedulePurging() }
        }
        access.withLock { access in
            access.isReadable = true
            access.generation += 1
            access.idle = []
            access.hasReportedReading = false
        }
        report(.opened(path: file.path))
        return true
    }

    /// Writes what waits, moves the log into the file and closes it. Later stores and lookups are answered from memory.
    func close() {
        drain()
        writer.withLock { writer in
            access.withLock { access in
                access.isReadable = false
                access.isClosed = true
                access.idle = []
            }
            if let open = writer { try? writePurges(open) }
            // If it fails, the log stays beside the file and is read when it is opened again.
            try? writer?.checkpoint()
            writer = nil
        }
    }

    /// Bytes of the file and its log.
    var fileBytes: Int { file.size }

    private func seconds(_ time: UnixTime) -> UInt32 { UInt32(clamping: time.seconds) }
}

internal import Dispatch
internal import Engagement
internal import SQLite
internal import Synchronization

/// Purging the file: a purge is written down first, and then goes over the rows in steps between the batches of the writer.
extension DiskTier {
    /// Purges, and returns whether the file knows of it.
    func purge(_ selection: PurgeSelection, _ kind: PurgeKind) -> Bool {
        // Whoever purges faster than the file is gone over is slowed down to its pace.
        if memory.purgesUnderWay.active.count >= DiskTier.mostPurges { finishPurges() }
        let isWritten = writer.withLock { writer in
            let isOpen = openIfNeeded(&writer)
            memory.changePurges { $0.add(selection, kind, scopes) }
            guard isOpen, let open = writer else { return false }
            do throws(SQLiteError) {
                try writePurges(open)
                return true
            } catch {
                pauseWriting(after: error)
                report(.purgeDelayed(selection, kind, error))
                return false
            }
        }
        schedulePurging()
        return isWritten
    }

    private static let mostPurges = 64

    /// Writes down the purges that the file does not know of yet. Called with the writer held, before anything is written that
    /// has their numbers.
    func writePurges(_ open: CacheWriter) throws(SQLiteError) {
        for mark in memory.purgesUnderWay.active where !mark.isWritten {
            let number = try open.append(mark.selection, mark.kind, as: mark.number) { report(.evicted(rows: $0)) }
            let written = PurgeMark(number: number, mark.selection, mark.kind, scopes: scopes, isWritten: true)
            memory.changePurges { $0.replace(mark.number, by: written) }
        }
    }

    /// Takes over the purges that an opened file knows of, before anybody reads it.
    func join(_ written: (entries: [PurgeJournal.Entry], latest: UInt64)) {
        guard written.latest > 0 || !memory.purgesUnderWay.isEmpty else { return }
        let marks = written.entries.map { PurgeMark($0, scopes) }
        memory.changePurges { $0.join(marks, upTo: written.latest, scopes) }
    }

    // MARK: - Going over the rows

    /// Has the purges go on in the background, in steps, so that what is stored meanwhile can be written in between.
    func schedulePurging() {
        queue.async { if self.purgeSome() { self.schedulePurging() } }
    }

    /// Returns when the purges are over, or are known not to get there now.
    func finishPurges() {
        while purgeSome() {}
    }

    /// Takes the first purge a step further; returns whether there is more to do.
    private func purgeSome() -> Bool {
        guard let first = memory.purgesUnderWay.active.first else { return false }
        let swept = memory.sweep(upTo: first.number)
        var isDamaged = false
        let hasMore = writer.withLock { writer in
            guard openIfNeeded(&writer), let open = writer, let mark = memory.purgesUnderWay.active.first else {
                return false
            }
            do throws(SQLiteError) {
                try writePurges(open)
                guard mark.isWritten, mark.number <= swept else { return true }
                let (rows, isDone) = try open.purgeRows(mark)
                guard isDone else { return true }
                memory.changePurges { $0.retire(upTo: mark.number) }
                report(.purged(mark.selection, mark.kind, rows: rows))
                return !memory.purgesUnderWay.isEmpty
            } catch {
                pauseWriting(after: error)
                report(.purgeDelayed(mark.selection, mark.kind, error))
                isDamaged = error.isCorruption
                return false
            }
        }
        // A damaged file is replaced by whoever writes next, which may be this thread: not with the writer held.
        if isDamaged { scheduleDrain() }
        return hasMore
    }
}

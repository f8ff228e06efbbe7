internal import Dispatch
public import Engagement
internal import SQLite
internal import Synchronization

/// What the file has, and what is removed from it.
extension Archive {
    /// What is noted waits this long for more to join its batch: this is what a killed process forgets.
    private static let gatherMilliseconds = 500

    /// Removes observations for good; a soft purge and one of series find nothing here. When this returns, nobody finds what
    /// it is about.
    ///
    /// May wait for a batch that is being written, and for the disk: not for threads that must not wait.
    ///
    /// - Returns: Whether it outlasts the process. If not, it holds as long as the process runs, and is tried again.
    @discardableResult
    public func purge(_ selection: PurgeSelection, _ kind: PurgeKind) -> Bool {
        guard kind == .hard, selection.family != .series else { return true }
        state.withLock { $0.purge(selection, hasFile: file != nil) }
        drain()
        return state.withLock { $0.unwritten.isEmpty }
    }

    /// Writes what waits, unless a write failed a moment ago.
    public func flush() {
        drain()
    }

    /// Writes what waits and closes the file.
    public func close() {
        drain()
        file?.close()
    }

    /// Sizes and counters. Counts the rows of the file.
    public func statistics() -> ArchiveStatistics {
        var statistics = counters.withLock { $0 }
        statistics.unavailableTweets = unavailableCount.load(ordering: .relaxed)
        statistics.fileBytes = file?.size ?? 0
        statistics.histories = file?.read { rows throws(SQLiteError) in try rows.countTotals() } ?? 0
        return statistics
    }

    func scheduleDrain() {
        guard file != nil else { return }
        guard isDrainScheduled.compareExchange(expected: false, desired: true, ordering: .relaxed).exchanged else {
            return
        }
        queue.asyncAfter(deadline: .now() + .milliseconds(Archive.gatherMilliseconds)) { [weak self] in self?.drain() }
    }

    /// Writes everything that waits, in one transaction. One drain at a time; locks are taken in the order draining, file, state.
    func drain() {
        isDrainScheduled.store(false, ordering: .relaxed)
        guard let file else { return }
        let evicted = draining.withLock { _ in write(to: file) }
        if evicted > 0 {
            counters.withLock { $0.evictedHistories += evicted }
            report(.evicted(evicted))
        }
    }

    /// Returns how many histories had to make room.
    private func write(to file: ArchiveFile) -> Int {
        var evicted = 0
        var purges = 0
        var epoch = 0
        var unavailable: [TweetID: UnavailableTweet?] = [:]
        let now = state.withLock { $0.latest }
        let isWritten = file.write(at: now) { rows throws(SQLiteError) in
            let stored = try rows.unavailable()
            state.withLock { state in
                state.unavailable.load(stored, removalSeconds: configuration.removalSeconds)
                unavailableCount.store(state.unavailable.tweets.count, ordering: .releasing)
            }
        } _: { rows throws(SQLiteError) in
            let (observed, unwritten) = state.withLock { state in
                // What an attempt before this one took and could not write.
                state.putBack()
                state.writing = state.waiting
                state.waiting = [:]
                unavailable.merge(state.unavailable.takeChanged()) { _, later in later }
                epoch = state.unwrittenEpoch
                return (state.writing, state.unwritten)
            }
            purges = unwritten.count
            evicted = try rows.makeRoom()
            for purge in unwritten { try rows.purge(purge) }
            try rows.add(observed, configuration.thinning, now: UInt32(clamping: now.seconds))
            try rows.write(unavailable)
        }
        state.withLock { state in
            if isWritten {
                state.writing = [:]
                if epoch == state.unwrittenEpoch { state.unwritten.removeFirst(purges) }
            } else {
                state.putBack()
                state.unavailable.putBack(unavailable.keys)
            }
        }
        return evicted
    }
}

internal import Dispatch
public import Engagement
internal import MetricCache
internal import Synchronization

/// Purges that reach every node. Whoever purges appends to a journal in the tier; the others look at it with each trip, and
/// every second when there are none, and go along. Records are not removed: each carries its publisher's ``PurgePosition``, and
/// one from before a purge that selects it is none.
extension SharedTier {
    internal struct PurgeState: Sendable {
        var view: PurgeView
        /// The mark of the entry at the view's position.
        var mark: UInt64?
        /// What was purged here, or is about to be, and is not in the journal yet.
        var unsent: [PurgeEntry] = []
        /// How often one purge of everything took the place of all of them.
        var collapses = 0
        /// What was put into the journal, of which the view does not know yet.
        var unlearnt: [PurgeEntry] = []
        /// What was purged here lately, when, and in which journal it is: a server that loses its memory is told again.
        var sent: [(entry: PurgeEntry, at: ContinuousClock.Instant, journal: UInt64)] = []
        /// Purges this node's own tiers; nil before ``SharedTier/followPurges(_:)``.
        var purge: (@Sendable (PurgeSelection, PurgeKind) -> Void)?
        /// The last of those who go along, one after the other.
        var last: Task<Bool, Never>?

        /// Up to where this node has gone along; nil before it has seen a journal.
        var head: JournalHead? { view.position.map { JournalHead(position: $0, mark: mark) } }

        /// Whether there is nothing to learn from a journal that ends at `head`, and nothing to go along with. A node that was
        /// started again knows where it was, and none of the entries.
        func isLevel(with head: JournalHead) -> Bool {
            self.head == head && view.journal == head.position.journal
        }

        /// Whether a record that was published at `stamp` was purged since, here or by others, or may have been.
        func isVoid(_ name: RecordName, publishedAt stamp: PurgePosition) -> Bool {
            view.isVoid(name, publishedAt: stamp)
                || unsent.contains { $0.matches(name) } || unlearnt.contains { $0.matches(name) }
        }
    }

    private static let positionName = "shared purges"
    private static let unsentName = "unsent purges"
    /// How long a purge is told again to a server that lost its memory: longer than it takes a node to hear of it.
    private static let sentDuration: Duration = .seconds(3600)
    /// Purges that are told apart while the tier is down.
    private static let mostUnsent = 64

    /// Goes along with the purges of other nodes from now on, until the tier is closed: looks for them again and again.
    ///
    /// - Parameter purge: Purges this node's own tiers; may wait for the disk. Until it is given, the cache alone is purged.
    public func followPurges(_ purge: @escaping @Sendable (PurgeSelection, PurgeKind) -> Void) {
        purging.withLock { $0.purge = purge }
        Task { [weak self] in
            while let pause = await self?.lookAtPurges() { try? await Task.sleep(for: pause) }
        }
    }

    /// Believes no record of the tier any more that a purge is about, which is about to be done here: done first, a record from
    /// before it could come in after it. The cache file keeps it until it is in the journal; may wait for the disk.
    public func announce(_ selection: PurgeSelection, _ kind: PurgeKind) {
        purging.withLock { purging in
            purging.unsent += PurgeEntry.entries(selection, kind)
            guard purging.unsent.count > SharedTier.mostUnsent else { return }
            let isHard = purging.unsent.contains { $0.kind == .hard }
            purging.unsent = [PurgeEntry(.everything, isHard ? .hard : .soft)]
            purging.collapses += 1
        }
        keepUnsent()
    }

    /// Tells the other nodes of the purges that were announced. Returns false if the tier cannot be reached now: they are told as
    /// soon as it can be.
    public func publishPurges() async -> Bool { await goAlong() }

    /// Appends what was purged here, and purges here what the journal has of others. Returns whether both could be done.
    ///
    /// - Parameter head: Where the journal was seen to end: there is nothing to do for who waited until somebody else of this node
    ///   had gone along up to there. Nil to look.
    @discardableResult
    internal func goAlong(upTo head: JournalHead? = nil) async -> Bool {
        let task = purging.withLock { purging in
            let previous = purging.last
            let task = Task { [self] in
                _ = await previous?.value
                if let head, self.purging.withLock({ $0.isLevel(with: head) }) { return true }
                return await appendAndFollow()
            }
            purging.last = task
            return task
        }
        return await task.value
    }

    /// The purge state of a node that begins where the cache file says that it ended.
    internal static func purgeState(_ cache: MetricCache) -> PurgeState {
        let head = cache.note(positionName).flatMap(JournalHead.init(_:))
        let unsent = (cache.note(unsentName) ?? "").split(separator: "\n").map { PurgeEntry(text: String($0)) }
        return PurgeState(view: PurgeView(position: head?.position), mark: head?.mark, unsent: unsent)
    }

    /// Writes down what is not in the journal yet. May wait for the disk.
    private func keepUnsent() {
        // One after the other, so that the last one written is the last that was.
        keeping.withLock { _ in
            let unsent = purging.withLock(\.unsent)
            cache.note(unsent.map(\.text).joined(separator: "\n"), as: SharedTier.unsentName)
        }
    }

    /// How far in the journal this node is; nil if it has never seen one.
    internal func position() async -> PurgePosition? {
        if let position = purging.withLock(\.view.position) { return position }
        await goAlong()
        return purging.withLock(\.view.position)
    }

    /// Looks at the journal, if the tier is up; returns when to look again, or nil if the tier is closed.
    internal func lookAtPurges() async -> Duration? {
        if client.isClosed { return nil }
        // When the tier is back, there may be news.
        guard client.isUp else { return .milliseconds(min(configuration.purgePollMilliseconds, 100)) }
        await goAlong()
        let pause = configuration.purgePollMilliseconds
        // By chance somewhat more or less, so that nodes do not ask in step.
        return .milliseconds(pause * 3 / 4 + .random(in: 0...pause / 2))
    }

    // MARK: - Going along

    private func appendAndFollow() async -> Bool {
        guard client.isUp, await append() else { return false }
        let begin = RedisCommand.script(Scripts.beginJournal, keys: [keys.purges], [anyNumber])
        guard let head = await headAfter(begin) else { return false }
        return await follow(head)
    }

    /// Puts what was purged here into the journal. Returns whether all of it is there.
    private func append() async -> Bool {
        if purging.withLock(\.unsent.isEmpty) { return true }
        let isDone = await appendUnsent()
        await onDiskThread { [self] in keepUnsent() }
        return isDone
    }

    private func appendUnsent() async -> Bool {
        while let (entry, collapses) = purging.withLock({ state in state.unsent.first.map { ($0, state.collapses) } }) {
            let sealed = seal.seal(Array(entry.text.utf8), key: keys.purges)
            let arguments = [anyNumber, sealed, Array("\(PurgeView.mostEntries)".utf8), anyNumber]
            let append = RedisCommand.script(Scripts.appendPurge, keys: [keys.purges], arguments)
            guard let head = await headAfter(append) else { return false }
            purging.withLock { purging in
                let now = ContinuousClock.now
                purging.unlearnt.append(entry)
                // Else the first one is about what was purged meanwhile too, and has yet to be told.
                if purging.collapses == collapses { purging.unsent.removeFirst() }
                purging.sent.removeAll { now - $0.at > SharedTier.sentDuration }
                purging.sent.append((entry, now, head.position.journal))
            }
        }
        return true
    }

    private func follow(_ found: JournalHead) async -> Bool {
        let (known, view, isLevel) = purging.withLock { ($0.head, $0.view, $0.isLevel(with: found)) }
        if isLevel { return true }
        guard let isFork = await isFork(found, since: known) else { return false }
        if isFork {
            // A server that went back to an older state may have records that were purged since.
            let numbers = [Array("\(found.position.journal)".utf8), anyNumber]
            let renew = RedisCommand.script(Scripts.renewJournal, keys: [keys.purges], numbers)
            guard let renewed = await headAfter(renew) else { return false }
            return await follow(renewed)
        }
        let (before, head) = (known?.position, found.position)
        let (first, isComplete) = view.wanted(upTo: head)
        guard let entries = await entries(from: first, upTo: head.number) else { return false }
        purging.withLock {
            $0.view.learn(entries.map { $0 ?? PurgeEntry(.everything, .hard) }, from: first, upTo: head)
            $0.unlearnt = []
        }
        let seen = before?.journal == head.journal ? before?.number ?? 0 : 0
        for case (let number, let entry?) in zip(first..., entries) where isComplete && number > seen {
            await purgeHere(entry.selection, entry.kind)
        }
        if !isComplete { await purgeHere(.everything, .hard) }
        let isLost = purging.withLock { purging in
            purging.view.goAlong(with: head)
            purging.mark = found.mark
            let isLost = before != nil && before?.journal != head.journal
            if isLost {
                purging.unsent += purging.sent.filter { $0.journal != head.journal }.map(\.entry)
                purging.sent.removeAll { $0.journal != head.journal }
            }
            return isLost
        }
        cache.note("\(found)", as: SharedTier.positionName)
        return isLost ? await appendAndFollow() : true
    }

    /// Purges this node's own tiers, on a thread that may wait for the disk.
    private func purgeHere(_ selection: PurgeSelection, _ kind: PurgeKind) async {
        counters.note { $0.purges += 1 }
        await onDiskThread { [cache, purge = purging.withLock(\.purge)] in
            if let purge { purge(selection, kind) } else { cache.purge(selection, kind) }
        }
    }

    private func onDiskThread(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                body()
                continuation.resume()
            }
        }
    }
}

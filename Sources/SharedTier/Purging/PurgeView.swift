internal import MetricCache

/// What a node knows of the shared journal of purges, by which it tells whether a record of the tier was purged.
///
/// An entry is *learnt* first, so that no record from before it is taken in any more; then the node purges its own tiers, and
/// only then is its ``position`` the entry's. In any other order there would be a moment at which a record from before the
/// purge comes in after it, or is published as if it came after it.
internal struct PurgeView: Sendable {
    /// Up to where this node has gone along; nil before it has seen a journal.
    private(set) var position: PurgePosition?
    /// The journal that was learnt from, and its entries that are still known, by number.
    private(set) var journal: UInt64?
    private var entries: [UInt64: PurgeEntry] = [:]
    /// The number of the last entry that is not known any more.
    private var forgotten: UInt64 = 0

    /// Entries that the journal and every node keep. Records from before the first of them are not believed.
    static let mostEntries: UInt64 = 256

    /// - Parameter position: Where the node was when it ended.
    init(position: PurgePosition?) {
        self.position = position
    }

    /// The entries that are needed to go along with the journal up to `head`, which may be none; the first if all that were
    /// kept are needed.
    func wanted(upTo head: PurgePosition) -> (first: UInt64, isComplete: Bool) {
        let kept = head.number - min(head.number, PurgeView.mostEntries)
        let seen = position?.journal == head.journal ? position?.number ?? 0 : 0
        return (journal == head.journal ? max(seen, kept) + 1 : kept + 1, seen >= kept)
    }

    /// Takes in the entries from `first` up to the one of `head`.
    mutating func learn(_ new: [PurgeEntry], from first: UInt64, upTo head: PurgePosition) {
        if journal != head.journal {
            journal = head.journal
            entries = [:]
            forgotten = first - 1
        }
        for (offset, entry) in new.enumerated() { entries[first + UInt64(offset)] = entry }
        let kept = head.number - min(head.number, PurgeView.mostEntries)
        forgotten = max(forgotten, kept)
        entries = entries.filter { $0.key > kept }
    }

    /// The node has purged its own tiers as all entries up to `head` say.
    mutating func goAlong(with head: PurgePosition) { position = head }

    /// Whether a record that was published at `stamp` was purged since, or may have been.
    func isVoid(_ name: RecordName, publishedAt stamp: PurgePosition) -> Bool {
        if stamp.journal != journal || stamp.number < forgotten { return true }
        return entries.contains { $0.key > stamp.number && $0.value.matches(name) }
    }
}

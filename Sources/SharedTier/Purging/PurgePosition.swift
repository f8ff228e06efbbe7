/// How many purges there were in the journal that all nodes share, and which journal that was: a server that lost its memory
/// begins another one.
///
/// A node has one for the purges that it has gone along with, and each record that it publishes carries it: what was published
/// before a purge is not taken for something that came after it.
internal struct PurgePosition: Hashable, Sendable {
    /// The journal's number, by chance.
    let journal: UInt64
    let number: UInt64

    static let byteCount = 16

    init(journal: UInt64, number: UInt64) {
        self.journal = journal
        self.number = number
    }

    /// Reads what ``bytes`` has written.
    init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == PurgePosition.byteCount else { return nil }
        func integer(_ bytes: some Sequence<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        self.init(journal: integer(bytes.prefix(8)), number: integer(bytes.dropFirst(8)))
    }

    /// Both numbers, the highest byte first.
    var bytes: [UInt8] {
        [journal, number].flatMap { number in (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
    }
}

extension PurgePosition: LosslessStringConvertible {
    /// As a cache file keeps it: `<journal>:<number>`.
    var description: String { "\(journal):\(number)" }

    init?(_ description: String) {
        let parts = description.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let journal = UInt64(parts[0]), let number = UInt64(parts[1]) else { return nil }
        self.init(journal: journal, number: number)
    }
}

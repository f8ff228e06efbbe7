/// Where the shared journal of purges ends, and with which purge: after a failover to a replica that had not heard of the last one
/// there may be another one of the same number.
internal struct JournalHead: Equatable, Sendable {
    let position: PurgePosition
    /// What the last entry is told from others by, a number by chance; nil if there is none.
    let mark: UInt64?

    /// Whether both cannot be of one history. An entry without a mark may be any.
    func contradicts(_ other: JournalHead) -> Bool {
        guard position == other.position, let mark, let otherMark = other.mark else { return false }
        return mark != otherMark
    }
}

extension JournalHead: LosslessStringConvertible {
    /// As a cache file keeps it: `<journal>:<number>`, and the mark after a space if there is one.
    var description: String { mark.map { "\(position) \($0)" } ?? "\(position)" }

    init?(_ description: String) {
        let parts = description.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count <= 2, let position = PurgePosition(String(parts[0])) else { return nil }
        var mark: UInt64?
        if parts.count == 2 {
            guard let number = UInt64(parts[1]) else { return nil }
            mark = number
        }
        self.init(position: position, mark: mark)
    }
}

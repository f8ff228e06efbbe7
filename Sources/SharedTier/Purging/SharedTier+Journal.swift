internal import Engagement
internal import MetricCache

/// What the journal of purges in the tier says.
extension SharedTier {
    internal var journalHead: RedisCommand {
        RedisCommand("HMGET", [keys.purges, Scripts.journal, Scripts.latest, Scripts.mark])
    }

    /// Where a journal ends, as a script or ``journalHead`` says; nil if there is none.
    internal func head(_ reply: RedisReply) -> JournalHead? {
        guard let list = reply.list, list.count == 3, let journal = list[0].number else { return nil }
        return JournalHead(
            position: PurgePosition(journal: journal, number: list[1].number ?? 0),
            mark: list[2].number
        )
    }

    /// A number by chance, for a journal or an entry.
    internal var anyNumber: [UInt8] { Array("\(UInt64.random(in: 1 ... .max))".utf8) }

    /// Where the journal ends after a script; nil if there was no answer.
    internal func headAfter(_ script: RedisCommand) async -> JournalHead? {
        guard let replies = await client.tell([script]) else { return nil }
        counters.refused(replies[0])
        return head(replies[0])
    }

    /// Whether a journal that ends at `head` lacks purges that were in it when it ended at `seen`; nil if it cannot be told.
    internal func isFork(_ head: JournalHead, since seen: JournalHead?) async -> Bool? {
        guard let seen, seen.position.journal == head.position.journal else { return false }
        let number = seen.position.number
        if number >= head.position.number { return number > head.position.number || seen.contradicts(head) }
        // Others may have appended as many as were lost.
        let field = Scripts.mark(of: number)
        guard let replies = await client.tell([RedisCommand("HMGET", [keys.purges, field])]) else { return nil }
        counters.refused(replies[0])
        return JournalHead(position: seen.position, mark: replies[0].list?.first?.number).contradicts(seen)
    }

    /// The entries with these numbers; nil in place of one that nobody with our secret wrote.
    internal func entries(from first: UInt64, upTo last: UInt64) async -> [PurgeEntry?]? {
        guard first <= last else { return [] }
        let fields = (first...last).map { Array("\($0)".utf8) }
        guard let replies = await client.tell([RedisCommand("HMGET", [keys.purges] + fields)]) else { return nil }
        counters.refused(replies[0])
        guard let list = replies[0].list, list.count == fields.count else { return nil }
        return list.map { reply in
            // Gone since we saw the head.
            guard let bytes = reply.bytes else { return PurgeEntry(.everything, .hard) }
            guard let text = seal.open(bytes, key: keys.purges, maximumBytes: PurgeEntry.maximumBytes) else {
                counters.note { $0.malformed += 1 }
                return nil
            }
            return PurgeEntry(text: String(decoding: text, as: UTF8.self))
        }
    }
}

extension RedisReply {
    /// A number that stands there as digits.
    fileprivate var number: UInt64? {
        bytes.flatMap { UInt64(String(decoding: $0, as: UTF8.self)) }
    }
}

internal import Engagement
internal import MetricCache

/// Writing what the cache has.
extension SharedTier {
    /// Another node that writes the same record at the same moment is met again at most so often.
    private static let writeRounds = 3
    /// How long a record with sealed hours is kept. Each later write begins it anew.
    private static let longestSeconds = 90 * 86_400

    /// Reads, merges and writes, again and again for those that another node has changed in between.
    internal func write(_ names: [RecordName], now: UnixTime) async {
        // Before the records are read: a purge in between makes them count as older than it.
        guard let stamp = await position() else { return }
        var open = cache.copies(of: names)
        for _ in 0..<SharedTier.writeRounds where !open.isEmpty {
            guard let replies = await client.tell([read(open.map(\.name))]),
                let values = values(replies[0], open.map(\.name))
            else { return }
            var written: [RecordCopy] = []
            var arguments: [[UInt8]] = []
            for (copy, value) in zip(open, values) {
                guard let merged = copy.merged(with: value?.record, now: now), merged.bytes != value?.record else {
                    continue
                }
                let seconds = min(
                    merged.usefulSeconds(configuration.timeToLive, now: now) ?? SharedTier.longestSeconds,
                    SharedTier.longestSeconds
                )
                if seconds == 0 { continue }
                written.append(copy)
                let key = keys.cells(copy.name)
                arguments += [
                    value?.head ?? [], seal.seal(stamp.bytes + merged.bytes, key: key), Array("\(seconds * 1000)".utf8),
                ]
            }
            if written.isEmpty { return }
            let write = RedisCommand.script(Scripts.replace, keys: written.map { keys.cells($0.name) }, arguments)
            guard let replies = await client.tell([write]) else { return }
            counters.refused(replies[0])
            guard let places = replies[0].list else { return }
            open = places.compactMap(\.integer).filter { (1...Int64(written.count)).contains($0) }.map {
                written[Int($0) - 1]
            }
            counters.note { $0.published += written.count - open.count }
        }
        counters.note { $0.errors += open.count }
    }
}

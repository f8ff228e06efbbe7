public import Engagement
public import MetricCache
public import MetricLoader
internal import Synchronization

/// Writing what the cache has.
extension SharedTier {
    /// Another node that writes the same record at the same moment is met again at most so often.
    private static let writeRounds = 3
    /// How long a record with sealed hours is kept. Each later write begins it anew.
    private static let longestSeconds = 90 * 86_400

    public func publish(_ records: [RecordName], releasing lease: RecordLease?, now: UnixTime) {
        let end = ContinuousClock.now + .milliseconds(configuration.leaseMilliseconds)
        let parcel = Parcel(records: records, lease: lease, now: now, end: end)
        guard client.isUp else { return keep(parcel) }
        Task { await deliver(parcel) }
    }

    private func deliver(_ parcel: Parcel) async {
        for trip in trips(parcel.records) {
            guard await write(trip, now: parcel.now) else { return keep(parcel) }
        }
        guard let lease = parcel.lease else { return }
        for trip in trips(Array(lease.records)) {
            let token = Array(lease.token.utf8)
            let release = RedisCommand.script(Scripts.release, keys: trip.map(keys.lease), [token])
            guard let replies = await client.tell([release]) else { return keep(parcel) }
            counters.refused(replies[0])
        }
    }

    /// Reads, merges and writes, again and again for those that another node has changed in between. Returns false if there
    /// was no answer.
    private func write(_ names: [RecordName], now: UnixTime) async -> Bool {
        // Before the records are read: a purge in between makes them count as older than it.
        guard let stamp = await position() else { return client.isUp }
        var open = cache.copies(of: names)
        for _ in 0..<SharedTier.writeRounds where !open.isEmpty {
            guard let replies = await client.tell([read(open.map(\.name))]) else { return false }
            guard let values = values(replies[0], open.map(\.name)) else { return true }
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
            if written.isEmpty { return true }
            let write = RedisCommand.script(Scripts.replace, keys: written.map { keys.cells($0.name) }, arguments)
            guard let replies = await client.tell([write]) else { return false }
            counters.refused(replies[0])
            guard let places = replies[0].list else { return true }
            open = places.compactMap(\.integer).filter { (1...Int64(written.count)).contains($0) }.map {
                written[Int($0) - 1]
            }
            counters.note { $0.published += written.count - open.count }
        }
        counters.note { $0.errors += open.count }
        return true
    }
}

// MARK: - After a failure

extension SharedTier {
    /// What a call brought, and the lease under which it was made.
    internal struct Parcel: Sendable {
        let records: [RecordName]
        let lease: RecordLease?
        let now: UnixTime
        /// When the lease has run out, so that nobody waits for it any more.
        let end: ContinuousClock.Instant

        var size: Int { records.count + (lease?.records.count ?? 0) }
    }

    /// What could not be published when it was there.
    internal struct Undelivered: Sendable {
        var parcels: [Parcel] = []
        /// Whether somebody waits for the tier to be back.
        var isWatched = false
    }

    /// Records and leases that are kept, in number.
    private static let mostKept = 100_000
    private static let watchPause: Duration = .milliseconds(50)

    /// Other nodes may be waiting for what was fetched under a lease: it is delivered when the tier is back, as long as the lease
    /// lasts. Nobody waits for anything else.
    private func keep(_ parcel: Parcel) {
        guard parcel.lease != nil else { return }
        let isFirst = undelivered.withLock { kept in
            guard kept.parcels.reduce(parcel.size, { $0 + $1.size }) <= SharedTier.mostKept else { return false }
            kept.parcels.append(parcel)
            defer { kept.isWatched = true }
            return !kept.isWatched
        }
        if isFirst { Task { await deliverKept() } }
    }

    private func deliverKept() async {
        while !client.isClosed {
            let isUp = client.isUp
            let due: [Parcel]? = undelivered.withLock { kept in
                let now = ContinuousClock.now
                kept.parcels.removeAll { $0.end <= now }
                if kept.parcels.isEmpty {
                    kept.isWatched = false
                    return nil
                }
                guard isUp else { return [] }
                defer { kept.parcels = [] }
                return kept.parcels
            }
            guard let due else { return }
            for parcel in due { await deliver(parcel) }
            try? await Task.sleep(for: SharedTier.watchPause)
        }
    }
}

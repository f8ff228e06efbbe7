public import Engagement
public import MetricCache
public import MetricLoader
internal import Synchronization

/// A tier on Redis or Valkey that several nodes share: records that one has fetched, leases on those that one is fetching, and
/// the count of calls in a minute.
///
/// It is an optimisation: without it each node has its own cache and makes its own calls. So nothing here fails to the outside,
/// nothing waits longer than the timeout of the configuration, and what comes back is believed only as far as it makes sense.
/// Why it is as it is: decision 0013.
///
/// ```swift
/// let tier = SharedTier(configuration, cache: cache) { event in logger.notice("\(event)") }
/// let loader = MetricLoader(cache: cache, ledger: ledger, upstream: upstream, clock: UnixTime.now, shared: tier)
/// tier.followPurges { selection, kind in cache.purge(selection, kind) }
/// ```
public final class SharedTier: Sendable {
    internal let configuration: SharedTierConfiguration
    internal let cache: MetricCache
    internal let client: RedisClient
    internal let keys: SharedKeys
    internal let seal: RecordSeal
    /// What no other node's leases begin with.
    private let nodeName = String(UInt64.random(in: .min ... .max), radix: 36)
    internal let counters: TierCounters
    internal let purging: Mutex<PurgeState>
    /// Held while the cache file is told of the purges that nobody else has been told of.
    internal let keeping = Mutex(())
    internal let undelivered = Mutex(Undelivered())

    /// Records in one round trip: the others wait for the next one.
    private static let recordsPerTrip = 500
    private static let leaseTries = 3

    /// Begins to connect; until that has come about, and whenever the server is down, the tier answers nothing.
    ///
    /// - Parameters:
    ///   - cache: Where what is found is kept, and what is published comes from.
    ///   - report: Called on threads of the tier; must not block.
    public init(
        _ configuration: SharedTierConfiguration,
        cache: MetricCache,
        report: @escaping @Sendable (SharedTierEvent) -> Void
    ) {
        self.configuration = configuration
        self.cache = cache
        keys = SharedKeys(prefix: configuration.prefix, source: configuration.source)
        seal = RecordSeal(secret: configuration.secret)
        purging = Mutex(SharedTier.purgeState(cache))
        counters = TierCounters(report: report)
        client = RedisClient(configuration.url, timeoutMilliseconds: configuration.timeoutMilliseconds) { event in
            switch event {
            case .up: report(.joined)
            case .down(let error): report(.down(reason: "\(error)"))
            }
        }
    }

    deinit {
        client.close()
    }

    /// Leaves: from now on the tier answers nothing.
    public func close() { client.close() }

    public var statistics: SharedTierStatistics {
        var statistics = counters.statistics
        statistics.isUp = client.isUp
        statistics.errors += client.dropped
        return statistics
    }

    /// Whether this node may see such a record at all.
    private func isAllowed(_ name: RecordName) -> Bool {
        switch name.scope {
        case .everyone: name.day == nil
        case .account(let account): configuration.accounts.contains(account)
        }
    }
}

// MARK: - Records

extension SharedTier: SharedRecords {
    public func fetch(_ records: [RecordName], now: UnixTime) async -> Int {
        var taken = 0
        for trip in trips(records) {
            guard client.isUp, let replies = await counted(client.ask([journalHead, read(trip)])) else { return taken }
            taken += await takeIn(replies[1], trip, replies[0], now: now)
        }
        return taken
    }

    internal func read(_ names: [RecordName]) -> RedisCommand { RedisCommand("MGET", names.map(keys.cells)) }

    /// - Parameter journal: What was said to ``journalHead`` just before.
    private func takeIn(_ reply: RedisReply, _ names: [RecordName], _ journal: RedisReply, now: UnixTime) async -> Int {
        let head = head(journal)
        let isLevel = head.map { head in purging.withLock { $0.isLevel(with: head) } } ?? false
        if !isLevel {
            guard await goAlong(upTo: head) else { return 0 }
        }
        // Before the records are judged: what is purged after that is recognised by it.
        let purge = cache.latestPurge
        guard let values = values(reply, names) else { return 0 }
        let found = zip(names, values).compactMap { name, value -> RecordCopy? in
            guard let value, !value.record.isEmpty else { return nil }
            return RecordCopy(name: name, bytes: value.record)
        }
        let taken = cache.takeIn(found, now: now, since: purge)
        counters.note { statistics in
            statistics.hits += taken
            statistics.misses += names.count - taken
            // Unless they were purged meanwhile.
            if cache.latestPurge == purge { statistics.malformed += found.count - taken }
        }
        return taken
    }

    /// A value as it was found: the record in it, and how it begins, by which it is recognised.
    internal struct Value {
        let record: [UInt8]
        let head: [UInt8]
    }

    /// What was found under each name; nil where there is nothing that one could believe.
    internal func values(_ reply: RedisReply, _ names: [RecordName]) -> [Value?]? {
        guard let list = reply.list, list.count == names.count else {
            counters.refused(reply)
            return nil
        }
        let purges = purging.withLock { $0 }
        return zip(names, list).map { name, reply in
            guard let value = reply.bytes else { return nil }
            let head = Array(value.prefix(RecordSeal.headBytes))
            guard let sealed = seal.open(value, key: keys.cells(name)),
                let stamp = PurgePosition(sealed.prefix(PurgePosition.byteCount))
            else {
                counters.note { $0.malformed += 1 }
                // It gives way to whatever is published.
                return Value(record: [], head: head)
            }
            if purges.isVoid(name, publishedAt: stamp) { return Value(record: [], head: head) }
            return Value(record: Array(sealed.dropFirst(PurgePosition.byteCount)), head: head)
        }
    }

    // MARK: - Leases

    public func lease(_ records: [RecordName], now: UnixTime) async -> RecordLease? {
        guard client.isUp else { return nil }
        let token = "\(nodeName).\(counters.nextLease())"
        let arguments = [Array(token.utf8), Array("\(configuration.leaseMilliseconds)".utf8)]
        // What may not be shared needs no lease.
        var granted = Set(records.filter { !isAllowed($0) })
        let trips = trips(records)
        for (index, trip) in trips.enumerated() {
            let take = RedisCommand.script(Scripts.lease, keys: trip.map(keys.lease), arguments)
            // One connection, so that the records are read after the leases are taken.
            guard let replies = await askedAgain([take, journalHead, read(trip)]) else {
                // Nobody knows whether these were granted. The node goes on as if they were, and gives them back after its call.
                granted.formUnion(trips[index...].joined())
                break
            }
            guard let places = replies[0].list else {
                counters.refused(replies[0])
                if index > 0 { publish([], releasing: given(granted, token), now: now) }
                return nil
            }
            let got = places.compactMap { $0.integer }.filter { (1...Int64(trip.count)).contains($0) }
            granted.formUnion(got.map { trip[Int($0) - 1] })
            counters.note { statistics in
                statistics.leases += got.count
                statistics.leasesHeldElsewhere += trip.count - got.count
            }
            _ = await takeIn(replies[2], trip, replies[1], now: now)
        }
        return given(granted, token)
    }

    private func given(_ records: Set<RecordName>, _ token: String) -> RecordLease {
        RecordLease(records: records, token: token, milliseconds: Int64(configuration.leaseMilliseconds))
    }

    /// As `ask` of the client, and some times more while the tier is up: what waited for too long here was not sent.
    private func askedAgain(_ commands: [RedisCommand]) async -> [RedisReply]? {
        for _ in 0..<SharedTier.leaseTries where client.isUp {
            if let replies = await counted(client.ask(commands)) { return replies }
        }
        return nil
    }

    /// What this node may see, in pieces for one round trip each.
    internal func trips(_ records: [RecordName]) -> [[RecordName]] {
        let allowed = Array(Set(records.lazy.filter(isAllowed)))
        return stride(from: 0, to: allowed.count, by: SharedTier.recordsPerTrip).map { start in
            Array(allowed[start..<min(start + SharedTier.recordsPerTrip, allowed.count)])
        }
    }

    private func counted(_ replies: [RedisReply]?) -> [RedisReply]? {
        if replies == nil { counters.note { $0.errors += 1 } }
        return replies
    }
}

// MARK: - Calls

extension SharedTier {
    /// Takes one of the calls that all nodes together may make in the running minute. Returns when there are calls again
    /// if there are none left; nil if there are, or if nobody knows.
    func takeCall(of pool: String, limit: SharedLimit, now: UnixTime) async -> UnixTime? {
        let minute = now.milliseconds.floorDivided(by: 60_000)
        // Two minutes, for nodes whose clocks are behind.
        let arguments = [limit.isTold ? "told" : "assumed", "\(limit.calls)", "120000"].map { Array($0.utf8) }
        let counts = [keys.calls(pool, minute: minute), keys.limit(pool)]
        let take = RedisCommand.script(Scripts.takeCall, keys: counts, arguments)
        guard client.isUp, let replies = await counted(client.ask([take])) else { return nil }
        guard let calls = replies[0].integer else {
            counters.refused(replies[0])
            return nil
        }
        guard calls < 0 else { return nil }
        counters.note { $0.callsPutOff += 1 }
        return UnixTime(milliseconds: (minute + 1) * 60_000)
    }
}

extension SharedLimit {
    fileprivate var calls: Int {
        switch self {
        case .told(let calls), .assumed(let calls): calls
        }
    }

    fileprivate var isTold: Bool {
        if case .told = self { true } else { false }
    }
}

public import Engagement
internal import SQLite
internal import Synchronization

/// The store of cells: every number that upstream gave, under the scope that may see it, for as long as it may be served.
///
/// Two tiers: packed records in memory, bounded in bytes, over a SQLite file. Looking up and storing are synchronous and
/// work on the caller's thread; only the file is written in the background, in batches. All methods may be called from any
/// thread.
///
/// ```swift
/// let cache = try MetricCache(MetricCacheConfiguration(path: "/var/lib/engageql/cache.sqlite")) { event in
///     logger.notice("\(event)")
/// }
/// let table = cache.lookup(need, now: .now())
/// if !table.isFresh { … fetch …; cache.store(answer, scope: .account(account), now: .now()) }
/// ```
///
/// The scopes are a security boundary: public counts of totals are looked up under ``Engagement/CellScope/everyone``, all
/// else under the account that asks, and ``store(_:scope:now:)`` refuses what does not belong where it is to go.
public final class MetricCache: Sendable {
    let timeToLive: TimeToLive
    let memory: MemoryTier
    let scopes = ScopeRegistry()
    let disk: DiskTier?
    let report: @Sendable (MetricCacheEvent) -> Void
    private let recordsLookedUp = Atomic(0)
    private let recordsReadFromFile = Atomic(0)

    /// Makes a cache, over its file if the configuration names one.
    ///
    /// A file that is damaged, of another application or another version is set aside, and one that cannot be used is done
    /// without; `report` says so. Throws only for a configuration that makes no sense.
    public init(
        _ configuration: MetricCacheConfiguration,
        report: @escaping @Sendable (MetricCacheEvent) -> Void
    ) throws(MetricCacheError) {
        try configuration.validate()
        timeToLive = configuration.timeToLive
        memory = MemoryTier(bytes: configuration.memoryBytes)
        self.report = report
        guard let path = configuration.path else {
            disk = nil
            return
        }
        let file = CacheFile(
            path: path,
            maximumBytes: configuration.maximumFileBytes,
            history: configuration.history,
            busyMilliseconds: configuration.busyTimeoutMilliseconds,
            isReadOnly: configuration.isReadOnly,
            report: report
        )
        disk = DiskTier(
            file,
            memory: memory,
            scopes: scopes,
            retrySeconds: configuration.retrySeconds,
            report: report
        )
    }

    deinit {
        disk?.close()
    }

    // MARK: - Looking up

    /// What is known of `need` at `now`. Cells that are gone are ``Engagement/Cell/missing``.
    ///
    /// Cells that were fetched at `notBefore` or later count as fresh however short their life is: a caller that has just
    /// fetched reads its own answer again, also for Tweets whose counts live for no time at all.
    ///
    /// Without misses this allocates the table and little else, and takes one lock.
    public func lookup(_ need: MetricNeed, now: UnixTime, notBefore: UnixTime? = nil) -> MetricTable {
        var table = MetricTable(need)
        let (tweetStride, bucketCount) = (table.tweetStride, table.bucketCount)
        let parts = parts(of: need)
        unsafe table.cells.withUnsafeMutableBufferPointer { cells in
            let filler = unsafe TableFiller(
                cells,
                need: need,
                tweetStride: tweetStride,
                bucketCount: bucketCount,
                timeToLive: timeToLive,
                now: now,
                notBefore: notBefore
            )
            var lookup = Lookup(need: need, filler: filler, memory: memory, now: seconds(now))
            lookup.fillFromMemory(parts, asksFile: disk?.isReadable ?? false)
            recordsLookedUp.add(lookup.recordCount, ordering: .relaxed)
            guard let disk, !lookup.misses.isEmpty else { return }
            recordsReadFromFile.add(lookup.misses.count, ordering: .relaxed)
            let hasRead: Void? = disk.read { reader throws(SQLiteError) in
                try lookup.fillFromFile(parts, reader)
            }
            if hasRead == nil { lookup.fillFromMemory(parts, asksFile: false) }
        }
        return table
    }

    /// Who may see which of the need's types. Public numbers are never looked for under an account, nor private ones under
    /// everyone.
    private func parts(of need: MetricNeed) -> [Lookup.Part] {
        var parts: [Lookup.Part] = []
        let (everyones, accounts) = (need.publicTypes, need.privateTypes)
        if !everyones.isEmpty {
            parts.append(Lookup.Part(scope: .everyone, number: ScopeRegistry.everyone, types: everyones))
        }
        if !accounts.isEmpty {
            let scope = CellScope.account(need.account)
            parts.append(Lookup.Part(scope: scope, number: scopes.number(of: scope), types: accounts))
        }
        return parts
    }

    // MARK: - Storing

    /// Keeps what upstream answered: every cell of `answer` that is not missing, under `scope`. Lookups see it at once; the
    /// file has it soon after, see ``flush()``. Of two cells for the same number the one fetched later stays.
    ///
    /// Cells that were fetched after `now`, or never, count as fetched at `now`. Refused, with a
    /// ``MetricCacheEvent/refused(cells:scope:account:)``, are cells that would be seen by others than their account: under
    /// everyone all but the public counts of totals, and under an account whatever was asked for as another.
    ///
    /// - Parameter purge: ``latestPurge`` when upstream was asked; nil if that was just now.
    /// - Returns: Tweets of which a purge has come over cells since then: they were not stored and should be asked for again.
    @discardableResult
    public func store(
        _ answer: MetricTable,
        scope: CellScope,
        now: UnixTime,
        since purge: PurgeNumber? = nil
    ) -> [TweetID] {
        let need = answer.need
        let allowed = MetricCache.allowedTypes(of: need, under: scope)
        let refused = answer.knownCells(of: need.types.subtracting(allowed))
        if refused > 0 { report(.refused(cells: refused, scope: scope, account: need.account)) }
        let types = allowed.intersection(need.family == .totals ? .totals : .series).types
        guard !types.isEmpty else { return [] }
        let target = Target(
            scope: scopes.number(of: scope),
            types: types,
            waits: disk?.acceptsWrites(at: now) ?? false,
            now: seconds(now),
            purge: purge?.rawValue
        )
        let overtaken = need.family == .totals ? storeTotals(answer, target) : storeSeries(answer, target)
        if target.waits { disk?.scheduleDrain() }
        return overtaken
    }

    /// The types of `need` that may be kept under `scope`: the rule that keeps private numbers with their account.
    private static func allowedTypes(of need: MetricNeed, under scope: CellScope) -> EngagementTypeSet {
        switch scope {
        case .everyone: need.publicTypes
        case .account(let account): account == need.account ? need.types : []
        }
    }

    private struct Target {
        let scope: UInt32
        let types: [EngagementType]
        let waits: Bool
        let now: UInt32
        let purge: UInt64?
    }

    private func storeTotals(_ answer: MetricTable, _ target: Target) -> [TweetID] {
        var overtaken: [TweetID] = []
        for (row, tweet) in answer.need.tweets.enumerated() {
            var record = TotalsRow()
            var isEmpty = true
            for type in target.types where answer[row, type].state != .missing {
                record[type] = StoredCell(answer[row, type], now: target.now)
                isEmpty = false
            }
            if isEmpty { continue }
            let key = RecordKey.totals(tweet, scope: target.scope)
            if !memory.store(record, at: key, waits: target.waits, now: target.now, since: target.purge) {
                overtaken.append(tweet)
            }
            // A long answer fills the queue of what waits before it ends.
            if target.waits && row % 64 == 63 { disk?.scheduleDrain() }
        }
        return overtaken
    }

    private func storeSeries(_ answer: MetricTable, _ target: Target) -> [TweetID] {
        guard let window = answer.need.window, let days = window.days else { return [] }
        var overtaken: [TweetID] = []
        for (row, tweet) in answer.need.tweets.enumerated() {
            for day in days {
                guard let record = seriesDay(answer, row, UTCDay(index: day), window, target) else { continue }
                let key = RecordKey.day(day, tweet, scope: target.scope)
                let isStored = memory.store(
                    record,
                    at: key,
                    waits: target.waits,
                    now: target.now,
                    since: target.purge
                )
                if !isStored && overtaken.last != tweet { overtaken.append(tweet) }
            }
            if target.waits { disk?.scheduleDrain() }
        }
        return overtaken
    }

    private func seriesDay(
        _ answer: MetricTable,
        _ row: Int,
        _ day: UTCDay,
        _ window: HourWindow,
        _ target: Target
    ) -> SeriesDay? {
        var record = SeriesDay()
        var isEmpty = true
        let firstHour = day.firstHour
        let slots = answer.need.grain == .day ? SeriesDay.daySlot...SeriesDay.daySlot : 0...23
        for slot in slots {
            let bucket: Int
            if answer.need.grain == .day {
                bucket = Int(day.index - window.start.day.index)
            } else {
                guard window.contains(firstHour.advanced(by: slot)) else { continue }
                bucket = Int(firstHour.index - window.start.index) + slot
            }
            for type in target.types where answer[row, type, bucket].state != .missing {
                record[type, slot] = StoredCell(answer[row, type, bucket], now: target.now)
                isEmpty = false
            }
        }
        return isEmpty ? nil : record
    }

    // MARK: - The file

    /// Returns when everything that was stored before is in the file, and everything that was purged before is out of it, or
    /// is known not to get there.
    public func flush() {
        disk?.drain()
        disk?.finishPurges()
    }

    /// Flushes, moves the write-ahead log into the file and closes it. Further calls do nothing; lookups and stores after it
    /// work in memory only.
    public func close() {
        disk?.close()
    }

    /// Sizes and counters. Reads one small row of the file.
    public func statistics() -> MetricCacheStatistics {
        var statistics = MetricCacheStatistics()
        let size = memory.size
        statistics.memoryBytes = size.bytes
        statistics.memoryRecords = size.records
        statistics.pendingRecords = size.waiting
        statistics.purgesUnderWay = memory.purgesUnderWay.active.count
        statistics.recordsLookedUp = recordsLookedUp.load(ordering: .relaxed)
        statistics.recordsReadFromFile = recordsReadFromFile.load(ordering: .relaxed)
        guard let disk else { return statistics }
        statistics.fileBytes = disk.fileBytes
        statistics.isFileReadable = disk.isReadable
        if let rows = disk.read({ reader throws(SQLiteError) in try reader.sizes() }) {
            statistics.totalsRows = rows.totals
            statistics.seriesRows = rows.series
        }
        return statistics
    }

    func seconds(_ time: UnixTime) -> UInt32 { UInt32(clamping: time.seconds) }
}

extension StoredCell {
    /// The cell of an answer, fetched at the latest now.
    fileprivate init(_ cell: Cell, now: UInt32) {
        self.init(
            count: cell.state == .counted ? cell.count : 0,
            fetchedAt: cell.fetchedAt == 0 ? now : min(cell.fetchedAt, now),
            state: cell.state
        )
    }
}

extension MetricTable {
    /// How many cells of `types` are known.
    fileprivate func knownCells(of types: EngagementTypeSet) -> Int {
        guard !types.isEmpty else { return 0 }
        var known = 0
        for tweet in need.tweets.indices {
            for type in types.types {
                for bucket in 0..<bucketCount where self[tweet, type, bucket].state != .missing { known += 1 }
            }
        }
        return known
    }
}

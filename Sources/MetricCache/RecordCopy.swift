public import Engagement

/// Which record: what is kept together of a Tweet for one scope, its totals or a day of its series.
public struct RecordName: Hashable, Sendable {
    public let scope: CellScope
    public let tweet: TweetID
    /// The day of UTC of a series; nil for totals.
    public let day: UTCDay?

    public init(scope: CellScope, tweet: TweetID, day: UTCDay?) {
        self.scope = scope
        self.tweet = tweet
        self.day = day
    }
}

/// A packed record on its way to another node or from one, in the format of the cache's own records.
public struct RecordCopy: Equatable, Sendable {
    public let name: RecordName
    public let bytes: [UInt8]

    /// - Parameter bytes: May be anything; see ``MetricCache/MetricCache/takeIn(_:now:)``.
    public init(name: RecordName, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }

    /// Goes up whenever an older version could not read what this one packs: part of wherever copies are kept.
    public static let formatVersion: UInt8 = 1

    /// The record of both, each cell as it was fetched last; nil if neither is a record that could be taken in.
    public func merged(with other: [UInt8]?, now: UnixTime) -> RecordCopy? {
        let now = UInt32(clamping: now.seconds)
        let bytes =
            name.day == nil
            ? merged(TotalsRow.self, with: other, now: now)
            : merged(SeriesDay.self, with: other, now: now)
        return bytes.map { RecordCopy(name: name, bytes: $0) }
    }

    private func merged<Record: ForeignRecord>(_: Record.Type, with other: [UInt8]?, now: UInt32) -> [UInt8]? {
        var record = other.flatMap { Record(foreign: $0, scope: name.scope, now: now) }
        if let later = Record(foreign: bytes, scope: name.scope, now: now) {
            record?.merge(later, now: now)
            record = record ?? later
        }
        var bytes: [UInt8] = []
        record?.encode(into: &bytes, purge: 0)
        return record == nil ? nil : bytes
    }

    /// How many seconds from now on a cell of the record may still be of use, if upstream fails; nil if there is a sealed hour.
    public func usefulSeconds(_ timeToLive: TimeToLive, now: UnixTime) -> Int? {
        let ends: [Int?]
        if let day = name.day {
            guard let record = unsafe bytes.withUnsafeBytes({ unsafe SeriesDay(decoding: $0) }) else { return 0 }
            ends = record.ends(day, timeToLive)
        } else {
            guard let record = unsafe bytes.withUnsafeBytes({ unsafe TotalsRow(decoding: $0) }) else { return 0 }
            ends = record.ends(name.tweet, timeToLive)
        }
        var latest = 0
        for end in ends {
            guard let end else { return nil }
            latest = max(latest, end)
        }
        return max(0, latest + timeToLive.staleIfError - Int(now.seconds))
    }
}

extension MetricCache {
    /// Takes in what another node fetched, as if it had been stored here: of two cells for the same number the one fetched
    /// later stays. Returns how many records there were something to take of.
    ///
    /// The bytes are not trusted. What is no record, or has a negative count, is left out, and so are cells from the future
    /// and those that may not be kept under their scope.
    ///
    /// - Parameter purge: The last purge when it was clear that they had not been purged: what was purged since is left out.
    public func takeIn(_ copies: [RecordCopy], now: UnixTime, since purge: PurgeNumber? = nil) -> Int {
        let waits = disk?.acceptsWrites(at: now) ?? false
        var taken = 0
        for copy in copies {
            let scope = scopes.number(of: copy.name.scope)
            if let day = copy.name.day {
                let key = RecordKey.day(day.index, copy.name.tweet, scope: scope)
                taken += takeIn(SeriesDay.self, copy, key, waits, seconds(now), purge) ? 1 : 0
            } else {
                let key = RecordKey.totals(copy.name.tweet, scope: scope)
                taken += takeIn(TotalsRow.self, copy, key, waits, seconds(now), purge) ? 1 : 0
            }
        }
        if waits, taken > 0 { disk?.scheduleDrain() }
        return taken
    }

    private func takeIn<Record: ForeignRecord>(
        _: Record.Type,
        _ copy: RecordCopy,
        _ key: RecordKey,
        _ waits: Bool,
        _ now: UInt32,
        _ purge: PurgeNumber?
    ) -> Bool {
        guard let record = Record(foreign: copy.bytes, scope: copy.name.scope, now: now) else { return false }
        return memory.store(record, at: key, waits: waits, now: now, since: purge?.rawValue)
    }

    /// What memory has of these records: all that was stored of them lately, but not what is in the file alone.
    public func copies(of names: [RecordName]) -> [RecordCopy] {
        names.compactMap { name in
            let scope = scopes.number(of: name.scope)
            let key =
                name.day.map { RecordKey.day($0.index, name.tweet, scope: scope) }
                ?? .totals(name.tweet, scope: scope)
            let bytes = memory.read { table, _ in
                table.find(key).map { place in
                    unsafe memory.purges.withLeaves(of: table.bytes(place), key) { unsafe [UInt8]($0) }
                }
            }
            return bytes.flatMap { $0.isEmpty ? nil : RecordCopy(name: name, bytes: $0) }
        }
    }
}

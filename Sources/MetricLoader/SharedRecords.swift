public import Engagement
internal import EngagementAPI
public import MetricCache

/// What several nodes share: records, and who of them is fetching which.
///
/// A tier that is down answers nothing, and at once: the loader then goes on as if it were the only node. Nothing here throws.
public protocol SharedRecords: Sendable {
    /// Takes what other nodes have of these records into this node's cache. Returns how many it took.
    func fetch(_ records: [RecordName], now: UnixTime) async -> Int

    /// Takes a lease on each of these records that no other node has one on, and then ``fetch(_:now:)``es all of them: in this
    /// order, since a node that gives its lease back has published before. Nil if there are no leases to be had now. If nobody
    /// knows whether they were granted, they count as granted.
    func lease(_ records: [RecordName], now: UnixTime) async -> RecordLease?

    /// Publishes what this node's cache has of `records`, and gives the lease back after that. Does not wait for either. If it
    /// cannot be done now, it is done as soon as it can be, as long as the lease lasts.
    func publish(_ records: [RecordName], releasing lease: RecordLease?, now: UnixTime)

    /// Takes in nothing any more that a purge is about, which is about to be done here, and sees to it that the other nodes are
    /// told, by this process or by the next one that opens the cache file. May wait for the disk.
    func announce(_ selection: PurgeSelection, _ kind: PurgeKind)

    /// Tells the other nodes of the purges that were announced. Returns false if they cannot be told now: they will be.
    func publishPurges() async -> Bool
}

/// The right to fetch some records, which no other node has as long as it lasts.
public struct RecordLease: Sendable {
    /// The records of which this node has the lease.
    public let records: Set<RecordName>
    /// Whose lease it is: a text that nobody else has.
    public let token: String
    /// How long it lasts from when it was asked for.
    public let milliseconds: Int64

    public init(records: Set<RecordName>, token: String, milliseconds: Int64) {
        self.records = records
        self.token = token
        self.milliseconds = milliseconds
    }
}

extension CellGap {
    /// The records that the gap's cells lie in.
    internal var records: [RecordName] {
        guard let days = window?.days else { return [RecordName(scope: access.scope, tweet: tweet, day: nil)] }
        return days.map { RecordName(scope: access.scope, tweet: tweet, day: UTCDay(index: $0)) }
    }

    /// What of the gap `planned` brings; nil if nothing.
    internal func part(of planned: CallPlanner.PlannedCall) -> CellGap? {
        var part = self
        part.types = types.intersection(planned.call.types)
        guard access == planned.access, !part.types.isEmpty else { return nil }
        switch (window, planned.window) {
        case (nil, nil): return part
        case (let wanted?, let brought?):
            part.window = wanted.intersection(brought)
            return part.window == nil ? nil : part
        default: return nil
        }
    }
}

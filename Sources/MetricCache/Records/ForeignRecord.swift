internal import Engagement

/// A record that may come from another node, and is believed as far as it makes sense.
protocol ForeignRecord: PackedRecord {
    /// The record in `bytes` without cells from the future and those that do not belong under `scope`; nil if they are no
    /// such record, or nothing is left of it.
    init?(foreign bytes: [UInt8], scope: CellScope, now: UInt32)
}

extension ForeignRecord {
    /// Decodes `bytes`, and lets each cell pass; nil if one of them cannot be, or none is left.
    fileprivate init?(
        foreign bytes: [UInt8],
        now: UInt32,
        _ cells: (inout Self, (StoredCell) -> StoredCell) -> Void
    ) {
        guard !bytes.isEmpty, var record = unsafe bytes.withUnsafeBytes({ unsafe Self(decoding: $0) }) else {
            return nil
        }
        var isSane = true
        var isEmpty = true
        cells(&record) { cell in
            guard cell.isKnown else { return cell }
            isSane = isSane && cell.count >= 0
            // What was purged there is no better here.
            guard !cell.isOutdated, cell.fetchedAt > 0, Int(cell.fetchedAt) - Int(now) <= TimeToLive.clockStepAllowance
            else {
                return StoredCell()
            }
            isEmpty = false
            // Another clock may be ahead of ours by a moment.
            return StoredCell(count: cell.count, fetchedAt: min(cell.fetchedAt, now), state: cell.state)
        }
        guard isSane, !isEmpty else { return nil }
        self = record
    }
}

extension TotalsRow: ForeignRecord {
    init?(foreign bytes: [UInt8], scope: CellScope, now: UInt32) {
        let allowed = scope == .everyone ? EngagementTypeSet.publicTotals : .totals
        self.init(foreign: bytes, now: now) { record, pass in
            for type in EngagementTypeSet.totals.types {
                record[type] = allowed.contains(type) ? pass(record[type]) : StoredCell()
            }
        }
    }

    /// When the time of each cell is over; nil if never.
    func ends(_ tweet: TweetID, _ timeToLive: TimeToLive) -> [Int?] {
        EngagementTypeSet.totals.types.lazy.map { self[$0] }.filter(\.isKnown).map {
            $0.end(.totals(tweet), timeToLive)
        }
    }
}

extension SeriesDay: ForeignRecord {
    init?(foreign bytes: [UInt8], scope: CellScope, now: UInt32) {
        // No number of a series is public.
        guard scope != .everyone else { return nil }
        self.init(foreign: bytes, now: now) { record, pass in
            for type in EngagementTypeSet.series.types {
                for slot in 0..<SeriesDay.slotCount { record[type, slot] = pass(record[type, slot]) }
            }
        }
    }

    func ends(_ day: UTCDay, _ timeToLive: TimeToLive) -> [Int?] {
        EngagementTypeSet.series.types.flatMap { type in
            (0..<SeriesDay.slotCount).lazy.map { ($0, self[type, $0]) }.filter(\.1.isKnown).map { slot, cell in
                let subject: TimeToLive.Subject =
                    slot == SeriesDay.daySlot ? .day(day) : .hour(day.firstHour.advanced(by: slot))
                return cell.end(subject, timeToLive)
            }
        }
    }
}

extension StoredCell {
    fileprivate func end(_ subject: TimeToLive.Subject, _ timeToLive: TimeToLive) -> Int? {
        timeToLive.lifetime(of: state, subject: subject, fetchedAt: fetchedAt).map { Int(fetchedAt) + $0 }
    }
}

internal import Engagement

/// Lifetime counts as of the ends of a field's buckets, made into two tables with a cell for each bucket: what the counts were
/// at its end, and by how much they had grown in it.
///
/// Only what was seen counts, and nothing is put in between: a bucket in which a Tweet was not seen has no number. Neither is
/// there a gain if the Tweet was not seen in the bucket before, because nobody knows when the counts grew; but a Tweet that was
/// posted in a bucket began it with nothing.
internal struct GrowthTables {
    let standing: MetricTable
    let gained: MetricTable

    /// - Parameter table: As of each of ``GrowthColumns/moments``.
    init(_ selection: MetricSelection, _ table: MetricTable) {
        let spans = selection.buckets.spans
        var need = table.need
        need.moments = spans.map(\.end.start)
        var standing = MetricTable(need)
        var gained = MetricTable(need)
        for (row, tweet) in need.tweets.enumerated() {
            for type in need.types.types {
                for (bucket, span) in spans.enumerated() {
                    let end = table[row, type, bucket + 1].seen(after: span.start)
                    standing[row, type, bucket] = end
                    guard end.state == .counted else {
                        gained[row, type, bucket] = end
                        continue
                    }
                    var gain = end
                    if let createdAt = tweet.createdAt, createdAt >= span.start.start {
                        gained[row, type, bucket] = gain
                        continue
                    }
                    let before = bucket > 0 ? spans[bucket - 1].start : span.start.advanced(by: -span.hours)
                    let start = table[row, type, bucket].seen(after: before)
                    guard start.state == .counted else { continue }
                    gain.count -= start.count
                    gained[row, type, bucket] = gain
                }
            }
        }
        self.standing = standing
        self.gained = gained
    }
}

extension Cell {
    /// The cell, unless it is a count that was seen at `hour` or before.
    fileprivate func seen(after hour: UTCHour) -> Cell {
        state == .counted && Int64(fetchedAt) <= hour.start.seconds ? .missing : self
    }
}

/// What was gained in each row of one selection.
internal struct RowGains: Sendable {
    /// The first of the selection's ``RowTable/keys``.
    let firstKey: Int
    /// As many for each key as the selection has types.
    let values: [Int64]
    let width: Int
}

extension RowTable {
    /// Appends the rows of a field of growth, and returns whether no number of them is missing.
    mutating func append(growth selection: MetricSelection, _ table: MetricTable, at index: Int) -> Bool {
        let tables = GrowthTables(selection, table)
        var standing = RowAggregation(selection, tables.standing)
        let firstKey = keys.count
        standing.append(to: &self, at: index)
        guard selection.growth?.showsGains == true else { return standing.isComplete }
        var gained = RowAggregation(selection, tables.gained)
        var rows = RowTable()
        gained.append(to: &rows, at: index)
        gains[index] = RowGains(firstKey: firstKey, values: rows.values, width: selection.types.count)
        return standing.isComplete && gained.isComplete
    }

    /// By how much `type` grew in the row at `place` of ``order``; nil if that is not known.
    func gain(_ type: EngagementType, ofRow place: Int, _ selection: MetricSelection, at index: Int) -> Int64? {
        guard let gains = gains[index], selection.types.contains(type) else { return nil }
        let row = Int(order[place]) - gains.firstKey
        let value = gains.values[row * gains.width + selection.types.rank(of: type)]
        return value > RowTable.unknown ? value : nil
    }
}

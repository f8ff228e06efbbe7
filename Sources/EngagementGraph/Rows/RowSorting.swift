internal import Engagement

/// The order that `orderBy` asks for. Rows without a number come last either way; equal rows keep their order.
extension RowTable {
    /// Sorts the rows `range` of ``order``, those of the selection at `index`.
    mutating func sort(_ range: Range<Int>, of selection: MetricSelection, at index: Int) {
        guard !selection.order.isEmpty else { return }
        let rows = Array(order[range])
        let columns = selection.order.map { key in range.map { sortKey(key.field, ofRow: $0, selection, index) } }
        let sorted = rows.indices.sorted { left, right in
            for (column, key) in zip(columns, selection.order) {
                switch (column[left], column[right]) {
                case (nil, nil): continue
                case (nil, _): return false
                case (_, nil): return true
                case (let a?, let b?):
                    if a == b { continue }
                    return key.isDescending ? a > b : a < b
                }
            }
            return left < right
        }
        for (place, row) in zip(range, sorted) { order[place] = rows[row] }
    }

    /// Counts and times as they are, rates as bit patterns that sort like the non-negative numbers that they stand for.
    private func sortKey(
        _ field: RowOrder.Field,
        ofRow place: Int,
        _ selection: MetricSelection,
        _ index: Int
    ) -> Int64? {
        let key = keys[Int(order[place])]
        switch field {
        case .tweetID:
            return key.tweet < 0 ? nil : Int64(bitPattern: selection.tweets[Int(key.tweet)].rawValue)
        case .start: return Int64(selection.buckets.spans[Int(key.bucket)].start.index)
        case .count:
            return EngagementType(rawValue: key.type).flatMap { value($0, ofRow: place, in: index) }
        case .metric(let type): return value(type, ofRow: place, in: index)
        case .gained(let type): return gain(type, ofRow: place, selection, at: index)
        case .engagementRate:
            return engagementRate(ofRow: place, in: index).map { Int64(bitPattern: max($0, 0).bitPattern) }
        }
    }
}

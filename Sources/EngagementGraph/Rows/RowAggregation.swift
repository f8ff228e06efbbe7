internal import Engagement

/// Adds up the cells of one selection to its rows.
///
/// Each dimension of the grouping is a digit of the row's number, the first one listed the most significant, so that
/// rows come out in the order of `groupBy` (dossier §4.4: "applied serially"). Dimensions that are not listed have one
/// value: they are summed over. A row that no hour falls into, such as an hour of the day outside a short window, is
/// not shown.
///
/// - A cell without an answer (upstream failed) makes the sums that need it null: a sum that silently lacks a Tweet is
///   a wrong number.
/// - A cell that upstream said does not exist is left out; a sum of nothing else is null.
internal struct RowAggregation {
    private let selection: MetricSelection
    private let table: MetricTable
    private let types: [EngagementType]
    /// In the long form a row has one number, that of its type; else one for each type.
    private let isLong: Bool
    private let width: Int
    /// How far apart in row numbers two neighbours of a dimension are; 0 if it is summed over.
    private let strides: Strides
    private let rowCount: Int
    /// For each hour or day of the table, what it adds to the row's number.
    private let rowOfStep: [Int]

    /// Whether all cells were counts.
    private(set) var isComplete = true

    private struct Strides {
        var tweet = 0
        var type = 0
        var time = 0
        var hourOfDay = 0
    }

    init(_ selection: MetricSelection, _ table: MetricTable) {
        self.selection = selection
        self.table = table
        types = selection.types.types
        isLong = selection.grouping.contains(.engagementType)
        width = isLong ? 1 : types.count
        let buckets = selection.buckets
        var strides = Strides()
        var rowCount = 1
        for dimension in selection.grouping.dimensions.reversed() {
            switch dimension {
            case .tweet:
                strides.tweet = rowCount
                rowCount *= selection.tweets.count
            case .engagementType:
                strides.type = rowCount
                rowCount *= types.count
            case .hour, .day, .week, .month:
                strides.time = rowCount
                rowCount *= buckets.spans.count
            case .hourOfDay:
                strides.hourOfDay = rowCount
                rowCount *= 24
            }
        }
        self.strides = strides
        self.rowCount = rowCount
        rowOfStep = buckets.bucketOf.indices.map { step in
            let hour = buckets.hourOfDay.isEmpty ? 0 : Int(buckets.hourOfDay[step])
            return Int(buckets.bucketOf[step]) * strides.time + hour * strides.hourOfDay
        }
    }

    /// Appends the rows to `rows`, with what fields show that are made of several of their numbers.
    ///
    /// - Parameter index: The place of the selection.
    mutating func append(to rows: inout RowTable, at index: Int) {
        let first = (key: rows.keys.count, value: rows.values.count)
        rows.keys.append(contentsOf: repeatElement(.blank, count: rowCount))
        rows.values.append(contentsOf: repeatElement(RowTable.null, count: rowCount * width))
        for tweet in selection.tweets.indices where tweet == 0 || strides.tweet > 0 {
            appendKeys(tweet, first, &rows.keys)
        }
        for row in first.key..<rows.keys.count where rows.keys[row].values >= 0 { rows.order.append(Int32(row)) }
        isComplete = addCells(first, &rows.values, &rows.keys)
        if !isComplete { markLopsided(first, &rows.keys) }
        if !isComplete, !isLong, !selection.rates.isEmpty {
            rows.lopsided[index] = LopsidedRates(selection, table) { first.key + $0 * strides.tweet + rowOfStep[$1] }
        }
        if selection.followsTime {
            rows.alongTime[index] = AlongTime(
                rows,
                firstKey: first.key,
                firstValue: first.value,
                width: width,
                stride: strides.time,
                buckets: selection.buckets.spans.count
            )
        }
    }

    /// Fills in what the rows of a Tweet, or all rows if they are not divided by Tweets, stand for.
    private func appendKeys(_ tweet: Int, _ first: (key: Int, value: Int), _ keys: inout [RowTable.Key]) {
        let buckets = selection.buckets
        for column in 0..<(isLong ? types.count : 1) {
            let firstRow = tweet * strides.tweet + column * strides.type
            for (step, offset) in rowOfStep.enumerated() where keys[first.key + firstRow + offset].values < 0 {
                keys[first.key + firstRow + offset] = RowTable.Key(
                    tweet: strides.tweet > 0 ? Int32(tweet) : -1,
                    bucket: buckets.bucketOf[step],
                    hourOfDay: strides.hourOfDay > 0 ? Int8(buckets.hourOfDay[step]) : -1,
                    type: isLong ? types[column].rawValue : RowTable.Key.noType,
                    isLopsided: false,
                    asOf: 0,
                    values: first.value + (firstRow + offset) * width
                )
            }
        }
    }

    /// The inner loop of every answer: no look-up and no check that could stand outside of it.
    ///
    /// - Returns: Whether all cells are counts.
    private func addCells(
        _ first: (key: Int, value: Int),
        _ values: inout [Int64],
        _ keys: inout [RowTable.Key]
    ) -> Bool {
        let cells = table.cells.span
        let steps = rowOfStep.span
        var values = values.mutableSpan
        var keys = keys.mutableSpan
        var isComplete = true
        let columnStride = isLong ? 0 : 1
        for tweet in selection.tweets.indices {
            let place = selection.places.map { Int($0[tweet]) } ?? tweet
            // A selection has all types of its need, in the same order.
            var cell = place * table.tweetStride
            var row = tweet * strides.tweet
            var column = first.value
            for _ in types.indices {
                for step in steps.indices {
                    isComplete =
                        add(
                            cells[cell],
                            to: &values[column + (row + steps[step]) * width],
                            &keys[first.key + row + steps[step]].asOf
                        ) && isComplete
                    cell += 1
                }
                row += strides.type
                column += columnStride
            }
        }
        return isComplete
    }

    /// Returns whether the cell is a count.
    @inline(__always)
    private func add(_ cell: Cell, to sum: inout Int64, _ asOf: inout UInt32) -> Bool {
        // Of what was never fetched the age wraps around to the greatest.
        if cell.fetchedAt &- 1 < asOf &- 1 { asOf = cell.fetchedAt }
        if cell.state == .counted {
            sum = RowTable.sum(sum, cell.count)
            return true
        }
        if cell.state == .missing { sum = RowTable.unknown }
        return false
    }

    /// Notes the rows of which impressions and engagements are sums over different cells, as when a Tweet is too old
    /// for one of them: each is right, but to divide one by the other would be wrong.
    private func markLopsided(_ first: (key: Int, value: Int), _ keys: inout [RowTable.Key]) {
        guard !isLong, selection.types.isSuperset(of: FieldBinding.engagementRate.types) else { return }
        for tweet in selection.tweets.indices {
            let place = selection.places.map { Int($0[tweet]) } ?? tweet
            let impressions = table.index(tweet: place, type: .impressions)
            let engagements = table.index(tweet: place, type: .engagements)
            for step in rowOfStep.indices {
                let isSeen = table.cells[impressions + step].state == .counted
                if isSeen != (table.cells[engagements + step].state == .counted) {
                    keys[first.key + tweet * strides.tweet + rowOfStep[step]].isLopsided = true
                }
            }
        }
    }
}

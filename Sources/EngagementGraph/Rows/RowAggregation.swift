internal import Engagement

/// Adds up the cells of one selection to its rows.
///
/// Each dimension of the grouping is a digit of the row's number, the first one listed the most significant, so that rows come
/// out in the order of `groupBy` (dossier §4.4: "applied serially"). Dimensions that are not listed have one value: they are
/// summed over. A row that no hour falls into, such as an hour of the day outside a short window, is not shown.
///
/// - A cell without an answer (upstream failed) makes the sums that need it null: a sum that silently lacks a Tweet is a wrong
///   number.
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

    /// Appends the rows to `rows`.
    mutating func append(to rows: inout RowTable) {
        let first = (key: rows.keys.count, value: rows.values.count)
        rows.keys.append(contentsOf: repeatElement(.blank, count: rowCount))
        rows.values.append(contentsOf: repeatElement(RowTable.null, count: rowCount * width))
        for tweet in selection.tweets.indices where tweet == 0 || strides.tweet > 0 {
            appendKeys(tweet, first, &rows.keys)
        }
        for row in first.key..<rows.keys.count where rows.keys[row].values >= 0 { rows.order.append(Int32(row)) }
        for tweet in selection.tweets.indices { add(tweet, first, &rows) }
        if !isComplete { markLopsided(first, &rows.keys) }
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

    /// Adds the cells of one Tweet.
    private mutating func add(_ tweet: Int, _ first: (key: Int, value: Int), _ rows: inout RowTable) {
        let place = selection.places.map { Int($0[tweet]) } ?? tweet
        var isComplete = isComplete
        for (column, type) in types.enumerated() {
            let firstCell = table.index(tweet: place, type: type)
            let firstRow = tweet * strides.tweet + column * strides.type
            for step in rowOfStep.indices {
                let cell = table.cells[firstCell + step]
                let row = firstRow + rowOfStep[step]
                let value = first.value + row * width + (isLong ? 0 : column)
                if cell.state == .counted {
                    rows.values[value] = RowTable.sum(rows.values[value], cell.count)
                } else {
                    isComplete = false
                    if cell.state == .missing { rows.values[value] = RowTable.unknown }
                }
                // Of a cell that was never fetched the age wraps around to the greatest.
                if cell.fetchedAt &- 1 < rows.keys[first.key + row].asOf &- 1 {
                    rows.keys[first.key + row].asOf = cell.fetchedAt
                }
            }
        }
        self.isComplete = isComplete
    }

    /// Notes the rows of which impressions and engagements are sums over different cells, as when a Tweet is too old for one
    /// of them: each is right, but to divide one by the other would be wrong.
    private func markLopsided(_ first: (key: Int, value: Int), _ keys: inout [RowTable.Key]) {
        guard !isLong, selection.types.isSuperset(of: FieldBinding.engagementRate.types) else { return }
        for tweet in selection.tweets.indices {
            let place = selection.places.map { Int($0[tweet]) } ?? tweet
            let impressions = table.index(tweet: place, type: .impressions)
            let engagements = table.index(tweet: place, type: .engagements)
            for step in rowOfStep.indices
            where table.cells[impressions + step].state != table.cells[engagements + step].state {
                keys[first.key + tweet * strides.tweet + rowOfStep[step]].isLopsided = true
            }
        }
    }
}

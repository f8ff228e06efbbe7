internal import Engagement

/// Adds up the cells of one selection to its rows.
///
/// Each dimension of the grouping is a digit of the row's number, the first one listed the most significant, so that rows come
/// out in the order of `groupBy` (dossier §4.4: "applied serially"). Dimensions that are not listed have one value: they are
/// summed over. A row that no cell falls into, such as an hour of the day outside a short window, is not shown.
///
/// - A cell without an answer (upstream failed) makes the sums that need it null: a sum that silently lacks a Tweet is a wrong
///   number.
/// - A cell that upstream said does not exist is left out; a sum of nothing else is null.
internal struct RowAggregation {
    private let selection: MetricSelection
    private let table: MetricTable
    private let types: [EngagementType]
    /// How far apart in row numbers two neighbours of a dimension are; 0 if it is summed over.
    private var strides: [Dimension: Int] = [:]
    private var rowCount = 1

    /// Whether all cells were counts.
    private(set) var isComplete = true

    init(_ selection: MetricSelection, _ table: MetricTable) {
        self.selection = selection
        self.table = table
        types = selection.types.types
        for dimension in selection.grouping.dimensions.reversed() {
            strides[dimension] = rowCount
            rowCount *= size(of: dimension)
        }
    }

    private func size(of dimension: Dimension) -> Int {
        switch dimension {
        case .tweet: selection.tweets.count
        case .engagementType: types.count
        case .hour, .day, .week, .month: selection.buckets.spans.count
        case .hourOfDay: 24
        }
    }

    /// Appends the rows to `rows`.
    mutating func append(to rows: inout RowTable) {
        let firstKey = rows.keys.count
        let firstValue = rows.values.count
        let width = types.count
        let blank = RowTable.Key(tweet: -1, bucket: 0, hourOfDay: -1, type: 255, asOf: 0, values: 0)
        rows.keys.append(contentsOf: repeatElement(blank, count: rowCount))
        rows.values.append(contentsOf: repeatElement(RowTable.null, count: rowCount * width))
        // Rows that cells fall into; sums that must be null.
        var touched = [Bool](repeating: false, count: rowCount)
        var unknown = [Bool](repeating: false, count: rowCount * width)

        let tweetStride = strides[.tweet] ?? 0
        let typeStride = strides[.engagementType] ?? 0
        let timeStride = selection.grouping.calendar.flatMap { strides[$0.dimension] } ?? 0
        let hourStride = strides[.hourOfDay] ?? 0
        let (bucketOf, hourOfDay) = (selection.buckets.bucketOf, selection.buckets.hourOfDay)
        let hasHours = hourStride > 0

        for tweet in selection.tweets.indices {
            let place = selection.places.map { Int($0[tweet]) } ?? tweet
            for (column, type) in types.enumerated() {
                let firstCell = table.index(tweet: place, type: type)
                let firstRow = tweet * tweetStride + column * typeStride
                for step in bucketOf.indices {
                    let bucket = Int(bucketOf[step])
                    let hour = hasHours ? Int(hourOfDay[step]) : 0
                    let row = firstRow + bucket * timeStride + hour * hourStride
                    if !touched[row] {
                        touched[row] = true
                        rows.keys[firstKey + row] = RowTable.Key(
                            tweet: tweetStride > 0 ? Int32(tweet) : -1,
                            bucket: Int32(bucket),
                            hourOfDay: hasHours ? Int8(hour) : -1,
                            type: typeStride > 0 ? type.rawValue : 255,
                            asOf: 0,
                            values: firstValue + row * width
                        )
                    }
                    add(
                        table.cells[firstCell + step],
                        to: &rows.values[firstValue + row * width + column],
                        &unknown[row * width + column],
                        &rows.keys[firstKey + row].asOf
                    )
                }
            }
        }
        for (index, isUnknown) in unknown.enumerated() where isUnknown {
            rows.values[firstValue + index] = RowTable.null
        }
        for row in 0..<rowCount where touched[row] { rows.order.append(Int32(firstKey + row)) }
    }

    private mutating func add(_ cell: Cell, to sum: inout Int64, _ isUnknown: inout Bool, _ asOf: inout UInt32) {
        if cell.fetchedAt > 0, asOf == 0 || cell.fetchedAt < asOf { asOf = cell.fetchedAt }
        switch cell.state {
        case .counted:
            let (result, overflow) = (sum == RowTable.null ? 0 : sum).addingReportingOverflow(cell.count)
            sum = result
            if overflow { isUnknown = true }
        case .missing:
            isUnknown = true
            isComplete = false
        case .unavailable, .forbidden, .tooOld:
            isComplete = false
        }
    }
}

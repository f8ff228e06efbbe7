internal import Engagement

/// The rows of all selections, added up once before the answer is written.
extension RowTable {
    /// - Parameter tables: The answers to the plan's needs, in their order.
    /// - Returns: The rows, and which selections have cells that are no counts.
    static func build(_ plan: EngagementPlan, from tables: [MetricTable]) -> (rows: RowTable, incomplete: [Int]) {
        var rows = RowTable()
        var incomplete: [Int] = []
        for index in plan.selections.indices {
            if !rows.append(plan.selections[index], from: tables, at: index) { incomplete.append(index) }
        }
        return (rows, incomplete)
    }

    /// The rows of one selection, in their order. Returns whether all cells were counts.
    private mutating func append(_ selection: MetricSelection, from tables: [MetricTable], at index: Int) -> Bool {
        let firstRow = order.count
        let isComplete = append(selection, tables[selection.need], at: index)
        let range = firstRow..<order.count
        appendColumns(selection.types)
        sort(range, of: selection, at: index)
        layouts.append(Layout(firstRow: firstRow, rowCount: min(range.count, selection.first ?? .max)))
        tweetStarts.append(selection.isShownByTweet ? starts(of: selection, in: range) : [])
        return isComplete
    }

    /// Returns whether all cells were counts.
    private mutating func append(_ selection: MetricSelection, _ table: MetricTable, at index: Int) -> Bool {
        if selection.growth != nil { return append(growth: selection, table, at: index) }
        var aggregation = RowAggregation(selection, table)
        aggregation.append(to: &self, at: index)
        return aggregation.isComplete
    }

    /// Where the rows of each Tweet begin, and where the last ones end. They are in the order of the Tweets.
    private func starts(of selection: MetricSelection, in range: Range<Int>) -> [Int32] {
        var starts: [Int32] = []
        starts.reserveCapacity(selection.tweets.count + 1)
        for place in range {
            let tweet = Int(keys[Int(order[place])].tweet)
            while starts.count <= tweet { starts.append(Int32(place)) }
        }
        while starts.count <= selection.tweets.count { starts.append(Int32(range.upperBound)) }
        return starts
    }
}

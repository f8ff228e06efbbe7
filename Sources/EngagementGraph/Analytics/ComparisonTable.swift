internal import Engagement

/// The rows of a `compare` field: for each group one after the other, for each age from the first on.
///
/// An hour of age is one of the clock: age 0 begins with the hour in which a Tweet was posted. A group has no number of an age
/// that one of its Tweets has not lived to the end of, or of which a number is not known. A Tweet of which the number does not
/// exist is left out, as of all sums, and does not count in `perTweet`.
internal struct ComparisonTable: Sendable {
    /// Of one type, one group and one age.
    struct Sum: Sendable {
        /// Nil if it is not known, or the sum of nothing.
        var total: Int64?
        /// Of how many Tweets.
        var tweets = 0
    }

    private struct Group: Sendable {
        /// For each type all ages.
        var sums: [Sum]
        var asOf: [UInt32]
        /// For each rate whether an age has it of the same Tweets above and below.
        var isEven: [Bool]
    }

    let comparison: PlannedComparison
    private let types: EngagementTypeSet
    private let groups: [Group]

    init(_ comparison: PlannedComparison, _ plan: EngagementPlan, _ tables: [MetricTable]) {
        self.comparison = comparison
        let selections = comparison.groups.map { plan.selections[$0.selection] }
        types = selections.first?.types ?? []
        groups = selections.map { Self.group(comparison, $0, tables[$0.need]) }
    }

    var rowCount: Int { groups.count * comparison.ages }

    // MARK: - Reading

    func group(ofRow row: Int) -> PlannedComparison.Group { comparison.groups[row / comparison.ages] }

    func age(ofRow row: Int) -> Int { row % comparison.ages }

    /// In seconds since 1970; nil if nothing was fetched.
    func asOf(ofRow row: Int) -> UInt32? {
        let asOf = groups[row / comparison.ages].asOf[age(ofRow: row)]
        return asOf == .max ? nil : asOf
    }

    func value(_ column: ComparedColumn, ofRow row: Int) -> DerivedValue? {
        let (group, age) = (row / comparison.ages, age(ofRow: row))
        let sum = sum(column, group, age)
        switch column.kind {
        case .total: return sum.total.map { .number($0) }
        case .perTweet: return Self.mean(sum).map { .ratio($0) }
        case .difference, .ratio:
            guard let own = Self.mean(sum), let first = Self.mean(self.sum(column, 0, age)) else { return nil }
            if column.kind == .difference { return .ratio(own - first) }
            return first == 0 ? nil : .ratio(own / first)
        }
    }

    func rate(_ rate: Int, ofRow row: Int) -> Double? {
        let (group, age) = (row / comparison.ages, age(ofRow: row))
        let column = comparison.rates[rate]
        guard groups[group].isEven[rate * comparison.ages + age], let count = counted(column.of, group, age).total,
            let base = counted(column.per, group, age).total, base > 0
        else { return nil }
        return Double(count) * Double(column.times) / Double(base)
    }

    private func counted(_ type: EngagementType, _ group: Int, _ age: Int) -> Sum {
        groups[group].sums[types.rank(of: type) * comparison.ages + age]
    }

    /// The sum of an age, of all ages up to it, or what it is more than the age before.
    private func sum(_ column: ComparedColumn, _ group: Int, _ age: Int) -> Sum {
        var sum = counted(column.type, group, age)
        switch column.along {
        case .count: return sum
        case .change:
            guard age > 0 else { return Sum() }
            return Self.combined(sum, counted(column.type, group, age - 1)) { $0.subtractingReportingOverflow($1) }
        case .runningTotal:
            for before in 0..<age {
                sum = Self.combined(sum, counted(column.type, group, before)) { $0.addingReportingOverflow($1) }
            }
            return sum
        }
    }

    /// Two ages of the same Tweets; of different ones it would say nothing.
    private static func combined(
        _ sum: Sum,
        _ other: Sum,
        _ operation: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
    ) -> Sum {
        guard let a = sum.total, let b = other.total, sum.tweets == other.tweets else { return Sum() }
        let (total, overflow) = operation(a, b)
        return overflow ? Sum() : Sum(total: total, tweets: sum.tweets)
    }

    private static func mean(_ sum: Sum) -> Double? { sum.total.map { Double($0) / Double(sum.tweets) } }

    // MARK: - Adding up

    private static func group(
        _ comparison: PlannedComparison,
        _ selection: MetricSelection,
        _ table: MetricTable
    ) -> Group {
        let ages = comparison.ages
        let types = selection.types.types
        var group = Group(
            sums: Array(repeating: Sum(), count: types.count * ages),
            asOf: Array(repeating: .max, count: ages),
            isEven: Array(repeating: true, count: comparison.rates.count * ages)
        )
        var isUnknown = Array(repeating: false, count: types.count * ages)
        for (index, tweet) in selection.tweets.enumerated() {
            let place = selection.places.map { Int($0[index]) } ?? index
            for age in 0..<ages {
                let cells = cells(of: tweet, age, comparison, table)
                var counts: [Int64?] = []
                for (column, type) in types.enumerated() {
                    let entry = column * ages + age
                    guard let cells, !isUnknown[entry] else {
                        isUnknown[entry] = true
                        counts.append(nil)
                        continue
                    }
                    let first = table.index(tweet: place, type: type)
                    var sum: Int64? = 0
                    for cell in table.cells[first + cells.lowerBound..<first + cells.upperBound] {
                        if cell.fetchedAt > 0 { group.asOf[age] = min(group.asOf[age], cell.fetchedAt) }
                        if cell.state == .missing { isUnknown[entry] = true }
                        sum = cell.state == .counted ? sum.map { RowTable.sum($0, cell.count) } : nil
                    }
                    counts.append(sum)
                    guard let sum else { continue }
                    group.sums[entry].total = RowTable.sum(group.sums[entry].total ?? 0, sum)
                    group.sums[entry].tweets += 1
                }
                for (rate, column) in comparison.rates.enumerated() {
                    let above = counts[selection.types.rank(of: column.of)]
                    let below = counts[selection.types.rank(of: column.per)]
                    if (above == nil) != (below == nil) { group.isEven[rate * ages + age] = false }
                }
            }
        }
        for entry in isUnknown.indices where isUnknown[entry] || (group.sums[entry].total ?? 0) <= RowTable.unknown {
            group.sums[entry] = Sum()
        }
        return group
    }

    /// The cells in which a Tweet is of an age; nil if it is not over, or before what was ever counted.
    private static func cells(
        of tweet: TweetID,
        _ age: Int,
        _ comparison: PlannedComparison,
        _ table: MetricTable
    ) -> Range<Int>? {
        guard let hours = comparison.hoursPerAge, let window = table.need.window else { return 0..<1 }
        guard let posted = tweet.createdAt?.flooredHour else { return nil }
        let start = posted.advanced(by: age * hours)
        let end = start.advanced(by: hours)
        guard posted >= window.start, end <= comparison.now, end <= window.end else { return nil }
        let first = Int(start.index - window.start.index)
        return first..<first + hours
    }
}

internal import Engagement

/// Running totals and changes of the rows of one selection: for each combination of the other dimensions, from one bucket of
/// time to the next. The order that rows are shown in, and how many of them are, does not matter.
///
/// After a row without a number there is no running total any more: a sum that lacks a part is a wrong number.
internal struct AlongTime: Sendable {
    /// As many for each of the selection's keys as a row has numbers.
    private(set) var totals: [Int64]
    private(set) var changes: [Int64]
    /// The first of the selection's ``RowTable/keys``.
    private let firstKey: Int
    private let width: Int

    /// Stands for the sum before the first row.
    private static let nothing = Int64.min + 2

    /// - Parameters:
    ///   - firstValue: The first of the selection's ``RowTable/values``.
    ///   - stride: How far apart the rows of neighbouring buckets are; 0 if rows are not divided by time.
    ///   - buckets: How many buckets there are.
    init(_ rows: RowTable, firstKey: Int, firstValue: Int, width: Int, stride: Int, buckets: Int) {
        self.firstKey = firstKey
        self.width = width
        let keys = rows.keys[firstKey...]
        totals = Array(repeating: AlongTime.nothing, count: keys.count * width)
        changes = Array(repeating: RowTable.unknown, count: keys.count * width)
        for row in 0..<keys.count {
            let isShown = keys[firstKey + row].values >= 0
            let before = stride > 0 && row / stride % buckets > 0 ? row - stride : nil
            // An hour that a day of the zone does not have is no row: the sum goes on behind it, a change across it is none.
            let isBeforeShown = before.map { keys[firstKey + $0].values >= 0 } ?? false
            for column in 0..<width {
                let place = row * width + column
                let sum = before.map { totals[$0 * width + column] } ?? AlongTime.nothing
                guard isShown else {
                    totals[place] = sum
                    continue
                }
                let value = rows.values[firstValue + place]
                totals[place] = AlongTime.total(sum, value)
                if isBeforeShown, let before {
                    changes[place] = AlongTime.change(
                        from: rows.values[firstValue + before * width + column],
                        to: value
                    )
                }
            }
        }
    }

    private static func total(_ sum: Int64, _ value: Int64) -> Int64 {
        guard value > RowTable.unknown else { return RowTable.unknown }
        return sum == nothing ? value : RowTable.sum(sum, value)
    }

    private static func change(from before: Int64, to value: Int64) -> Int64 {
        guard before > RowTable.unknown, value > RowTable.unknown else { return RowTable.unknown }
        let (change, overflow) = value.subtractingReportingOverflow(before)
        return overflow ? RowTable.unknown : change
    }

    /// Where the numbers of a key begin in ``totals`` and ``changes``.
    func place(ofKey key: Int) -> Int { (key - firstKey) * width }
}

extension RowTable {
    /// What a field that is made of several numbers shows in the row at `place` of ``order``; nil if that is not known.
    func value(
        _ column: DerivedColumn,
        ofRow place: Int,
        _ selection: MetricSelection,
        at index: Int
    ) -> DerivedValue? {
        switch column {
        case .runningTotal(let type):
            return along(type, ofRow: place, selection, index) { $0.totals[$1] }
        case .change(let type):
            return along(type, ofRow: place, selection, index) { $0.changes[$1] }
        case .rate(let rate):
            let key = Int(order[place])
            let column = selection.rates[rate]
            guard keys[key].type == Key.noType, lopsided[index]?.isLopsided(key, rate) != true,
                let base = value(column.per, ofRow: place, in: index), base > 0,
                let count = value(column.of, ofRow: place, in: index)
            else { return nil }
            return .ratio(Double(count) * Double(column.times) / Double(base))
        }
    }

    private func along(
        _ type: EngagementType?,
        ofRow place: Int,
        _ selection: MetricSelection,
        _ index: Int,
        _ value: (AlongTime, Int) -> Int64
    ) -> DerivedValue? {
        guard let times = alongTime[index] else { return nil }
        let key = Int(order[place])
        let own = EngagementType(rawValue: keys[key].type)
        guard let shown = type ?? own, own == nil || own == shown, selection.types.contains(shown) else { return nil }
        let column = own == nil ? selection.types.rank(of: shown) : 0
        let number = value(times, times.place(ofKey: key) + column)
        return number > RowTable.unknown ? .number(number) : nil
    }
}

/// What a ``DerivedColumn`` has in a row.
internal enum DerivedValue: Equatable, Sendable {
    case number(Int64)
    case ratio(Double)
}

internal import Engagement

/// The rows of every selection of an operation, in flat arrays: what the resolver reads.
///
/// A row has one number for each type of its selection, or in the long form the one of its own type. All rows lie one
/// after another, so that a number is found by its place, and nothing is counted or released while a response is
/// written.
internal struct RowTable: Sendable {
    /// Where a selection's rows lie.
    struct Layout: Sendable {
        /// The first of its entries in ``RowTable/order``.
        var firstRow = 0
        /// How many entries it has.
        var rowCount = 0
    }

    /// What a row stands for.
    struct Key: Sendable {
        /// The place of the Tweet in its selection, -1 if rows are not divided by Tweets.
        var tweet: Int32
        /// The bucket of time in its selection's ``TimeBuckets``.
        var bucket: Int32
        /// -1 if rows are not divided by it.
        var hourOfDay: Int8
        /// The raw value of the type, or ``noType`` if rows are not divided by it.
        var type: UInt8
        /// Whether impressions and engagements cannot be divided one by the other.
        var isLopsided: Bool
        /// When the oldest number in it was fetched, in seconds since 1970; 0 if none was.
        var asOf: UInt32
        /// Where its numbers begin in ``RowTable/values``; -1 for a row that is not shown.
        var values: Int

        static let noType: UInt8 = 255

        static let blank = Key(
            tweet: -1,
            bucket: 0,
            hourOfDay: -1,
            type: noType,
            isLopsided: false,
            asOf: 0,
            values: -1
        )
    }

    /// Stands for the sum of nothing.
    static let null = Int64.min
    /// Stands for a sum of which a part is not known. No sum of counts gets as low as these two.
    static let unknown = Int64.min + 1

    var layouts: [Layout] = []
    /// For each selection, ``columnStride`` each, and in it for each type by its raw value, the column; -1 for types
    /// that it does not have.
    private var columns: [Int8] = []
    /// As many as an ``Engagement/EngagementTypeSet`` has bits.
    private static let columnStride = 32
    /// For each row shown, its place in ``keys``.
    var order: [Int32] = []
    var keys: [Key] = []
    var values: [Int64] = []
    /// For each selection that is shown Tweet by Tweet, where the rows of each Tweet begin in ``order``, and where they
    /// end.
    var tweetStarts: [[Int32]] = []
    /// For selections of growth, by their place, what was gained in each row.
    var gains: [Int: RowGains] = [:]
    /// For selections that show what goes along time, by their place.
    var alongTime: [Int: AlongTime] = [:]
    /// For selections with rates that lack cells, by their place.
    var lopsided: [Int: LopsidedRates] = [:]

    /// Notes the columns of the next selection.
    mutating func appendColumns(_ types: EngagementTypeSet) {
        let first = columns.count
        columns.append(contentsOf: repeatElement(-1, count: RowTable.columnStride))
        for (column, type) in types.types.enumerated() { columns[first + Int(type.rawValue)] = Int8(column) }
    }

    /// The number of `type` in the row at `place` of ``order``; nil if there is none.
    @inline(__always)
    func value(_ type: EngagementType, ofRow place: Int, in selection: Int) -> Int64? {
        let column = columns[selection &* RowTable.columnStride &+ Int(type.rawValue)]
        guard column >= 0 else { return nil }
        let key = keys[Int(order[place])]
        if key.type == RowTable.Key.noType { return number(at: key.values &+ Int(column)) }
        return key.type == type.rawValue ? number(at: key.values) : nil
    }

    private func number(at index: Int) -> Int64? {
        let value = values[index]
        return value > RowTable.unknown ? value : nil
    }

    /// engagements ÷ impressions of a row; nil without impressions, or if the two are not counts of the same.
    func engagementRate(ofRow place: Int, in selection: Int) -> Double? {
        guard !keys[Int(order[place])].isLopsided,
            let impressions = value(.impressions, ofRow: place, in: selection), impressions > 0,
            let engagements = value(.engagements, ofRow: place, in: selection)
        else { return nil }
        return Double(engagements) / Double(impressions)
    }

    /// `sum` with `count` added: still unknown if it was, unknown if 64 bits cannot hold it.
    static func sum(_ sum: Int64, _ count: Int64) -> Int64 {
        if sum == null { return count }
        if sum == unknown { return unknown }
        let (result, overflow) = sum.addingReportingOverflow(count)
        return overflow ? unknown : result
    }
}

internal import Engagement

/// The rows of every selection of an operation, in flat arrays: what the resolver reads.
///
/// A row has one number for each type of its selection. All rows lie one after another, so that a number is found by one
/// multiplication, and nothing is counted or released while a response is written.
internal struct RowTable: Sendable {
    /// Where a selection's rows lie.
    struct Layout: Sendable {
        /// The first of its entries in ``RowTable/order``.
        var firstRow = 0
        /// How many entries it has.
        var rowCount = 0
        var types: EngagementTypeSet = []
    }

    /// What a row stands for.
    struct Key: Sendable {
        /// The place of the Tweet in its selection, -1 if rows are not divided by Tweets.
        var tweet: Int32
        /// The bucket of time in its selection's ``TimeBuckets``.
        var bucket: Int32
        /// -1 if rows are not divided by it.
        var hourOfDay: Int8
        /// The raw value of the type, 255 if rows are not divided by it.
        var type: UInt8
        /// When the oldest number in it was fetched, in seconds since 1970; 0 if none was.
        var asOf: UInt32
        /// Where its numbers begin in ``RowTable/values``.
        var values: Int
    }

    /// Stands for null: no sum of counts gets there.
    static let null = Int64.min

    var layouts: [Layout] = []
    /// For each row shown, its place in ``keys``.
    var order: [Int32] = []
    var keys: [Key] = []
    var values: [Int64] = []
    /// For each selection that is shown Tweet by Tweet, where the rows of each Tweet begin in ``order``, and where they end.
    var tweetStarts: [[Int32]] = []

    /// The number of `type` in the row at `place` of ``order``; nil if there is none.
    func value(_ type: EngagementType, ofRow place: Int, in layout: Layout) -> Int64? {
        guard layout.types.contains(type) else { return nil }
        let value = values[keys[Int(order[place])].values &+ layout.types.rank(of: type)]
        return value == RowTable.null ? nil : value
    }

    /// engagements ÷ impressions of a row; nil without impressions.
    func engagementRate(ofRow place: Int, in layout: Layout) -> Double? {
        guard let impressions = value(.impressions, ofRow: place, in: layout), impressions > 0,
            let engagements = value(.engagements, ofRow: place, in: layout)
        else { return nil }
        return Double(engagements) / Double(impressions)
    }
}

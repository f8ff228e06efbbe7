import Engagement
import EngagementSandbox
import JSON
import TestSupport

/// A GraphQL operation of a soak: fields that ask for the same numbers in several groupings, so that these can be compared.
struct SoakQuery: Sendable {
    let fields: [Field]

    struct Field: Sendable {
        let alias: String
        /// `totals`, `last28Hours` or `historical`.
        let name: String
        let tweets: [TweetID]
        let types: [EngagementType]
        let groupBy: [String]
        /// The hours of `historical`.
        var window: HourWindow?

        var isSeries: Bool { name != "totals" }

        fileprivate var text: String {
            var arguments = ["tweetIds: [\(tweets.map { "\"\($0)\"" }.joined(separator: " "))]"]
            if let window {
                arguments.append("start: \"\(window.start.start.iso8601)\", end: \"\(window.end.start.iso8601)\"")
            }
            arguments.append("groupBy: [\(groupBy.joined(separator: ", "))]")
            let keys = ["tweetId", "engagementType", "count"] + (isSeries ? ["start", "end", "hourOfDay"] : [])
            let fields = (keys + types.map(\.field) + ["asOf"]).joined(separator: " ")
            return "\(alias): \(name)(\(arguments.joined(separator: ", "))) { \(fields) }"
        }
    }

    var text: String { "{ \(fields.map(\.text).joined(separator: " ")) }" }

    // MARK: - Drawing

    /// A page load, a chart or a report.
    init(_ world: SoakWorld, now: UnixTime, using generator: inout SeededGenerator) {
        switch Int.random(in: 0..<8, using: &generator) {
        case 0...3: self.init(page: world.page(20, using: &generator), isOwner: Bool.random(using: &generator))
        case 4, 5: self.init(chart: world, using: &generator)
        default: self.init(report: world, now: now, using: &generator)
        }
    }

    /// The totals of a page, all of them or only those that everybody may see.
    init(page tweets: [TweetID], isOwner: Bool) {
        let types = isOwner ? EngagementTypeSet.totals.types : EngagementTypeSet.publicTotals.types
        fields = SoakQuery.fields("totals", tweets, types, [["TWEET"], [], ["ENGAGEMENT_TYPE"]])
    }

    private init(chart world: SoakWorld, using generator: inout SeededGenerator) {
        let tweets = world.page(Int.random(in: 1...30, using: &generator), using: &generator)
        let groupings = [["TWEET"], [], ["HOUR"], ["TWEET", "HOUR"], ["HOUR_OF_DAY"], ["DAY"]]
        fields = SoakQuery.fields(
            "last28Hours",
            tweets,
            SoakQuery.types(using: &generator),
            Array(groupings.shuffled(using: &generator).prefix(3)) + [[]]
        )
    }

    /// Half of the windows are whole days, which are fetched as days; some end now, some were sealed long ago.
    private init(report world: SoakWorld, now: UnixTime, using generator: inout SeededGenerator) {
        let tweets = world.page(Int.random(in: 1...8, using: &generator), using: &generator)
        let width = Bool.random(using: &generator) ? 24 : 1
        let age = [0, 0, 30, 60, 24 * 7, 24 * 60].randomElement(using: &generator) ?? 0
        let latest = now.flooredHour.advanced(by: -Int.random(in: 0...age, using: &generator))
        let end = UTCHour(index: (latest.index / Int32(width)) * Int32(width))
        let length = Int.random(in: 1...(width == 24 ? 45 : 72), using: &generator) * width
        let groupings = [["TWEET"], ["DAY"], ["TWEET", "DAY"], ["WEEK"], ["ENGAGEMENT_TYPE", "DAY"], ["HOUR_OF_DAY"]]
        fields = SoakQuery.fields(
            "historical",
            tweets,
            SoakQuery.types(using: &generator),
            Array(groupings.shuffled(using: &generator).prefix(2)) + [[]],
            HourWindow(start: end.advanced(by: -length), end: end)
        )
    }

    private static func fields(
        _ name: String,
        _ tweets: [TweetID],
        _ types: [EngagementType],
        _ groupings: [[String]],
        _ window: HourWindow? = nil
    ) -> [Field] {
        groupings.enumerated().map { index, groupBy in
            Field(alias: "f\(index)", name: name, tweets: tweets, types: types, groupBy: groupBy, window: window)
        }
    }

    private static func types(using generator: inout SeededGenerator) -> [EngagementType] {
        Array(
            EngagementTypeSet.series.types.shuffled(using: &generator).prefix(Int.random(in: 1...4, using: &generator))
        )
    }
}

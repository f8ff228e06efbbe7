internal import Engagement

/// What of a table a request is about: lists, Tweets and hours, as far as its `$filter` says them each alone, and what is left of
/// the condition for each row.
///
/// A condition is cut where it says `and`. What looks at the list, the Tweet or the time only is decided for each of these before
/// anything is fetched; the rest is decided row by row, and never more is shown than the whole condition lets.
internal struct ODataScope: Sendable {
    let table: ODataTable
    /// In the order of their names, with how many of their Tweets are meant.
    let lists: [(list: NamedList, tweets: Int)]
    /// The hours that are meant; nil for tables without.
    let window: HourWindow?
    /// What is left to be decided for each row.
    let rest: [FilterExpression]
    /// The column of the time, if the condition speaks of it but says nothing of which hours are meant. Those of the default would leave
    /// out rows that fit.
    let unboundedTime: String?
    /// Conditions of the Tweet alone, or with its list.
    private let ofTweets: [FilterExpression]

    init(
        _ table: ODataTable,
        _ lists: [NamedList],
        _ filter: FilterExpression?,
        since earliest: UTCHour,
        asked: UnixTime
    ) {
        self.table = table
        var (ofLists, ofTweets, ofTimes): ([FilterExpression], [FilterExpression], [FilterExpression]) = ([], [], [])
        var rest: [FilterExpression] = []
        for condition in filter?.conjuncts ?? [] {
            let properties = condition.properties
            if properties.isSubset(of: [Property.list]) {
                ofLists.append(condition)
            } else if properties.isSubset(of: [Property.list, Property.tweet]) {
                ofTweets.append(condition)
            } else if table.hoursPerRow != nil, properties == [Property.time] {
                ofTimes.append(condition)
            } else {
                rest.append(condition)
            }
        }
        let speaksOfTime = table.hoursPerRow != nil && rest.contains { $0.properties.contains(Property.time) }
        unboundedTime = speaksOfTime && ofTimes.isEmpty ? table.properties[Property.time].name : nil
        if let hours = table.hoursPerRow {
            let times = ODataWindow(
                width: hours,
                ofTimes,
                defaultDays: table.defaultDays,
                since: earliest,
                asked: asked
            )
            window = times.window
            if !times.isExact { rest += ofTimes }
        } else {
            window = nil
        }
        self.rest = rest
        self.ofTweets = ofTweets
        self.lists = lists.compactMap { list in
            let name = ODataValue.text(list.name.rawValue)
            guard ofLists.allSatisfy({ $0.holds { _ in name } }) else { return nil }
            if ofTweets.isEmpty { return (list, list.tweets.count) }
            return (list, list.tweets.count { ODataScope.hold(ofTweets, $0, name) })
        }
    }

    /// The places of the properties that every table of numbers begins with.
    private enum Property {
        static let list = 0
        static let tweet = 1
        static let time = 2
    }

    /// Whether some Tweets of a list may be left out.
    var choosesTweets: Bool { !ofTweets.isEmpty }

    func contains(_ tweet: TweetID, of list: ListName) -> Bool {
        ODataScope.hold(ofTweets, tweet, .text(list.rawValue))
    }

    private static func hold(_ conditions: [FilterExpression], _ tweet: TweetID, _ list: ODataValue) -> Bool {
        let id = ODataValue.text(tweet.description)
        return conditions.allSatisfy { $0.holds { $0 == Property.list ? list : id } }
    }

    /// How many rows each Tweet has, before the rest of the condition.
    var rowsPerTweet: Int {
        guard let hours = table.hoursPerRow else { return 1 }
        return (window?.hours ?? 0) / hours
    }

    /// How many rows there are, before the rest of the condition.
    var rows: Int { lists.reduce(0) { $0 + $1.tweets } * rowsPerTweet }

    /// A number that is another one, almost certainly, if the lists are others: rows are found by counting, so that pages of one
    /// table have to be of the same lists.
    var fingerprint: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ value: UInt64) { hash = (hash ^ value) &* 0x100_0000_01B3 }
        for (list, _) in lists {
            for byte in list.name.rawValue.utf8 { mix(UInt64(byte)) }
            for tweet in list.tweets { mix(tweet.rawValue) }
            mix(UInt64(list.tweets.count))
        }
        return hash
    }
}

internal import Engagement
internal import GraphQL

/// One field of an operation that shows metrics (`totals`, `last28Hours` or `historical`, at the root or of a Tweet),
/// with all that is known of it before any number is. An object, as the plan is.
internal final class MetricSelection: Sendable {
    /// Which of the plan's needs has its cells.
    let need: Int
    /// The Tweets asked for; each has its rows once.
    let list: TweetList
    /// For each Tweet its place among the need's Tweets; nil if they are the same.
    let places: [Int32]?
    /// The columns of its rows, or in the long form the types that have a row.
    let types: EngagementTypeSet
    /// Of a field of a Tweet, the first dimension is the Tweet.
    let grouping: Grouping
    let buckets: TimeBuckets
    /// For rows of growth, what they show.
    let growth: GrowthColumns?
    /// The rates that its rows show, and whether they show what goes along time.
    let rates: [RateColumn]
    let followsTime: Bool
    /// The first hour that the API still gives; nil for lifetime counts.
    let horizon: UTCHour?
    let order: [RowOrder]
    /// At most this many rows.
    let first: Int?
    /// Whether it is a field of a Tweet, so that each Tweet shows its own rows.
    let isShownByTweet: Bool
    /// Where it stands in the response; for a field of a Tweet, without the Tweet's place in its list.
    let path: FieldPath

    init(
        need: Int,
        list: TweetList,
        places: [Int32]?,
        types: EngagementTypeSet,
        grouping: Grouping,
        buckets: TimeBuckets,
        growth: GrowthColumns? = nil,
        rates: [RateColumn] = [],
        followsTime: Bool = false,
        horizon: UTCHour?,
        order: [RowOrder],
        first: Int?,
        isShownByTweet: Bool,
        path: FieldPath
    ) {
        self.need = need
        self.list = list
        self.places = places
        self.types = types
        self.grouping = grouping
        self.buckets = buckets
        self.growth = growth
        self.rates = rates
        self.followsTime = followsTime
        self.horizon = horizon
        self.order = order
        self.first = first
        self.isShownByTweet = isShownByTweet
        self.path = path
    }

    /// The Tweets, each once.
    var tweets: [TweetID] { list.unique }

    /// The same rows of other Tweets.
    func with(_ list: TweetList) -> MetricSelection {
        MetricSelection(
            need: need,
            list: list,
            places: places,
            types: types,
            grouping: grouping,
            buckets: buckets,
            growth: growth,
            rates: rates,
            followsTime: followsTime,
            horizon: horizon,
            order: order,
            first: first,
            isShownByTweet: isShownByTweet,
            path: path
        )
    }
}

/// The place of a field in the response.
internal struct FieldPath: Sendable {
    /// Response keys from the root.
    let keys: [String]
    /// Whether one of the keys is a list that those behind it are repeated in.
    let isRepeated: Bool
    /// How many keys stand before the place in that list.
    var listDepth = 1

    /// The path of the field, or of its instance in the element at `index` of the list that it is repeated in.
    func path(at index: Int) -> [GraphQLError.PathSegment] {
        var path = keys.map { GraphQLError.PathSegment.key($0) }
        if isRepeated { path.insert(.index(index), at: listDepth) }
        return path
    }
}

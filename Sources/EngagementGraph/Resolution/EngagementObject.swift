/// An object of a response: places in the plan and the rows, no numbers and no references.
public enum EngagementObject: Sendable {
    /// The query, or the mutation.
    case query
    /// What became of a purge.
    case purge(place: Int32)
    /// A list of the plan, or one that a mutation left.
    case list(place: Int32)
    /// How the numbers of that list are refreshed.
    case listRefresh(place: Int32)
    /// A page of a list's Tweets, and one of them.
    case connection(page: Int32)
    case edge(page: Int32, index: Int32)
    case pageInfo(page: Int32)
    /// A Tweet of a `tweet` or `tweets` field.
    case tweet(list: Int32, index: Int32)
    /// A row of a comparison.
    case comparison(place: Int32, row: Int32)
    /// A Tweet that has reached a threshold: the event of a subscription.
    case crossing
    /// A row of a field that shows metrics.
    case row(selection: Int32, place: Int32)
}

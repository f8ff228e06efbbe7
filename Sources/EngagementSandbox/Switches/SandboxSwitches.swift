public import Engagement

/// What the sandbox does where sources about the API disagree or say nothing (dossier §12): one switch a row, each set to
/// what working clients saw. Turn them to see how a client fares if the other source is right.
public struct SandboxSwitches: Equatable, Sendable {
    /// What `engagement.hour` without `engagement.day` yields.
    public var hourWithoutDay = HourWithoutDay.hourOfDay
    /// How a call for other people's Tweets is refused.
    public var forbiddenWording = ForbiddenWording.tweets
    /// Where impressions and engagements are refused for Tweets of more than 90 days.
    public var ninetyDayRule = NinetyDayRule.totals
    /// What becomes of these two metrics where they are refused, in the answer's groupings.
    public var unsupportedMetrics = UnsupportedMetrics.omit
    /// How counts are written.
    public var counts = Counts.strings
    /// How many hours `28hr` answers: 29 (up to the end of the current hour, as the documented sample) or 28 (up to its start).
    public var last28HoursBuckets = 29
    /// What `28hr` echoes as its end.
    public var last28HoursEnd = Last28HoursEnd.bucket
    /// How many groupings one call may have.
    public var maximumGroupings = 3
    /// How far back `historical` reaches.
    public var historicalDepth = HistoricalDepth.since2014
    /// What a user's tokens get for other people's Tweets on `totals`.
    public var userTokensOnForeignTotals = ForeignTotals.forbidden
    /// The status of a call for other people's Tweets or for metrics that the caller may not have.
    public var forbiddenStatus = ForbiddenStatus.forbidden
    /// The status of a call by an app that is not allow-listed.
    public var notAllowListedStatus = ForbiddenStatus.forbidden
    /// Whether one protected Tweet refuses the whole call with 400, or is only reported as unavailable.
    public var protectedTweets = ProtectedTweets.unavailable
    /// What a call gets of whose Tweets none is available.
    public var allUnavailable = AllUnavailable.refused
    /// Whether an answer that lacks some Tweets has `errors` beside `unavailable_tweet_ids`.
    public var errorsOfPartialAnswers = true
    /// Whether `totals` echoes the window of `28hr` as `start` and `end`, as one documented sample does.
    public var windowOnTotals = false
    /// Whether `quote_tweets` is served by `28hr` and `historical` too.
    public var quoteTweetsInSeries = false
    /// Metrics that the service has not heard of: sources count 14 to 18 of them.
    public var unknownMetrics: Set<EngagementType> = []
    /// From which day on series report favorites, replies and retweets.
    public var favoritesSince = FavoritesSince.september15
    /// Whether Tweet ids must be strings; otherwise integers are taken as well.
    public var idsAsStringsOnly = false
    /// What a call gets that names a Tweet twice.
    public var duplicateTweets = DuplicateTweets.collapse
    /// What a client gets that does not accept gzip.
    public var withoutGzip = WithoutGzip.refused
    /// Whether a request's body may be gzipped, as one guide reads.
    public var gzippedRequests = false
    /// Whether what no source allows is refused: unknown keys, `start` and `end` where they mean nothing, one without the
    /// other, another content type than JSON. Otherwise it is ignored.
    public var strict = true

    /// The defaults.
    public init() {}
}

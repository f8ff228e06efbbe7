public import Engagement

/// What the Engagement API answered to an ``EngagementCall``, flattened (dossier §4).
///
/// Tweets and types that were not asked for are left out, whatever the API sent. A Tweet that was asked for and has no
/// counts is in one of the lists below, or the API did not say why.
public struct EngagementReply: Sendable {
    /// The counts in the order of the response.
    public var counts: [Count]
    /// The time that the counts are of, as the API echoed it after rounding; totals have none as a rule.
    public var window: EngagementCall.Window?
    /// Tweets that are deleted, protected or otherwise gone.
    public var unavailable: [TweetID]
    /// Tweets too old for impressions and engagements of totals (90 days).
    public var unsupportedForImpressionsAndEngagements: [TweetID]
    /// Tweets too old for video views of totals (1800 days). The API still reports a zero for them, which is no count.
    public var unsupportedForVideoViews: [TweetID]
    /// The sentences of `errors` that came along with the data.
    public var messages: [String]
    /// What the response said of the quota, or nil if it said nothing.
    public var rateLimit: RateLimit?
    /// How many times the call was sent.
    public var attempts = 1

    public init(
        counts: [Count],
        window: EngagementCall.Window? = nil,
        unavailable: [TweetID] = [],
        unsupportedForImpressionsAndEngagements: [TweetID] = [],
        unsupportedForVideoViews: [TweetID] = [],
        messages: [String] = [],
        rateLimit: RateLimit? = nil
    ) {
        self.counts = counts
        self.window = window
        self.unavailable = unavailable
        self.unsupportedForImpressionsAndEngagements = unsupportedForImpressionsAndEngagements
        self.unsupportedForVideoViews = unsupportedForVideoViews
        self.messages = messages
        self.rateLimit = rateLimit
    }

    /// One number of a response, in 32 bytes: a response can carry hundreds of thousands.
    public struct Count: Hashable, Sendable {
        public var tweet: TweetID
        public var type: EngagementType
        /// The day of UTC, or nil if the count is of all days.
        public var day: UTCDay?
        /// 0 to 23, or nil if the count is of all hours.
        public var hour: UInt8?
        public var value: Int64

        public init(tweet: TweetID, type: EngagementType, day: UTCDay? = nil, hour: UInt8? = nil, value: Int64) {
            self.tweet = tweet
            self.type = type
            self.day = day
            self.hour = hour
            self.value = value
        }
    }
}

public import Engagement

/// How much was asked upstream, as of one moment.
public struct Usage: Equatable, Sendable {
    /// Unique Tweets and accounts of a period.
    public struct Count: Equatable, Sendable {
        public var tweets: Int
        public var accounts: Int

        public init(tweets: Int, accounts: Int) {
            self.tweets = tweets
            self.accounts = accounts
        }
    }

    /// Since the first of the month, in UTC.
    public let calendarMonth: Count
    /// Today and the 29 days before, in UTC.
    public let rolling30Days: Count
    /// The thresholds and the period that they are for.
    public let policy: UsagePolicy

    public init(calendarMonth: Count, rolling30Days: Count, policy: UsagePolicy) {
        self.calendarMonth = calendarMonth
        self.rolling30Days = rolling30Days
        self.policy = policy
    }

    /// The count of a period.
    public subscript(period: UsagePeriod) -> Count {
        switch period {
        case .calendarMonth: calendarMonth
        case .rolling30Days: rolling30Days
        }
    }

    /// The count that a threshold is compared with.
    public func count(of threshold: UsageThreshold) -> Int {
        threshold.isOfTweets ? self[policy.period].tweets : self[policy.period].accounts
    }

    /// The thresholds that are reached.
    public var reached: Set<UsageThreshold> {
        Set(
            UsageThreshold.allCases.filter {
                policy.limit(of: $0).map { [count = count(of: $0)] in count >= $0 } ?? false
            }
        )
    }
}

/// Which Tweets of a call may be asked.
public struct UsageAdmission: Equatable, Sendable {
    /// May be asked, and are counted as asked. In the order of the request, with its repetitions.
    public var admitted: [TweetID] = []
    /// Must not be asked, and are not counted. In the order of the request, with its repetitions.
    public var refused: [TweetID] = []
    /// Why Tweets were refused; nil if none was.
    public var refusal: UsageThreshold?

    public init(admitted: [TweetID] = [], refused: [TweetID] = [], refusal: UsageThreshold? = nil) {
        self.admitted = admitted
        self.refused = refused
        self.refusal = refusal
    }
}

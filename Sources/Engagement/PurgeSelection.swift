/// Which stored numbers a purge is about: those that fit every member that is given. Without any it is all of them.
public struct PurgeSelection: Equatable, Sendable {
    /// Only numbers of these Tweets.
    public var tweets: [TweetID]?
    /// Only numbers that this account alone may see. Public numbers are nobody's.
    public var account: AccountName?
    /// Only lifetime counts, or only counts over time.
    public var family: MetricFamily?

    public init(tweets: [TweetID]? = nil, account: AccountName? = nil, family: MetricFamily? = nil) {
        self.tweets = tweets
        self.account = account
        self.family = family
    }

    /// Every stored number.
    public static let everything = PurgeSelection()
}

/// What a purge does with the numbers that it is about.
public enum PurgeKind: String, CaseIterable, Sendable {
    /// They are forgotten.
    case hard
    /// They are ``Cell/Freshness/expired``: served only if upstream gives nothing newer.
    case soft
}

extension PurgeSelection: CustomStringConvertible {
    public var description: String {
        var parts: [String] = []
        if let tweets { parts.append(tweets.count == 1 ? "Tweet \(tweets[0])" : "\(tweets.count) Tweets") }
        if let account { parts.append("account \(account)") }
        if let family { parts.append("\(family)") }
        return parts.isEmpty ? "everything" : parts.joined(separator: ", ")
    }
}

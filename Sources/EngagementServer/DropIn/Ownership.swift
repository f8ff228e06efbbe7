internal import Engagement

/// Which of a call's Tweets are the caller's, for calls that ask for nothing private.
///
/// The API refuses totals with a user's token for other people's Tweets, whatever the metric (dossier §6). The public numbers
/// come from cells that everybody shares and that say nothing of owners. Impressions do: the API gives them to the owner,
/// or says that the Tweet is too old or forbidden. A Tweet does not change hands, so an old answer is as good as a new one.
internal struct Ownership: Sendable {
    /// Tweets about which it has to be asked.
    private(set) var unknown: [TweetID] = []
    /// Tweets that are another account's.
    private(set) var forbidden: Set<TweetID> = []

    /// The question that tells whose Tweets these are.
    static func need(of tweets: [TweetID], _ caller: Caller) -> MetricNeed {
        .totals(account: caller.account, tweets: tweets, types: EngagementTypeSet(.impressions))
    }

    /// What the cache knows of ``need(of:_:)``.
    init(_ tables: [MetricTable]) {
        for table in tables {
            for (row, tweet) in table.need.tweets.enumerated() {
                let cell = table[row, .impressions]
                switch cell.state {
                case .counted, .tooOld: break
                case .forbidden where cell.freshness == .fresh: forbidden.insert(tweet)
                // What is gone may have come back, or may have been refused by mistake.
                case .forbidden, .unavailable, .missing: if cell.freshness != .fresh { unknown.append(tweet) }
                }
            }
        }
    }

    /// Enters what was asked.
    mutating func learn(from tables: some Sequence<MetricTable>) {
        for table in tables {
            for (row, tweet) in table.need.tweets.enumerated() where table[row, .impressions].state == .forbidden {
                forbidden.insert(tweet)
            }
        }
        unknown = []
    }
}

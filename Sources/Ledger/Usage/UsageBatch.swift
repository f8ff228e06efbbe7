internal import Engagement

/// What was asked and is not yet in the file.
struct UsageBatch: Sendable {
    /// The last day of asking of each Tweet.
    var tweets: [TweetID: UTCDay] = [:]
    /// What these Tweets change in the counts of the file.
    var changes = DayCounts()
    var accounts: [AccountIdentity: UTCDay] = [:]
    var notices: [UsageThreshold: UsageNotice] = [:]

    var isEmpty: Bool { tweets.isEmpty && accounts.isEmpty && notices.isEmpty }

    /// Adds what was asked after this batch.
    mutating func append(_ later: UsageBatch) {
        tweets.merge(later.tweets) { $1 }
        changes += later.changes
        accounts.merge(later.accounts) { $1 }
        notices.merge(later.notices) { $1 }
    }

    /// Forgets what no period reaches any more.
    mutating func forget(before day: UTCDay) {
        tweets = tweets.filter { $0.value >= day }
        changes.forget(before: day)
        accounts = accounts.filter { $0.value >= day }
    }
}

/// That a threshold was reported as reached.
struct UsageNotice: Equatable, Sendable {
    let limit: Int
    let day: UTCDay
}

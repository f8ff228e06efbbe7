internal import Engagement

/// The positions of the switches that have more than two, or whose two want names.
extension SandboxSwitches {
    public enum HourWithoutDay: String, CaseIterable, Sendable {
        /// A histogram of 24 hours of the day, summed over days.
        case hourOfDay = "hour-of-day"
        /// As if the day had been named before the hour.
        case dayAndHour = "day-and-hour"
    }

    public enum ForbiddenWording: String, CaseIterable, Sendable {
        /// `Forbidden to access tweets: 1, 2`.
        case tweets
        /// The older form, one string for each author: `Forbidden to access tweets for author id 7: 1, 2`.
        case byAuthor = "by-author"
    }

    public enum NinetyDayRule: String, CaseIterable, Sendable {
        case totals
        case everywhere
        case off
    }

    public enum UnsupportedMetrics: String, CaseIterable, Sendable {
        /// The Tweet keeps its other metrics.
        case omit
        /// They are there as 0.
        case zero
        /// The whole Tweet is left out.
        case dropTweet = "drop-tweet"
    }

    public enum Counts: String, CaseIterable, Sendable {
        /// `"26"`.
        case strings
        /// `26`.
        case bare
    }

    public enum HistoricalDepth: String, CaseIterable, Sendable {
        /// Since 2014-09-01.
        case since2014 = "since-2014"
        /// The latest 365 days.
        case last365Days = "last-365-days"
    }

    public enum ForeignTotals: String, CaseIterable, Sendable {
        /// 403 for the whole call.
        case forbidden
        /// The public metrics are served.
        case publicMetrics = "public-metrics"
    }

    public enum ProtectedTweets: String, CaseIterable, Sendable {
        /// As deleted ones.
        case unavailable
        /// 400, whatever else was asked for.
        case failTheCall = "fail-the-call"
    }

    public enum Last28HoursEnd: String, CaseIterable, Sendable {
        /// The end of the last bucket, an hour.
        case bucket
        /// The moment of the call, to the second.
        case now
    }

    public enum AllUnavailable: String, CaseIterable, Sendable {
        /// 400 with a sentence.
        case refused = "400"
        /// 200 with `unavailable_tweet_ids` and empty groupings.
        case answered = "200"
    }

    public enum ForbiddenStatus: String, CaseIterable, Sendable {
        case forbidden = "403"
        case unauthorized = "401"

        var code: Int { self == .forbidden ? 403 : 401 }
    }

    public enum FavoritesSince: String, CaseIterable, Sendable {
        case september15 = "2015-09-15"
        case september1 = "2015-09-01"

        /// The start of that day.
        var time: UnixTime {
            switch self {
            case .september15: UTCDay(index: 16_693).start
            case .september1: UTCDay(index: 16_679).start
            }
        }
    }

    public enum DuplicateTweets: String, CaseIterable, Sendable {
        /// It counts once.
        case collapse
        /// 400.
        case refuse
    }

    public enum WithoutGzip: String, CaseIterable, Sendable {
        /// 406.
        case refused
        /// The answer as it is.
        case plain
    }
}

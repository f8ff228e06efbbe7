internal import Settings

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
    /// How many groupings one call may have.
    public var maximumGroupings = 3
    /// How far back `historical` reaches.
    public var historicalDepth = HistoricalDepth.since2014
    /// What a user's tokens get for other people's Tweets on `totals`.
    public var userTokensOnForeignTotals = ForeignTotals.forbidden
    /// Whether one protected Tweet refuses the whole call with 400, or is only reported as unavailable.
    public var protectedTweets = ProtectedTweets.unavailable
    /// Whether an answer that lacks some Tweets has `errors` beside `unavailable_tweet_ids`.
    public var errorsOfPartialAnswers = true
    /// Whether `totals` echoes the window of `28hr` as `start` and `end`, as one documented sample does.
    public var windowOnTotals = false
    /// Whether `quote_tweets` is served by `28hr` and `historical` too.
    public var quoteTweetsInSeries = false
    /// Whether Tweet ids must be strings; otherwise integers are taken as well.
    public var idsAsStringsOnly = false
    /// Whether what no source allows is refused: unknown keys, `start` and `end` where they mean nothing, one without the
    /// other, another content type than JSON. Otherwise it is ignored.
    public var strict = true

    /// The defaults.
    public init() {}

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
}

extension SandboxSwitches {
    /// Changes the switches that `settings` names and leaves the others.
    mutating func apply(_ settings: SettingsNode) throws(SettingsError) {
        try settings.allow(SandboxSwitches.keys)
        if let node = settings.child("hourWithoutDay") { hourWithoutDay = try node.choice(of: HourWithoutDay.self) }
        if let node = settings.child("forbiddenWording") {
            forbiddenWording = try node.choice(of: ForbiddenWording.self)
        }
        if let node = settings.child("ninetyDayRule") { ninetyDayRule = try node.choice(of: NinetyDayRule.self) }
        if let node = settings.child("unsupportedMetrics") {
            unsupportedMetrics = try node.choice(of: UnsupportedMetrics.self)
        }
        if let node = settings.child("counts") { counts = try node.choice(of: Counts.self) }
        if let node = settings.child("last28HoursBuckets") { last28HoursBuckets = Int(try node.integer(in: 28...29)) }
        if let node = settings.child("maximumGroupings") { maximumGroupings = Int(try node.integer(in: 1...100)) }
        if let node = settings.child("historicalDepth") { historicalDepth = try node.choice(of: HistoricalDepth.self) }
        if let node = settings.child("userTokensOnForeignTotals") {
            userTokensOnForeignTotals = try node.choice(of: ForeignTotals.self)
        }
        if let node = settings.child("protectedTweets") { protectedTweets = try node.choice(of: ProtectedTweets.self) }
        if let node = settings.child("errorsOfPartialAnswers") { errorsOfPartialAnswers = try node.boolean() }
        if let node = settings.child("windowOnTotals") { windowOnTotals = try node.boolean() }
        if let node = settings.child("quoteTweetsInSeries") { quoteTweetsInSeries = try node.boolean() }
        if let node = settings.child("idsAsStringsOnly") { idsAsStringsOnly = try node.boolean() }
        if let node = settings.child("strict") { strict = try node.boolean() }
    }

    /// Every switch by its name in settings, with its value as settings write it.
    var settings: [(key: String, value: String)] {
        [
            ("hourWithoutDay", hourWithoutDay.rawValue), ("forbiddenWording", forbiddenWording.rawValue),
            ("ninetyDayRule", ninetyDayRule.rawValue), ("unsupportedMetrics", unsupportedMetrics.rawValue),
            ("counts", counts.rawValue), ("last28HoursBuckets", "\(last28HoursBuckets)"),
            ("maximumGroupings", "\(maximumGroupings)"), ("historicalDepth", historicalDepth.rawValue),
            ("userTokensOnForeignTotals", userTokensOnForeignTotals.rawValue),
            ("protectedTweets", protectedTweets.rawValue), ("errorsOfPartialAnswers", "\(errorsOfPartialAnswers)"),
            ("windowOnTotals", "\(windowOnTotals)"), ("quoteTweetsInSeries", "\(quoteTweetsInSeries)"),
            ("idsAsStringsOnly", "\(idsAsStringsOnly)"), ("strict", "\(strict)"),
        ]
    }

    private static let keys = Set(SandboxSwitches().settings.map(\.key))
}

public import Engagement

/// The sandbox's numbers: a pure function of (seed, Tweet, engagement type, hour).
///
/// Each count of each Tweet is an ``EngagementCurve``. What the sandbox answers is always a difference of two values of a
/// curve, so any answer can be checked by arithmetic:
///
/// - an hour, a day, a window: curve at its end − curve at its start, both cut off at now;
/// - a lifetime total: the curve now, which is the sum of all hours up to now, with these exceptions:
///   - `video_views` of totals have a curve of their own with half as many again, for other Tweets with the same video;
///   - `quote_tweets` exist in totals only;
///   - series report no favorites, replies and retweets before 2015-09-15 (dossier §5, a switch), totals do.
///
/// Where the constants of a curve come from is told at ``TweetTraits``; listed Tweets may prescribe them
/// (``SandboxTweet/Counts``). Nothing is stored: a lookup costs the same for every Tweet and every hour.
public struct SyntheticMetrics: Sendable {
    /// Another seed gives other numbers for the same Tweets.
    public let seed: UInt64

    private let listed: [TweetID: SandboxTweet]
    private let favoritesSince: UnixTime

    /// The numbers of `seed`, in which the Tweets of `world` have the counts that it prescribes. `favoritesSince` is when
    /// series began to report favorites, replies and retweets.
    public init(
        seed: UInt64,
        world: SandboxWorld = .standard,
        favoritesSince: SandboxSwitches.FavoritesSince = .september15
    ) {
        self.seed = seed
        self.favoritesSince = favoritesSince.time
        listed = world.tweets
    }

    /// The lifetime count of totals at `now`.
    public func total(tweet: TweetID, type: EngagementType, asOf now: UnixTime) -> Int64 {
        curve(of: type, for: tweet, in: .totals).total(asOf: now)
    }

    /// The count of a series over the hours of `window`, known at `now`.
    public func count(tweet: TweetID, type: EngagementType, in window: HourWindow, asOf now: UnixTime) -> Int64 {
        curve(of: type, for: tweet, in: .series).count(in: window, asOf: now)
    }

    /// The curve behind a number. Fetch it once to ask for many hours.
    public func curve(of type: EngagementType, for tweet: TweetID, in family: MetricFamily) -> EngagementCurve {
        let listed = listed[tweet]
        let curve = curve(of: type, for: tweet, in: family, as: listed)
        guard family == .series, SyntheticMetrics.reportedLate.contains(type) else { return curve }
        return curve.silent(before: favoritesSince)
    }

    private func curve(
        of type: EngagementType,
        for tweet: TweetID,
        in family: MetricFamily,
        as listed: SandboxTweet?
    ) -> EngagementCurve {
        let traits = TweetTraits(seed: seed, tweet: tweet, hasVideo: listed?.hasVideo)
        let born = tweet.createdAt ?? SyntheticMetrics.firstSnowflakeDay
        switch listed?.counts ?? .synthetic {
        case .synthetic:
            let lifetime = traits.lifetime(of: type, in: family)
            return .growing(lifetime, from: born, halfTime: traits.halfTime, life: SyntheticMetrics.life)
        case .lifetime(let counts):
            let lifetime = SyntheticMetrics.prescribed(type, in: family, by: counts)
            return .growing(
                lifetime ?? traits.lifetime(of: type, in: family),
                from: born,
                halfTime: traits.halfTime,
                life: SyntheticMetrics.prescribedLife
            )
        case .hours(let first, let counts):
            guard let hours = counts[type] else { return .never }
            return .hours(from: first, hours)
        }
    }

    /// A prescribed count is that of totals; the Tweet's own share of prescribed video views is two thirds.
    private static func prescribed(
        _ type: EngagementType,
        in family: MetricFamily,
        by counts: [EngagementType: Int64]
    ) -> Int64? {
        guard let count = counts[type] else { return nil }
        return type == .videoViews && family == .series ? count - count / 3 : count
    }

    /// A Tweet is read for ten years.
    private static let life = 3650 * ActiveTime.unitsPerDay

    /// Prescribed counts are complete after a day, so that examples come out as printed.
    private static let prescribedLife = ActiveTime.unitsPerDay

    /// Listed Tweets without a time in their id are said to be of 2010-11-04.
    private static let firstSnowflakeDay = UTCDay(index: 14_917).start

    /// Series report these since ``favoritesSince`` only.
    private static let reportedLate = EngagementTypeSet([.favorites, .replies, .retweets])
}

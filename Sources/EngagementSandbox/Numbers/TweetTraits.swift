internal import Engagement

/// What the sandbox makes up about a Tweet: how far it reached, how fast, and how often it was liked, shared and clicked.
///
/// Everything comes from `draw(n)`, the n-th number drawn for (seed, Tweet):
///
///     draw(n) = mix(mix(seed + tweet) + n)          with the finaliser of SplitMix64 as mix
///     reach   = (200 + draw(0) mod 1800) × 2^min(13, leading zero bits of draw(1))
///
/// Half of all Tweets reach 200 to 2,000 readers, a quarter twice as many, one in 8,000 millions: a few go viral. Every
/// other lifetime is a share of a larger one, in ten-thousandths drawn between two bounds (``lifetime(of:in:)``), so that
/// impressions are many more than engagements, and engagements at least as many as Likes, Likes as replies.
struct TweetTraits {
    private let key: UInt64
    /// Whether a video is attached; only then are there video views.
    let hasVideo: Bool

    init(seed: UInt64, tweet: TweetID, hasVideo: Bool?) {
        key = TweetTraits.mix(seed &+ tweet.rawValue)
        self.hasVideo = hasVideo ?? (TweetTraits.mix(key &+ 2) % 5 == 0)
    }

    /// Active time after which about half of all engagements have happened: 2 to 24 hours.
    var halfTime: Int64 { Int64(2 + draw(3) % 23) * ActiveTime.unitsPerHour }

    /// How often the Tweet is seen in its life.
    var reach: Int64 {
        Int64(200 + draw(0) % 1800) << Int64(min(13, draw(1).leadingZeroBitCount))
    }

    /// The count at the end of the Tweet's life. `family` matters for video views only: totals add up all Tweets with the
    /// same video (dossier §6), and the sandbox says that the others have half as many views as the Tweet itself.
    func lifetime(of type: EngagementType, in family: MetricFamily) -> Int64 {
        switch type {
        case .impressions: reach
        case .engagements: engagements
        case .favorites: share(of: reach, type, 40...300)
        case .retweets: share(of: lifetime(of: .favorites, in: family), type, 500...4000)
        case .quoteTweets: share(of: lifetime(of: .retweets, in: family), type, 200...2500)
        case .replies: share(of: lifetime(of: .favorites, in: family), type, 200...3000)
        case .videoViews: videoViews(in: family)
        case .mediaViews: hasMedia ? share(of: reach, type, 3000...9000) : 0
        case .mediaEngagements: share(of: lifetime(of: .mediaViews, in: family), type, 50...400)
        case .urlClicks: share(of: reach, type, 5...150)
        case .hashtagClicks: share(of: reach, type, 0...20)
        case .detailExpands: share(of: reach, type, 80...500)
        case .permalinkClicks: share(of: reach, type, 0...10)
        case .appInstallAttempts: share(of: reach, type, 0...1)
        case .appOpens: share(of: reach, type, 0...2)
        case .emailTweet: share(of: reach, type, 0...1)
        case .userFollows: share(of: reach, type, 0...12)
        case .userProfileClicks: share(of: reach, type, 10...120)
        }
    }

    /// Video views of totals for a Tweet whose own count is `own`.
    static func sharedVideoViews(own: Int64) -> Int64 { own + own / 2 }

    private func videoViews(in family: MetricFamily) -> Int64 {
        let own = hasVideo ? share(of: reach, .videoViews, 1500...6000) : 0
        return family == .totals ? TweetTraits.sharedVideoViews(own: own) : own
    }

    /// Photos are media too: half of the Tweets without a video have one.
    private var hasMedia: Bool { hasVideo || draw(4) % 2 == 0 }

    /// The roll-up: every action that has a metric, and up to 0.3 % of readers doing something that has none.
    private var engagements: Int64 {
        let parts = TweetTraits.actions.reduce(0) { $0 + lifetime(of: $1, in: .series) }
        return parts + share(of: reach, .engagements, 0...30)
    }

    private static let actions: [EngagementType] = [
        .favorites, .retweets, .replies, .mediaEngagements, .urlClicks, .hashtagClicks, .detailExpands,
        .permalinkClicks, .appInstallAttempts, .appOpens, .emailTweet, .userFollows, .userProfileClicks,
    ]

    private func share(of whole: Int64, _ type: EngagementType, _ bounds: ClosedRange<Int64>) -> Int64 {
        let width = UInt64(bounds.upperBound - bounds.lowerBound + 1)
        let tenThousandths = bounds.lowerBound + Int64(draw(16 + UInt64(type.rawValue)) % width)
        return whole * tenThousandths / 10_000
    }

    private func draw(_ index: UInt64) -> UInt64 { TweetTraits.mix(key &+ index) }

    /// The finaliser of SplitMix64 after one step of its sequence: neighbouring numbers come out unrelated.
    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

internal import Engagement

/// The Tweets of the API's documented examples, so that each example comes out as printed (dossier §4).
///
/// The lifetimes of examples A, B, D and E are complete a day after the Tweet's id says it was posted. The Tweets of the time
/// series have the printed hours and nothing else.
public enum FixtureTweets {
    /// All of them.
    public static let all: [SandboxTweet] = lifetimes + series

    private static let lifetimes: [SandboxTweet] = [
        // Example A: public metrics.
        lifetime(
            1_021_817_816_134_156_288,
            "A",
            favorites: 530,
            quoteTweets: 79,
            replies: 147,
            retweets: 323,
            video: 0
        ),
        lifetime(
            1_067_094_924_124_872_705,
            "A",
            favorites: 1360,
            quoteTweets: 29,
            replies: 56,
            retweets: 178,
            video: 5_754_512
        ),
        lifetime(1_070_059_276_213_702_656, "A", favorites: 69, quoteTweets: 5, replies: 7, retweets: 26, video: 0),
        // Example B: owned metrics.
        lifetime(
            1_045_709_644_067_471_360,
            "B",
            favorites: 0,
            quoteTweets: 5,
            replies: 0,
            retweets: 8,
            video: 0,
            impressions: 47,
            engagements: 2
        ),
        lifetime(
            1_060_976_163_948_904_448,
            "B",
            favorites: 0,
            quoteTweets: 2,
            replies: 1,
            retweets: 9,
            video: 0,
            impressions: 148,
            engagements: 4
        ),
        // Example C: one Tweet unavailable, one with counts.
        lifetime(423_456_789, "C", favorites: 67, quoteTweets: 2, replies: 8, retweets: 26, video: 0),
        // Example D: the getting-started sample.
        lifetime(1_260_294_888_811_347_969, "D", favorites: 17_111, quoteTweets: 3254, replies: 1828, retweets: 5218),
        lifetime(850_006_245_121_695_744, "D", favorites: 492, quoteTweets: 66, replies: 42, retweets: 324),
        // Example E: old Tweets and video.
        lifetime(479_311_209_565_413_376, "E", favorites: 69, retweets: 142, impressions: 1692),
        lifetime(477_139_122_520_219_648, "E", favorites: 10, retweets: 6, impressions: 1023),
        lifetime(1_397_568_983_931_392_004, "E", favorites: 268, retweets: 56, video: 17_902, impressions: 26_803),
    ]

    private static let series: [SandboxTweet] = [
        SandboxTweet(
            id: TweetID(rawValue: 123_456_789),
            counts: .hours(
                first: UTCHour(index: UTCDay(index: 16_692).firstHour.index + 17),
                [.impressions: [551, 412, 371, 280, 100, 19, 6, 5, 2, 7, 3, 1]]
            ),
            note: "The sample of 28hr (dossier §4.2): read it at 2015-09-15T21:30:00Z."
        ),
        SandboxTweet(
            id: TweetID(rawValue: 223_456_789),
            counts: .hours(
                first: UTCDay(index: 16_650).firstHour,
                [.impressions: [788], .engagements: [134], .urlClicks: [30], .detailExpands: [1323]]
            ),
            note: "The sample of historical (dossier §4.3): all of it on 2015-08-03."
        ),
        SandboxTweet(
            id: TweetID(rawValue: 323_456_789),
            state: .deleted,
            since: UTCDay(index: 16_709).start,
            counts: .hours(first: UTCDay(index: 16_650).firstHour, [.impressions: [4], .urlClicks: [2]]),
            note: "The sample of historical (dossier §4.3), and deleted on 2015-10-01: unavailable in example C."
        ),
        SandboxTweet(
            id: TweetID(rawValue: 695_310_089_847_111_681),
            counts: .hours(
                first: UTCHour(index: UTCDay(index: 16_835).firstHour.index + 18),
                [.impressions: [167, 0, 0, 0, 0, 8, 18, 6, 6, 15]]
            ),
            note:
                "The hour-of-day sample of the Ruby client (dossier §4.4), as far as it is printed: from 2016-02-04 on."
        ),
        SandboxTweet(
            id: TweetID(rawValue: 697_506_383_516_729_344),
            counts: .hours(
                first: UTCHour(index: UTCDay(index: 16_841).firstHour.index + 17),
                [.impressions: [551, 412, 371, 280], .engagements: [8, 6, 3, 0]]
            ),
            note: "The hourly sample of the grouping guide (dossier §4.4): 2016-02-10, 17 to 21 o'clock."
        ),
    ]

    private static func lifetime(
        _ id: UInt64,
        _ example: String,
        favorites: Int64,
        quoteTweets: Int64? = nil,
        replies: Int64? = nil,
        retweets: Int64,
        video: Int64? = nil,
        impressions: Int64? = nil,
        engagements: Int64? = nil
    ) -> SandboxTweet {
        let counts: [EngagementType: Int64?] = [
            .favorites: favorites, .quoteTweets: quoteTweets, .replies: replies, .retweets: retweets,
            .videoViews: video, .impressions: impressions, .engagements: engagements,
        ]
        return SandboxTweet(
            id: TweetID(rawValue: id),
            hasVideo: video.map { $0 > 0 } ?? false,
            counts: .lifetime(counts.compactMapValues { $0 }),
            note: "Example \(example) of totals (dossier §4.1)."
        )
    }
}

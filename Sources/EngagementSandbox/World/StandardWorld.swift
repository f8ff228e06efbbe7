internal import Engagement

extension SandboxWorld {
    /// The world of `config/sandbox.yaml`, for a sandbox that is started without a file.
    public static let standard = SandboxWorld(
        accounts: [
            SandboxAccount(
                name: AccountName("acme"),
                userID: "1000001",
                token: "1000001-SandboxTokenOfAcme",
                tokenSecret: "SandboxTokenSecretOfAcme"
            ),
            SandboxAccount(
                name: AccountName("globex"),
                userID: "1000002",
                token: "1000002-SandboxTokenOfGlobex",
                tokenSecret: "SandboxTokenSecretOfGlobex"
            ),
            SandboxAccount(name: AccountName("stranger"), userID: "1000003"),
        ],
        applications: [
            SandboxApplication(
                name: "dashboard",
                consumerKey: "SandboxConsumerKey",
                consumerSecret: "SandboxConsumerSecret",
                bearerToken: "SANDBOXBEARERTOKEN"
            ),
            SandboxApplication(
                name: "not-enrolled",
                consumerKey: "SandboxNotEnrolledKey",
                consumerSecret: "SandboxNotEnrolledSecret",
                bearerToken: "SANDBOXNOTENROLLEDBEARER",
                isAllowListed: false
            ),
        ],
        tweets: standardTweets
    )

    private static let standardTweets: [SandboxTweet] = [
        SandboxTweet(
            id: TweetID(rawValue: 1_765_017_450_569_535_488),
            owner: AccountName("globex"),
            note: "Another account's, whose token the sandbox knows: forbidden to acme, fine for globex."
        ),
        SandboxTweet(
            id: TweetID(rawValue: 1_802_997_363_221_987_329),
            owner: AccountName("stranger"),
            note: "A stranger's: forbidden to every token, public metrics only."
        ),
        SandboxTweet(
            id: TweetID(rawValue: 1_720_140_212_187_844_609),
            state: .deleted,
            note: "Deleted."
        ),
        SandboxTweet(
            id: TweetID(rawValue: 1_749_337_391_901_192_193),
            state: .protected,
            note: "Of a protected account: unavailable even to its owner."
        ),
        SandboxTweet(
            id: TweetID(rawValue: 1_833_249_017_087_152_129),
            owner: AccountName("stranger"),
            state: .suspended,
            note: "Of a suspended account."
        ),
        SandboxTweet(
            id: TweetID(rawValue: 336_451_240_063_930_369),
            note: "Of 2013: too old for impressions and engagements of totals, and for video views."
        ),
        SandboxTweet(
            id: TweetID(rawValue: 1_096_081_773_933_182_976),
            hasVideo: true,
            note: "With a video, of 2019: more than 1800 days old, so its video views are unsupported."
        ),
        SandboxTweet(
            id: TweetID(rawValue: 1_785_265_636_840_173_569),
            hasVideo: true,
            note: "With a video: totals count half as many views again as the series, for Tweets that share it."
        ),
        SandboxTweet(
            id: TweetID(rawValue: 1_808_908_683_242_942_465),
            counts: .lifetime([
                .impressions: 3_000_000, .engagements: 250_000, .favorites: 120_000, .retweets: 24_000,
                .quoteTweets: 3000, .replies: 4500,
            ]),
            note: "Went viral: prescribed lifetime counts, complete a day after it was posted."
        ),
    ]
}

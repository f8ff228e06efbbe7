public import Engagement

extension SandboxWorld {
    /// Ids of young Tweets of the default account. A list in a file would grow old, so they are made from the clock; within
    /// an hour they stay the same.
    public static func examples(at now: UnixTime) -> [(id: TweetID, note: String)] {
        let ages = [
            (2, "two hours"), (26, "a day"), (7 * 24, "a week"), (30 * 24, "a month"), (85 * 24, "nearly 90 days"),
            (100 * 24, "more than 90 days"),
        ]
        return ages.map { hours, age in
            let time = now.flooredHour.advanced(by: -hours).start.advanced(bySeconds: 754)
            return (tweetID(postedAt: time, sequence: UInt64(hours)), "Posted about \(age) ago.")
        }
    }
}

import Engagement
import EngagementSandbox
import Foundation
import TestSupport

/// 2,000 Tweets of three authors and what a page shows of them: a few are asked for all the time, most hardly ever.
struct SoakWorld: Sendable {
    /// The most popular first.
    let tweets: [TweetID]
    let sandbox: SandboxWorld
    /// Sums of the weights 1/rank, for drawing by Zipf's law.
    private let weights: [Double]

    static let acme = AccountName("acme")
    static let globex = AccountName("globex")

    /// Of ten Tweets seven are acme's, two globex's and one a stranger's; one in forty is gone.
    init(now: UnixTime, using generator: inout SeededGenerator) {
        var world = SandboxWorld.standard
        var tweets: [TweetID] = []
        for index in 0..<2000 {
            let age = SoakWorld.age(using: &generator)
            let postedAt = UnixTime(milliseconds: now.milliseconds - age * 1000)
            let tweet = SandboxWorld.tweetID(postedAt: postedAt, sequence: UInt64(index))
            let owner = ["globex", "globex", "stranger"].first { _ in Int.random(in: 0..<10, using: &generator) == 0 }
            let isGone = Int.random(in: 0..<40, using: &generator) == 0
            let state: SandboxTweet.State =
                isGone ? [.deleted, .protected, .suspended].randomElement(using: &generator) ?? .deleted : .available
            world.put(SandboxTweet(id: tweet, owner: owner.map { AccountName($0) }, state: state, note: ""))
            tweets.append(tweet)
        }
        self.tweets = tweets
        sandbox = world
        weights = tweets.indices.reduce(into: []) { sums, index in sums.append((sums.last ?? 0) + 1 / Double(index + 1))
        }
    }

    /// Seconds: of every age at which something changes, from minutes to more than 1800 days.
    private static func age(using generator: inout SeededGenerator) -> Int64 {
        let day: Int64 = 86_400
        let ranges = [60...7200, 7200...2 * day, 2 * day...28 * day, 28 * day...89 * day, 88 * day...92 * day]
        let old = [92 * day...400 * day, 1790 * day...1900 * day]
        let range = (ranges + ranges + old).randomElement(using: &generator) ?? ranges[0]
        return Int64.random(in: range, using: &generator)
    }

    /// So many different Tweets by Zipf's law: the one of rank n is n times as rare as the first.
    func page(
        _ count: Int,
        using generator: inout SeededGenerator,
        where isWanted: (TweetID) -> Bool = { _ in true }
    )
        -> [TweetID]
    {
        var page: [TweetID] = []
        while page.count < count {
            let draw = Double.random(in: 0..<(weights.last ?? 1), using: &generator)
            var (low, high) = (0, weights.count - 1)
            while low < high {
                let middle = (low + high) / 2
                if weights[middle] > draw { high = middle } else { low = middle + 1 }
            }
            if !page.contains(tweets[low]), isWanted(tweets[low]) { page.append(tweets[low]) }
        }
        return page
    }

    func owner(of tweet: TweetID) -> AccountName { sandbox.owner(of: tweet).name }

    /// Whether it is deleted, protected or suspended, for good.
    func isGone(_ tweet: TweetID, at now: UnixTime) -> Bool { sandbox.state(of: tweet, at: now) != .available }
}

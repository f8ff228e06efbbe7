/// What calls that were not made would come to, see ``UsageMeter/forecast(_:at:)``.
public struct UsageForecast: Equatable, Sendable {
    /// What was asked before.
    public let usage: Usage
    /// How many unique Tweets the calls would add to the policy's period.
    public let newTweets: Int
    /// How many unique Tweets would not be asked, because a stop is reached.
    public let refusedTweets: Int

    public init(usage: Usage, newTweets: Int, refusedTweets: Int) {
        self.usage = usage
        self.newTweets = newTweets
        self.refusedTweets = refusedTweets
    }
}

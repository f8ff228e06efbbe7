public import EngagementAPI

/// What it took to answer an operation: the calls that it waited for.
public struct LoadCost: Sendable {
    /// A call that was sent.
    public struct Call: Sendable {
        public let call: EngagementCall
        public let access: UpstreamAccess
        /// How many times it was sent: more than once if the first tries failed, and may succeed later.
        public let attempts: Int
        /// Nil if it was answered with counts.
        public let error: EngagementAPIError?
    }

    /// In the order in which they were waited for, without those that were never sent. Other operations may have waited for the same ones.
    public internal(set) var calls: [Call] = []
    /// How many times it waited for a call that was under way already, for somebody else.
    public internal(set) var joined = 0

    /// The Tweets of all calls, each once.
    public var tweetCount: Int { Set(calls.flatMap(\.call.tweets)).count }
}

public import Engagement

/// What a client does, for logs, counters and the quota governor. Carries no secrets.
public enum EngagementClientEvent: Sendable {
    /// A call was answered with counts. `bytes` is the length of the body as it came, packed.
    case answered(Attempt, bytes: Int, rateLimit: RateLimit?)
    /// An attempt failed; whether there is another one, ``waiting(_:milliseconds:)`` tells.
    case failed(Attempt, EngagementAPIError)
    /// The client waits before it sends the call again.
    case waiting(Attempt, milliseconds: Int64)

    /// One sending of a call.
    public struct Attempt: Equatable, Sendable {
        public let call: EngagementCall
        public let account: AccountName
        /// 1 for the first.
        public let number: Int
        /// How long it took by the client's clock.
        public let milliseconds: Int64
    }
}

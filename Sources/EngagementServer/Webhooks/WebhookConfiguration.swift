public import EngagementAPI

/// One element of `webhooks`: a subscription whose events are posted to an address.
public struct WebhookConfiguration: Sendable {
    /// What it is called in the log, in requests and in the file of places.
    public var name: String
    /// http or https. An address can be a secret too, so it stands in no log.
    public var url: Secret
    /// What its requests are signed with.
    public var secret: Secret
    /// A document with one subscription, without variables.
    public var document: String

    public init(name: String, url: Secret, secret: Secret, document: String) {
        self.name = name
        self.url = url
        self.secret = secret
        self.document = document
    }
}

/// How requests of webhooks are sent, and sent again.
public struct WebhookPacing: Sendable {
    /// How long one request may take.
    public var requestSeconds: Int64 = 15
    /// The longest wait after the first try, milliseconds; it doubles with each.
    public var firstDelayMilliseconds: Int64 = 1000
    /// The longest wait after any.
    public var longestDelayMilliseconds: Int64 = 600_000
    /// How long an event is tried.
    public var giveUpSeconds: Int64 = 86_400
    /// What waits for the next try, milliseconds.
    public var sleep: @Sendable (_ milliseconds: Int64) async throws -> Void = {
        try await Task.sleep(for: .milliseconds($0))
    }

    public init() {}

    /// Milliseconds to wait after try `number` (from 1): between half of the longest wait and all of it. `random` lies in 0..<1.
    internal func delay(after number: Int, random: Double) -> Int64 {
        let doublings = Int64(min(max(number - 1, 0), 30))
        let longest = min(firstDelayMilliseconds << doublings, longestDelayMilliseconds)
        return Int64(Double(longest) * (0.5 + random / 2))
    }
}

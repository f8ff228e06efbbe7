import Engagement
import EngagementSandbox
import JSON
import TestSupport

/// A call of the API's own endpoints, as one of its clients makes it.
struct SoakCall: Sendable {
    let endpoint: Endpoint
    /// `acme`, `globex`, `application` or `bearer`.
    let caller: String
    let tweets: [TweetID]
    let types: [EngagementType]
    let groupings: [(label: String, groupBy: [String])]
    var window: HourWindow?

    /// Whose private numbers the caller may see.
    var reader: AccountName? { ["acme", "globex"].contains(caller) ? AccountName(caller) : nil }

    var body: String {
        requestBody(tweets, types, groupings, start: window?.start.start.iso8601, end: window?.end.start.iso8601)
    }

    var description: String { "\(endpoint) as \(caller): \(body)" }

    /// Public totals, or an account's own numbers; one call in ten has a Tweet that may be another's.
    init(_ world: SoakWorld, now: UnixTime, using generator: inout SeededGenerator) {
        let callers = ["acme", "acme", "globex", "application", "bearer"]
        let caller = callers.randomElement(using: &generator) ?? "acme"
        let isUser = caller == "acme" || caller == "globex"
        let count = Int.random(in: 1...12, using: &generator)
        var tweets = world.page(count, using: &generator) { !isUser || world.owner(of: $0).rawValue == caller }
        if Int.random(in: 0..<10, using: &generator) == 0 {
            tweets += world.page(1, using: &generator) { !tweets.contains($0) }
        }
        self.caller = caller
        self.tweets = tweets
        let endpoints: [Endpoint] = [.totals, .last28Hours, .historical]
        let endpoint = isUser ? endpoints.randomElement(using: &generator) ?? .totals : .totals
        self.endpoint = endpoint
        let offered = isUser ? endpoint.engagementTypes.types : EngagementTypeSet.publicTotals.types
        types = Array(offered.shuffled(using: &generator).prefix(Int.random(in: 1...4, using: &generator)))
        guard endpoint != .totals else {
            groupings = [
                ("by Tweet", ["tweet.id", "engagement.type"]), ("by type", ["engagement.type", "tweet.id"]),
                ("whole", ["engagement.type"]),
            ]
            return
        }
        groupings = [
            ("by Tweet", ["tweet.id", "engagement.type"]),
            ("by hour", ["engagement.type", "engagement.day", "engagement.hour"]),
            Bool.random(using: &generator)
                ? ("whole", ["engagement.type"]) : ("clock", ["engagement.type", "engagement.hour"]),
        ]
        if endpoint == .historical {
            let age = [0, 48, 24 * 60].randomElement(using: &generator) ?? 0
            let end = now.flooredHour.advanced(by: -Int.random(in: 0...age, using: &generator))
            window = HourWindow(start: end.advanced(by: -Int.random(in: 1...60, using: &generator)), end: end)
        }
    }
}

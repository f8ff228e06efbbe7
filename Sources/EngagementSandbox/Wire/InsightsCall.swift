internal import Engagement

/// What a well-formed call asks for: the outcome of step 7 (dossier §13).
struct InsightsCall {
    let endpoint: Endpoint
    /// Each once, in ascending order: answers are not in the order of the request (dossier §4).
    let tweets: [TweetID]
    /// Each once, by their wire names.
    let types: [EngagementType]
    let groupings: [GroupingRequest]
    /// The hours of a time series; nil for totals.
    let window: RequestedWindow?

    /// Checks a decoded body against the limits of its endpoint.
    init(
        _ body: InsightsBody,
        for endpoint: Endpoint,
        at now: UnixTime,
        switches: SandboxSwitches
    ) throws(Refusal) {
        if switches.strict {
            if let key = body.unknownKeys.first { throw Refusal(400, InventedWording.unknownKey(key)) }
            if endpoint != .historical, let key = body.windowKeys.first {
                throw Refusal(400, InventedWording.unexpectedWindow(key))
            }
        }
        let ids = try InsightsCall.present(body.tweetIDs, "tweet_ids")
        let names = try InsightsCall.present(body.engagementTypes, "engagement_types")
        guard let groupings = body.groupings else { throw Refusal(400, InventedWording.missingKey("groupings")) }
        guard ids.count <= endpoint.maximumTweets else {
            throw Refusal(400, InventedWording.tooManyTweets(endpoint.maximumTweets))
        }
        var types: Set<EngagementType> = []
        for name in names {
            guard let type = EngagementType(wireName: name), !switches.unknownMetrics.contains(type) else {
                throw Refusal(400, InventedWording.unknownType(name))
            }
            types.insert(type)
        }
        let unique = Set(ids)
        guard unique.count == ids.count || switches.duplicateTweets == .collapse else {
            throw Refusal(400, InventedWording.repeatedTweet)
        }
        self.endpoint = endpoint
        tweets = unique.sorted()
        self.types = types.sorted { $0.wireName < $1.wireName }
        self.groupings = try GroupingRequest.check(groupings, for: endpoint, maximum: switches.maximumGroupings)
        window =
            switch endpoint {
            case .totals: nil
            case .last28Hours: .last28Hours(at: now, switches: switches)
            case .historical: try .historical(start: body.start, end: body.end, at: now, switches: switches)
            }
    }

    private static func present<Element>(_ array: [Element]?, _ key: String) throws(Refusal) -> [Element] {
        guard let array else { throw Refusal(400, InventedWording.missingKey(key)) }
        guard !array.isEmpty else { throw Refusal(400, InventedWording.emptyArray(key)) }
        return array
    }
}

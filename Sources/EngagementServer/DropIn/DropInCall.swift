internal import Engagement
internal import EngagementGraph

/// What a well-formed request asks for.
///
/// More Tweets than the API takes in one call and windows of more than four weeks are fine: how they are divided among calls
/// is the planner's business. What bounds them are `limits.tweets` and `limits.cells`.
internal struct DropInCall: Sendable {
    let endpoint: Endpoint
    /// Each once, in the order of the request.
    let tweets: [TweetID]
    /// Each once, in the order of the request. The official explorer repeats names (dossier §3).
    let types: [EngagementType]
    let groupings: [DropInGrouping]
    /// The time of a series; nil for totals.
    let window: DropInWindow?

    init(
        _ request: DropInRequest,
        for endpoint: Endpoint,
        now: UnixTime,
        limits: PlanLimits,
        hourWithoutDay: DropInConfiguration.HourWithoutDay
    ) throws(DropInRefusal) {
        self.endpoint = endpoint
        let tweets = try DropInCall.present(request.tweets, "tweet_ids")
        guard tweets.count <= limits.maximumTweets else {
            throw .badRequest("tweet_ids has more than \(limits.maximumTweets) elements (limits.tweets).")
        }
        self.tweets = DropInCall.unique(tweets)
        var types: [EngagementType] = []
        for name in try DropInCall.present(request.engagementTypes, "engagement_types") {
            guard let type = EngagementType(wireName: name) else {
                throw .badRequest("engagement_types: there is no type \"\(name.prefix(40))\".")
            }
            types.append(type)
        }
        self.types = DropInCall.unique(types)
        groupings = try DropInGrouping.groupings(request.groupings ?? [], for: endpoint, hourWithoutDay)
        switch endpoint {
        case .totals: window = nil
        case .last28Hours: window = .last28Hours(now: now)
        case .historical:
            window = try .historical(start: request.start, end: request.end, now: now, history: limits.history)
        }
        guard self.tweets.count * self.types.count * bucketCount <= limits.maximumCells else {
            throw .badRequest(
                "The request spans more than \(limits.maximumCells) counts (limits.cells): ask for fewer Tweets or less time."
            )
        }
    }

    /// Without a user's token there are the public metrics of totals and nothing else; with one, what the endpoint counts
    /// (dossier §6).
    func checkTypes(for caller: Caller) throws(DropInRefusal) {
        var offered = endpoint.engagementTypes
        if caller.context == .application { offered = endpoint == .totals ? .publicTotals : [] }
        let others = types.filter { !offered.contains($0) }
        if !others.isEmpty { throw .forbiddenMetrics(others) }
    }

    // MARK: - Needs

    /// The question that the call is to the cache. Private numbers are looked up and fetched as the caller's account, and as
    /// no other.
    func need(of caller: Caller) -> MetricNeed {
        let set = EngagementTypeSet(types)
        guard let window else { return .totals(account: caller.account, tweets: tweets, types: set) }
        return .series(account: caller.account, tweets: tweets, types: set, window: window.hours, grain: grain)
    }

    /// Days answer for days and for the whole window, if that is made of days; everything else is put together from hours.
    private var grain: MetricNeed.Grain {
        let hasHours = groupings.contains { $0.dimensions.contains(.hour) }
        return !hasHours && window?.hours.isDayAligned == true ? .day : .hour
    }

    private var bucketCount: Int {
        guard let window else { return 1 }
        return grain == .day ? window.hours.hours / 24 : window.hours.hours
    }

    /// Whether the call is one that the API refuses for other people's Tweets although it asks for nothing private: totals
    /// with a user's token (dossier §6). Calls for private numbers learn whose a Tweet is from these.
    func asksForOwners(_ caller: Caller, _ policy: DropInConfiguration.ForeignTotals) -> Bool {
        endpoint == .totals && caller.context == .user && policy == .forbidden
            && types.allSatisfy(EngagementTypeSet.publicTotals.contains)
    }

    // MARK: - Checks

    private static func present<Element>(_ array: [Element]?, _ key: String) throws(DropInRefusal) -> [Element] {
        guard let array else { throw .badRequest("The request has no \(key).") }
        guard !array.isEmpty else { throw .badRequest("\(key) must not be empty.") }
        return array
    }

    private static func unique<Element: Hashable>(_ elements: [Element]) -> [Element] {
        var seen: Set<Element> = []
        return elements.filter { seen.insert($0).inserted }
    }
}

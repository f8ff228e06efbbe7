internal import Bytes
internal import Engagement
internal import JSON

/// Who owns what, what can be served, and what is too old for which metric: steps 8 to 11 (dossier §13), and the body of the
/// answer (step 12).
struct InsightsAnswer {
    private let call: InsightsCall
    private let now: UnixTime
    private let switches: SandboxSwitches

    private var errors: [String] = []
    private var unavailable: [TweetID] = []
    private var tooOldForImpressions: [TweetID] = []
    private var tooOldForVideo: [TweetID] = []
    private var columns: [Aggregation.Column] = []

    private static let impressionsAndEngagements = EngagementTypeSet([.impressions, .engagements])

    /// Decides what a caller gets, or refuses the call.
    init(
        _ call: InsightsCall,
        for caller: Caller,
        in world: SandboxWorld,
        _ metrics: SyntheticMetrics,
        at now: UnixTime,
        switches: SandboxSwitches
    ) throws(Refusal) {
        self.call = call
        self.now = now
        self.switches = switches
        try checkMetrics(caller)
        let states = call.tweets.map { (tweet: $0, state: world.state(of: $0, at: now)) }
        try checkOwnership(states, caller, world)
        try checkAvailability(states)
        let available = states.filter { $0.state == .available }.map(\.tweet)
        collect(available, metrics)
    }

    // MARK: - Checks

    /// Step 8. Without a user's tokens there are the public metrics of totals and nothing else (dossier §6).
    private func checkMetrics(_ caller: Caller) throws(Refusal) {
        var offered = call.endpoint.engagementTypes
        if switches.quoteTweetsInSeries { offered.insert(EngagementTypeSet(.quoteTweets)) }
        if caller.account == nil { offered = call.endpoint == .totals ? .publicTotals : [] }
        let forbidden = call.types.filter { !offered.contains($0) }
        guard forbidden.isEmpty else {
            throw Refusal(switches.forbiddenStatus.code, Wording.forbiddenMetrics(forbidden))
        }
    }

    /// Step 9: one Tweet of somebody else's refuses the whole call. What is gone has no owner that could be asked.
    private func checkOwnership(
        _ states: [(tweet: TweetID, state: SandboxTweet.State?)],
        _ caller: Caller,
        _ world: SandboxWorld
    ) throws(Refusal) {
        guard let account = caller.account else { return }
        if call.endpoint == .totals, switches.userTokensOnForeignTotals == .publicMetrics,
            call.types.allSatisfy(EngagementTypeSet.publicTotals.contains)
        {
            return
        }
        let foreign = states.filter { $0.state == .available && world.owner(of: $0.tweet).name != account.name }
        guard !foreign.isEmpty else { return }
        let tweets = foreign.map(\.tweet)
        let texts =
            switch switches.forbiddenWording {
            case .tweets: [Wording.forbidden(tweets)]
            case .byAuthor: Wording.forbiddenByAuthor(tweets, in: world)
            }
        throw Refusal(switches.forbiddenStatus.code, texts)
    }

    /// Step 10.
    private mutating func checkAvailability(
        _ states: [(tweet: TweetID, state: SandboxTweet.State?)]
    ) throws(Refusal) {
        unavailable = states.filter { $0.state != .available }.map(\.tweet)
        let failsForProtected =
            switches.protectedTweets == .failTheCall && states.contains { $0.state == .protected }
        let isRefused = unavailable.count == states.count && switches.allUnavailable == .refused
        guard !isRefused, !failsForProtected else {
            throw Refusal(400, Wording.allUnavailable)
        }
        if !unavailable.isEmpty, switches.errorsOfPartialAnswers {
            errors.append(Wording.unavailable(unavailable.count))
        }
    }

    /// Step 11: the age rules, and a curve for every Tweet and type that has a count.
    private mutating func collect(_ tweets: [TweetID], _ metrics: SyntheticMetrics) {
        let impressionsLimit = now.advanced(bySeconds: -90 * 86_400)
        let videoLimit = now.advanced(bySeconds: -1800 * 86_400)
        let asksForImpressions = call.types.contains(where: InsightsAnswer.impressionsAndEngagements.contains)
        for tweet in tweets {
            let isOld = hasNinetyDayRule && asksForImpressions && isPosted(tweet, before: impressionsLimit)
            if isOld { tooOldForImpressions.append(tweet) }
            let isOldVideo =
                call.endpoint == .totals && call.types.contains(.videoViews) && isPosted(tweet, before: videoLimit)
            if isOldVideo { tooOldForVideo.append(tweet) }
            if isOld, switches.unsupportedMetrics == .dropTweet { continue }
            for type in call.types {
                var curve = metrics.curve(of: type, for: tweet, in: call.endpoint.family)
                if isOld, InsightsAnswer.impressionsAndEngagements.contains(type) {
                    guard switches.unsupportedMetrics == .zero else { continue }
                    curve = .never
                }
                // Unlike the other two, unsupported video views are known to be there as 0 (dossier §4.1 E).
                if isOldVideo, type == .videoViews { curve = .never }
                columns.append(Aggregation.Column(tweet: tweet, type: type, curve: curve))
            }
        }
        if !tooOldForImpressions.isEmpty { errors.append(Wording.olderThanNinetyDays(before: impressionsLimit)) }
    }

    private var hasNinetyDayRule: Bool {
        switch switches.ninetyDayRule {
        case .totals: call.endpoint == .totals
        case .everywhere: true
        case .off: false
        }
    }

    /// Ids without a time are older than any limit.
    private func isPosted(_ tweet: TweetID, before limit: UnixTime) -> Bool {
        tweet.createdAt.map { $0 < limit } ?? true
    }

    // MARK: - Body

    /// The response's JSON (dossier §4).
    var body: [UInt8] {
        var buffer = ByteBuffer(capacity: 4096)
        buffer.append(ASCII.leftBrace)
        var isFirst = true
        func key(_ name: String, into buffer: inout ByteBuffer) {
            if !isFirst { buffer.append(ASCII.comma) }
            isFirst = false
            buffer.append(jsonString: name)
            buffer.append(ASCII.colon)
        }
        func list(_ name: String, _ values: [String], into buffer: inout ByteBuffer) {
            guard !values.isEmpty else { return }
            key(name, into: &buffer)
            buffer.append(json: .array(values.map(JSONValue.string)))
        }
        if let window = echoedWindow {
            key("start", into: &buffer)
            buffer.append(jsonString: window.echoedStart.iso8601)
            key("end", into: &buffer)
            buffer.append(jsonString: window.echoedEnd.iso8601)
        }
        list("errors", errors, into: &buffer)
        list("unavailable_tweet_ids", unavailable.map(\.description), into: &buffer)
        list(
            "unsupported_for_impressions_engagements_tweet_ids",
            tooOldForImpressions.map(\.description),
            into: &buffer
        )
        list("unsupported_for_video_views_tweet_ids", tooOldForVideo.map(\.description), into: &buffer)
        let aggregation = Aggregation(columns, window: call.window?.hours, at: now, switches: switches)
        for grouping in call.groupings {
            key(grouping.name, into: &buffer)
            aggregation.write(grouping.groupBy, into: &buffer)
        }
        buffer.append(ASCII.rightBrace)
        return buffer.freeze().array
    }

    private var echoedWindow: RequestedWindow? {
        guard call.endpoint == .totals, switches.windowOnTotals else { return call.window }
        return .last28Hours(at: now, switches: switches)
    }
}

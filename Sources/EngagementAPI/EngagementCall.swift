public import Engagement

/// One POST to the Engagement API, as a value that can be planned, compared and printed before anything is sent.
///
/// It asks for one grouping: counts by Tweet and engagement type, and for a series by day or hour as well (dossier §4.4).
public struct EngagementCall: Equatable, Sendable {
    /// Which of the three endpoints is asked.
    public var endpoint: Endpoint
    /// The Tweets, each once, at most as many as ``Endpoint/maximumTweets``.
    public var tweets: [TweetID]
    /// What is counted; all of it must be offered by the endpoint.
    public var types: EngagementTypeSet
    /// How finely the counts are divided in time.
    public var grain: Grain
    /// The time that counts are wanted of: needed by historical, refused by the other two.
    public var window: Window?

    /// A call; see ``validate()`` for what makes one that can be sent.
    public init(
        endpoint: Endpoint,
        tweets: [TweetID],
        types: EngagementTypeSet,
        grain: Grain = .total,
        window: Window? = nil
    ) {
        self.endpoint = endpoint
        self.tweets = tweets
        self.types = types
        self.grain = grain
        self.window = window
    }

    /// The width of the buckets that counts come in.
    public enum Grain: String, CaseIterable, Sendable {
        /// One count for all of the time.
        case total
        /// Days of UTC. Not on totals.
        case day
        /// Hours of UTC, by the first of the two 4-level orders that the API allows. Not on totals.
        case hour
    }

    /// A half-open time, `start` in and `end` out. The API floors the start and raises the end to the hour (dossier §5).
    public struct Window: Hashable, Sendable {
        public var start: UnixTime
        public var end: UnixTime

        public init(start: UnixTime, end: UnixTime) {
            self.start = start
            self.end = end
        }

        /// A window of whole hours.
        public init(_ hours: HourWindow) {
            start = hours.start.start
            end = hours.end.start
        }
    }
}

extension EngagementCall {
    /// Checks the limits that the API is known to have (dossier §8), so that a mistake of ours costs no request.
    ///
    /// - Throws: ``EngagementAPIError`` with the code ``EngagementAPIError/Code/invalidCall``.
    public func validate() throws(EngagementAPIError) {
        if let problem { throw EngagementAPIError(.invalidCall, problem) }
    }

    private var problem: String? {
        let name = endpoint.rawValue
        if tweets.isEmpty { return "a call to \(name) names no Tweet" }
        if tweets.count > endpoint.maximumTweets {
            return "a call to \(name) names \(tweets.count) Tweets, more than \(endpoint.maximumTweets)"
        }
        if Set(tweets).count != tweets.count { return "a call to \(name) names a Tweet twice" }
        if types.isEmpty { return "a call to \(name) names no engagement type" }
        let foreign = types.subtracting(endpoint.engagementTypes)
        if !foreign.isEmpty {
            return "\(name) does not count \(foreign.types.map(\.wireName).joined(separator: ", "))"
        }
        if endpoint == .totals, grain != .total { return "totals are not divided by \(grain.rawValue)" }
        return windowProblem
    }

    private var windowProblem: String? {
        guard let window else {
            return endpoint == .historical ? "a call to historical needs a window" : nil
        }
        guard endpoint == .historical else { return "\(endpoint.rawValue) takes no window" }
        guard window.start < window.end else { return "a window ends after it starts" }
        // Bounds that an hour's index can hold, before anything is computed from them.
        guard Window.supported.contains(window.start), Window.supported.contains(window.end) else {
            return "a window lies between the years 2000 and 2100"
        }
        let hours = Int(window.end.raisedHour.index - window.start.flooredHour.index)
        guard hours <= Endpoint.maximumWindowHours else {
            return "a window of \(hours) hours is longer than \(Endpoint.maximumWindowHours)"
        }
        return nil
    }
}

extension EngagementCall.Window {
    /// 2000-01-01 to 2100-01-01: whatever lies outside is a mistake of units.
    fileprivate static let supported = UnixTime(seconds: 946_684_800)...UnixTime(seconds: 4_102_444_800)
}

extension EngagementCall.Window: CustomStringConvertible {
    /// Both ends in ISO 8601; a moment that no calendar date is computed for prints as milliseconds.
    public var description: String { "\(Self.text(start))..<\(Self.text(end))" }

    private static func text(_ time: UnixTime) -> String {
        supported.contains(time) ? time.iso8601 : "\(time.milliseconds) ms"
    }
}

extension EngagementCall: CustomStringConvertible {
    /// One line: endpoint, how many Tweets, which types, grain and window.
    public var description: String {
        let names = types.types.map(\.wireName).joined(separator: ",")
        let noun = tweets.count == 1 ? "1 Tweet" : "\(tweets.count) Tweets"
        let time = window.map { " in \($0)" } ?? ""
        return "POST \(endpoint.path): \(noun), \(names) by \(grain.rawValue)\(time)"
    }
}

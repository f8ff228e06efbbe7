/// The three endpoints of the Engagement API with their limits (dossier §1 and §8), as one table.
public enum Endpoint: String, CaseIterable, Hashable, Sendable {
    case totals
    case last28Hours = "28hr"
    case historical
}

extension Endpoint {
    /// The path below the API's base URL.
    public var path: String { "/insights/engagement/\(rawValue)" }

    /// The engagement types that it counts.
    public var engagementTypes: EngagementTypeSet {
        switch self {
        case .totals: .totals
        case .last28Hours, .historical: .series
        }
    }

    /// The most Tweets that one call may name.
    public var maximumTweets: Int {
        switch self {
        case .totals: 250
        case .last28Hours, .historical: 25
        }
    }

    /// The most groupings that one call may ask for.
    public var maximumGroupings: Int { 3 }

    /// The family of cells that its counts belong to.
    public var family: MetricFamily {
        switch self {
        case .totals: .totals
        case .last28Hours, .historical: .series
        }
    }

    /// The longest window of one historical call: four weeks.
    public static let maximumWindowHours = 28 * 24

    /// The earliest hour that historical serves: 2014-09-01T00:00:00Z.
    public static let earliestHistoricalHour = UTCHour(index: 391_536)
}

/// Two kinds of count that share names but not meaning, and so never share cells: `video_views` of totals adds up all
/// Tweets with the same video, that of a series counts one Tweet (dossier §6).
public enum MetricFamily: UInt8, CaseIterable, Hashable, Sendable {
    /// Lifetime counts as of now.
    case totals
    /// Counts by the hour of the engagement.
    case series
}

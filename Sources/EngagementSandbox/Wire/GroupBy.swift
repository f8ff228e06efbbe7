internal import Engagement

/// A dimension of a grouping (dossier §3, §4.4).
public enum GroupBy: String, CaseIterable, Sendable {
    case tweet = "tweet.id"
    case type = "engagement.type"
    case day = "engagement.day"
    case hour = "engagement.hour"

    /// Whether the endpoint offers it: time only in time series.
    func isOffered(by endpoint: Endpoint) -> Bool {
        switch self {
        case .tweet, .type: true
        case .day, .hour: endpoint != .totals
        }
    }
}

/// One grouping of a call: the caller's name for it and its dimensions, outermost first.
public struct GroupingRequest: Equatable, Sendable {
    public let name: String
    public let groupBy: [GroupBy]
}

extension GroupingRequest {
    /// The two orders in which four dimensions are allowed (dossier §4.4).
    private static let fourLevelOrders: [[GroupBy]] = [[.tweet, .type, .day, .hour], [.type, .tweet, .day, .hour]]

    /// Top-level keys of a response, which a grouping's name would collide with.
    static let reservedNames: Set<String> = [
        "start", "end", "errors", "unavailable_tweet_ids", "unsupported_for_impressions_engagements_tweet_ids",
        "unsupported_for_video_views_tweet_ids",
    ]

    /// Checks the groupings of a call and reads the names of their dimensions, in any case (dossier §3).
    static func check(
        _ groupings: [(name: String, groupBy: [String])],
        for endpoint: Endpoint,
        maximum: Int
    ) throws(Refusal) -> [GroupingRequest] {
        guard !groupings.isEmpty else { throw Refusal(400, InventedWording.emptyGroupings) }
        guard groupings.count <= maximum else { throw Refusal(400, InventedWording.tooManyGroupings(maximum)) }
        var checked: [GroupingRequest] = []
        for (name, names) in groupings {
            guard !reservedNames.contains(name) else { throw Refusal(400, InventedWording.reservedGrouping(name)) }
            guard !checked.contains(where: { $0.name == name }) else {
                throw Refusal(400, InventedWording.repeatedGrouping(name))
            }
            guard !names.isEmpty else { throw Refusal(400, InventedWording.malformedGrouping(name)) }
            let dimensions = names.map { GroupBy(rawValue: $0.lowercased()) }
            let unsupported = zip(names, dimensions).filter { $0.1?.isOffered(by: endpoint) != true }.map(\.0)
            guard unsupported.isEmpty else { throw Refusal(400, Wording.unsupportedGroupings(unsupported)) }
            let groupBy = dimensions.compactMap { $0 }
            guard Set(groupBy).count == groupBy.count else {
                throw Refusal(400, InventedWording.repeatedGroupBy(name))
            }
            guard groupBy.count < 4 || fourLevelOrders.contains(groupBy) else {
                throw Refusal(400, InventedWording.fourLevelOrder(name))
            }
            checked.append(GroupingRequest(name: name, groupBy: groupBy))
        }
        guard checked.count(where: { $0.groupBy.count == 4 }) <= 1 else {
            throw Refusal(400, InventedWording.tooManyFourLevelGroupings)
        }
        return checked
    }
}

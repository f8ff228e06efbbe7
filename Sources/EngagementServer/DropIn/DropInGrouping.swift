internal import Engagement

/// One grouping of a call: the caller's label and its dimensions, the outermost first (dossier §4.4).
internal struct DropInGrouping: Equatable, Sendable {
    let label: String
    let dimensions: [Dimension]

    /// What counts are divided by, as the API spells it.
    enum Dimension: String, Sendable {
        case tweet = "tweet.id"
        case type = "engagement.type"
        case day = "engagement.day"
        case hour = "engagement.hour"

        fileprivate func isOffered(by endpoint: Endpoint) -> Bool {
            switch self {
            case .tweet, .type: true
            case .day, .hour: endpoint.family == .series
            }
        }
    }

    /// The two orders in which all four dimensions may stand.
    private static let ordersOfFour: [[Dimension]] = [[.tweet, .type, .day, .hour], [.type, .tweet, .day, .hour]]

    /// What a response has beside its groupings, so that no label may be one of these.
    private static let reservedLabels: Set<String> = [
        "start", "end", "errors", DropInAnswer.Key.unavailable, DropInAnswer.Key.tooOldForImpressions,
        DropInAnswer.Key.tooOldForVideo,
    ]

    /// Checks the groupings of a request against what the API allows.
    static func groupings(
        _ requested: [(label: String, groupBy: [String])],
        for endpoint: Endpoint,
        _ hourWithoutDay: DropInConfiguration.HourWithoutDay
    ) throws(DropInRefusal) -> [DropInGrouping] {
        guard !requested.isEmpty else { throw .badRequest("groupings must have at least one member.") }
        guard requested.count <= endpoint.maximumGroupings else {
            throw .badRequest("groupings has more than \(endpoint.maximumGroupings) members.")
        }
        var groupings: [DropInGrouping] = []
        for (label, groupBy) in requested {
            guard !reservedLabels.contains(label), !groupings.contains(where: { $0.label == label }) else {
                throw .badRequest("groupings: \"\(label)\" is a key of the response already.")
            }
            groupings.append(try DropInGrouping(label, groupBy, for: endpoint, hourWithoutDay))
        }
        guard groupings.count(where: { $0.dimensions.count == 4 }) <= 1 else {
            throw .badRequest("Only one of groupings may have four levels.")
        }
        return groupings
    }

    private init(
        _ label: String,
        _ names: [String],
        for endpoint: Endpoint,
        _ hourWithoutDay: DropInConfiguration.HourWithoutDay
    ) throws(DropInRefusal) {
        var dimensions: [Dimension] = []
        var unsupported: [String] = []
        for name in names {
            // One official example spells Tweet.id (dossier §3).
            if let dimension = Dimension(rawValue: name.lowercased()), dimension.isOffered(by: endpoint) {
                dimensions.append(dimension)
            } else {
                unsupported.append(String(name.prefix(40)))
            }
        }
        guard unsupported.isEmpty else { throw .unsupportedGroupings(unsupported) }
        guard !dimensions.isEmpty, Set(dimensions).count == dimensions.count else {
            throw .badRequest("A group_by has one to four names, each once.")
        }
        guard dimensions.count < 4 || DropInGrouping.ordersOfFour.contains(dimensions) else {
            throw .badRequest(
                "Four levels are possible as tweet.id, engagement.type, engagement.day, engagement.hour, or with the first two"
                    + " exchanged."
            )
        }
        if hourWithoutDay == .dayAndHour, !dimensions.contains(.day), let hour = dimensions.firstIndex(of: .hour) {
            dimensions.insert(.day, at: hour)
        }
        self.label = label
        self.dimensions = dimensions
    }
}

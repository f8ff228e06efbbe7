internal import Engagement
internal import GraphQL

/// One key that rows are sorted by.
internal struct RowOrder: Equatable, Sendable {
    let field: Field
    let isDescending: Bool

    enum Field: Equatable, Sendable {
        case tweetID
        case start
        case count
        case metric(EngagementType)
        case gained(EngagementType)
        case engagementRate

        /// Whether it is about what was gained in a bucket.
        var isGain: Bool {
            if case .gained = self { true } else { false }
        }

        /// What has to be known to sort by it.
        var types: EngagementTypeSet {
            switch self {
            case .metric(let type), .gained(let type): EngagementTypeSet(type)
            case .engagementRate: FieldBinding.engagementRate.types
            case .tweetID, .start, .count: []
            }
        }
    }
}

extension RowOrder {
    /// Reads a `TotalsOrder` or `SeriesOrder`.
    internal init?(_ value: InputValue) {
        guard case .object(let members) = value else { return nil }
        var field: Field?
        var isDescending = true
        for member in members {
            guard case .enumeration(let name) = member.value else { continue }
            if member.name == "direction" { isDescending = name == "DESCENDING" }
            if member.name == "field" { field = Field(name) }
        }
        guard let field else { return nil }
        self.init(field: field, isDescending: isDescending)
    }
}

extension RowOrder.Field {
    fileprivate init?(_ name: String) {
        switch name {
        case "TWEET_ID": self = .tweetID
        case "START": self = .start
        case "COUNT": self = .count
        case "ENGAGEMENT_RATE": self = .engagementRate
        default:
            let isGain = name.hasSuffix("_GAINED")
            guard let type = EngagementType(enumName: isGain ? String(name.dropLast(7)) : name) else { return nil }
            self = isGain ? .gained(type) : .metric(type)
        }
    }
}

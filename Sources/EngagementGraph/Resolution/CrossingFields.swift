internal import Engagement
internal import GraphQL

/// The fields of a Tweet that has reached a threshold.
internal enum CrossingFields {
    static func value(_ binding: FieldBinding, of crossing: ThresholdCrossing) -> ResolvedValue<EngagementObject> {
        switch binding {
        case .rowTweetID: .identifier(crossing.tweet.rawValue)
        case .engagementType: .string(crossing.threshold.metric.enumName)
        case .atLeast: .int(crossing.threshold.atLeast)
        case .count: .int(crossing.count)
        case .asOf: .ascii(InlineText(crossing.fetchedAt))
        default: .null
        }
    }
}

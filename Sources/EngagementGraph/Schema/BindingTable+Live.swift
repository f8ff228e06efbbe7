/// The fields of subscriptions.
extension BindingTable {
    static let live = [
        entry(
            "Subscription",
            "totals",
            "[TotalsRow!]!",
            [
                ("tweetIds", "[ID!]"), ("list", "String"), ("groupBy", "[TotalsGrouping!]!"),
                ("orderBy", "[TotalsOrder!]"), ("first", "Int"), ("everySeconds", "Int!"),
            ],
            .totals
        ),
        entry(
            "Subscription",
            "thresholdReached",
            "ThresholdReached!",
            [
                ("tweetIds", "[ID!]"), ("list", "String"), ("metric", "EngagementType!"), ("atLeast", "Long!"),
                ("includeReached", "Boolean!"), ("everySeconds", "Int!"),
            ],
            .thresholdReached
        ),
        entry("ThresholdReached", "tweetId", "ID!", [], .rowTweetID),
        entry("ThresholdReached", "metric", "EngagementType!", [], .engagementType),
        entry("ThresholdReached", "atLeast", "Long!", [], .atLeast),
        entry("ThresholdReached", "count", "Long!", [], .count),
        entry("ThresholdReached", "asOf", "DateTime!", [], .asOf),
    ]
}

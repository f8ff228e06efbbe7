internal import Engagement

/// The fields of `growth`.
extension BindingTable {
    static let growth: [Entry] =
        [
            entry(
                "Query",
                "growth",
                "[GrowthRow!]!",
                [
                    ("tweetIds", "[ID!]"), ("list", "String"), ("start", "DateTime"), ("end", "DateTime"),
                    ("groupBy", "[GrowthGrouping!]!"), ("timeZone", "String!"), ("orderBy", "[GrowthOrder!]"),
                    ("first", "Int"),
                ],
                .growth
            ),
            entry("GrowthRow", "tweetId", "ID", [], .rowTweetID),
            entry("GrowthRow", "start", "DateTime!", [], .start),
            entry("GrowthRow", "end", "DateTime!", [], .end),
            entry("GrowthRow", "date", "Date", [], .date),
            entry("GrowthRow", "asOf", "DateTime", [], .asOf),
        ]
        + EngagementTypeSet.totals.types.flatMap { type in
            [
                entry("GrowthRow", type.fieldName, "Long", [], .metric(type)),
                entry("GrowthRow", type.fieldName + "Gained", "Long", [], .gained(type)),
            ]
        }
}

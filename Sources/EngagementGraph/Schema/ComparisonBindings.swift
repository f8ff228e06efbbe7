/// The fields of `compare`.
internal enum ComparisonBindings {
    static let entries: [BindingTable.Entry] = [
        BindingTable.entry(
            "Query",
            "compare",
            "[ComparisonRow!]!",
            [("groups", "[CompareGroup!]!"), ("by", "AgeUnit"), ("ages", "Int!")],
            .compare
        ),
        BindingTable.entry("ComparisonRow", "group", "String!", [], .comparedGroup),
        BindingTable.entry("ComparisonRow", "size", "Int!", [], .comparedSize),
        BindingTable.entry("ComparisonRow", "age", "Int", [], .comparedAge),
        BindingTable.entry("ComparisonRow", "total", "Long", number, .compared(.total)),
        BindingTable.entry("ComparisonRow", "perTweet", "Float", number, .compared(.perTweet)),
        BindingTable.entry("ComparisonRow", "difference", "Float", number, .compared(.difference)),
        BindingTable.entry("ComparisonRow", "ratio", "Float", number, .compared(.ratio)),
        BindingTable.entry("ComparisonRow", "rate", "Float", BindingTable.rated, .rate),
        BindingTable.entry("ComparisonRow", "asOf", "DateTime", [], .asOf),
    ]

    private static let number = [("of", "EngagementType!"), ("as", "SeriesValue")]
}

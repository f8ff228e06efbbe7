public import Engagement

/// Every field that a resolver exists for, with the type and arguments that the resolver counts on.
internal enum BindingTable {
    struct Entry {
        let type: String
        let field: String
        let result: String
        let arguments: [(name: String, type: String)]
        let binding: FieldBinding
    }

    static let entries: [Entry] =
        query + mutation + tweet + ListBindings.entries + rows("TotalsRow", .totals) + rows("SeriesRow", .series)
        + seriesKeys + growth + ComparisonBindings.entries + ConnectionBindings.entries + live

    private static let query = [
        entry("Query", "tweet", "Tweet!", [("id", "ID!")], .tweet),
        entry("Query", "tweets", "[Tweet!]!", [("ids", "[ID!]!")], .tweets),
        entry(
            "Query",
            "totals",
            "[TotalsRow!]!",
            [
                ("tweetIds", "[ID!]"), ("list", "String"), ("groupBy", "[TotalsGrouping!]!"),
                ("orderBy", "[TotalsOrder!]"), ("first", "Int"), ("asOf", "DateTime"),
            ],
            .totals
        ),
        entry("Query", "last28Hours", "[SeriesRow!]!", selected + zoned + sorted, .last28Hours),
        entry(
            "Query",
            "historical",
            "[SeriesRow!]!",
            selected + windowed + zoned + sorted,
            .historical
        ),
    ]

    private static let mutation = [
        entry(
            "Mutation",
            "purge",
            "PurgeResult!",
            [
                ("tweetIds", "[ID!]"), ("list", "String"), ("account", "String"), ("family", "MetricFamily"),
                ("everything", "Boolean!"), ("soft", "Boolean!"),
            ],
            .purge
        ),
        entry("PurgeResult", "purgedAt", "DateTime!", [], .purgedAt),
        entry("PurgeResult", "isDurable", "Boolean!", [], .isDurable),
        entry("PurgeResult", "isPublished", "Boolean", [], .isPublished),
    ]

    private static let tweet = [
        entry("Tweet", "id", "ID!", [], .id),
        entry("Tweet", "createdAt", "DateTime", [], .createdAt),
        entry("Tweet", "totals", "TotalsRow!", [("asOf", "DateTime")], .totals),
        entry("Tweet", "last28Hours", "[SeriesRow!]!", zoned, .last28Hours),
        entry("Tweet", "historical", "[SeriesRow!]!", windowed + zoned, .historical),
    ]

    private static let seriesKeys = [
        entry("SeriesRow", "start", "DateTime!", [], .start),
        entry("SeriesRow", "end", "DateTime!", [], .end),
        entry("SeriesRow", "date", "Date", [], .date),
        entry("SeriesRow", "hourOfDay", "Int", [], .hourOfDay),
        entry("SeriesRow", "source", "MetricSource", [], .source),
        entry("SeriesRow", "mediaClicks", "Long", along, .metric(.mediaEngagements)),
    ]

    private static func rows(_ type: String, _ family: MetricFamily) -> [Entry] {
        let types: EngagementTypeSet = family == .totals ? .totals : .series
        let along = family == .totals ? [] : along
        return [
            entry(type, "tweetId", "ID", [], .rowTweetID),
            entry(type, "engagementType", "EngagementType", [], .engagementType),
            entry(type, "count", "Long", along, .count),
            entry(type, "engagementRate", "Float", [], .engagementRate),
            entry(type, "rate", "Float", rated, .rate),
            entry(type, "asOf", "DateTime", [], .asOf),
        ] + types.types.map { entry(type, $0.fieldName, "Long", along, .metric($0)) }
    }

    private static let selected = [("tweetIds", "[ID!]"), ("list", "String")]
    private static let zoned = [("groupBy", "[SeriesGrouping!]!"), ("timeZone", "String!")]
    private static let windowed = [("start", "DateTime"), ("end", "DateTime")]
    private static let along = [("as", "SeriesValue")]
    static let rated = [("of", "EngagementType!"), ("per", "EngagementType!"), ("times", "Int!")]
    private static let sorted = [("orderBy", "[SeriesOrder!]"), ("first", "Int")]

    static func entry(
        _ type: String,
        _ field: String,
        _ result: String,
        _ arguments: [(String, String)],
        _ binding: FieldBinding
    ) -> Entry {
        Entry(
            type: type,
            field: field,
            result: result,
            arguments: arguments.map { (name: $0.0, type: $0.1) },
            binding: binding
        )
    }
}

extension EngagementType {
    /// The name of its field: `quoteTweets`.
    public var fieldName: String {
        let words = wireName.split(separator: "_")
        return words.dropFirst().reduce(String(words[0])) { $0 + $1.prefix(1).uppercased() + $1.dropFirst() }
    }

    /// The name of its value in the enum `EngagementType`: `QUOTE_TWEETS`.
    public var enumName: String { wireName.uppercased() }

    /// The type of that name in an enum, or nil.
    internal init?(enumName: String) {
        self.init(wireName: enumName.lowercased())
    }
}

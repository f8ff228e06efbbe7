/// The fields that show and change lists.
internal enum ListBindings {
    static let entries: [BindingTable.Entry] =
        roots
        + [
            BindingTable.entry("TweetList", "name", "String!", [], .listName),
            BindingTable.entry("TweetList", "description", "String", [], .listDescription),
            BindingTable.entry("TweetList", "account", "String", [], .listAccount),
            BindingTable.entry("TweetList", "isConfigured", "Boolean!", [], .listIsConfigured),
            BindingTable.entry("TweetList", "size", "Int!", [], .listSize),
            BindingTable.entry("TweetList", "tweetIds", "[ID!]!", [("first", "Int"), ("after", "ID")], .listTweetIDs),
            BindingTable.entry("TweetList", "refresh", "ListRefresh", [], .listRefresh),
            BindingTable.entry("ListRefresh", "everySeconds", "Int", [], .refreshEverySeconds),
            BindingTable.entry("ListRefresh", "totals", "[EngagementType!]!", [], .refreshTotals),
            BindingTable.entry("ListRefresh", "last28Hours", "[EngagementType!]!", [], .refreshLast28Hours),
            BindingTable.entry("ListRefresh", "historical", "[EngagementType!]!", [], .refreshHistorical),
            BindingTable.entry("ListRefresh", "historicalDays", "Int!", [], .refreshHistoricalDays),
            BindingTable.entry("ListRefresh", "refreshedAt", "DateTime", [], .refreshedAt),
            BindingTable.entry("ListRefresh", "numbers", "Long!", [], .refreshNumbers),
            BindingTable.entry("ListRefresh", "warmNumbers", "Long!", [], .refreshWarmNumbers),
        ]

    private static let roots = [
        BindingTable.entry("Query", "lists", "[TweetList!]!", [], .lists),
        BindingTable.entry("Query", "list", "TweetList", [("name", "String!")], .list),
        BindingTable.entry(
            "Mutation",
            "saveList",
            "TweetList",
            members + [("description", "String"), ("account", "String"), ("refresh", "ListRefreshInput")],
            .saveList
        ),
        BindingTable.entry("Mutation", "addToList", "TweetList", members, .addToList),
        BindingTable.entry("Mutation", "removeFromList", "TweetList", members, .removeFromList),
        BindingTable.entry("Mutation", "removeList", "TweetList", [("name", "String!")], .removeList),
    ]

    private static let members = [("name", "String!"), ("tweetIds", "[ID!]!")]
}

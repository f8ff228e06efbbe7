/// The fields of a list's connection.
internal enum ConnectionBindings {
    static let entries: [BindingTable.Entry] = [
        BindingTable.entry(
            "TweetList",
            "tweets",
            "TweetConnection!",
            [("first", "Int!"), ("after", "String")],
            .listTweets
        ),
        BindingTable.entry("TweetConnection", "edges", "[TweetEdge!]!", [], .edges),
        BindingTable.entry("TweetConnection", "nodes", "[Tweet!]!", [], .nodes),
        BindingTable.entry("TweetConnection", "pageInfo", "PageInfo!", [], .pageInfo),
        BindingTable.entry("TweetConnection", "totalCount", "Int!", [], .totalCount),
        BindingTable.entry("TweetEdge", "node", "Tweet!", [], .node),
        BindingTable.entry("TweetEdge", "cursor", "String!", [], .cursor),
        BindingTable.entry("PageInfo", "hasNextPage", "Boolean!", [], .hasNextPage),
        BindingTable.entry("PageInfo", "hasPreviousPage", "Boolean!", [], .hasPreviousPage),
        BindingTable.entry("PageInfo", "startCursor", "String", [], .startCursor),
        BindingTable.entry("PageInfo", "endCursor", "String", [], .endCursor),
    ]
}

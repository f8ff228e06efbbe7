import EngagementGraph
import GraphQL
import Testing

@Suite("The binding of schema.graphql")
struct SchemaBindingTests {
    struct Change: CustomStringConvertible, Sendable {
        let from: String
        let to: String
        let problem: String
        var description: String { problem }
    }

    @Test("The schema of the package binds")
    func bindsTheSchema() throws {
        _ = try EngagementSchema(GraphFixture.source())
    }

    @Test(
        "A schema that does not fit is refused with what is wrong",
        arguments: [
            Change(
                from: "  favorites: Long\n  \"Retweets without quote Tweets.\"\n",
                to: "  likes: Long\n",
                problem: "there is no TotalsRow.favorites: Long"
            ),
            Change(
                from: "  quoteTweets: Long\n",
                to: "  quoteTweets: Float\n",
                problem: "TotalsRow.quoteTweets is Float, not Long"
            ),
            Change(
                from: "  quoteTweets: Long\n",
                to: "  quoteTweets: Long\n  bookmarks: Long\n",
                problem: "nothing resolves TotalsRow.bookmarks"
            ),
            Change(
                from: "tweet(id: ID!): Tweet!",
                to: "tweet(number: ID!): Tweet!",
                problem: "Query.tweet takes (number: ID!), not (id: ID!)"
            ),
            Change(
                from: "  staleOk: Boolean\n",
                to: "  staleOk: Boolean!\n",
                problem: "@fresh takes (maxAge: Int, staleOk: Boolean!), not (maxAge: Int, staleOk: Boolean)"
            ),
        ]
    )
    func refusesOtherSchemas(_ change: Change) throws {
        let text = String(decoding: try GraphFixture.source().bytes, as: UTF8.self)
        try #require(text.contains(change.from))
        let changed = text.replacing(change.from, with: change.to)
        let error = #expect(throws: SchemaBindingError.self) {
            _ = try EngagementSchema(Source([UInt8](changed.utf8), name: "changed"))
        }
        #expect(error?.problems.contains(change.problem) == true, "\(String(describing: error))")
    }
}

import EngagementServer
import Foundation
import TestSupport
import Testing

@Suite("Saved queries")
struct SavedQueryNamesTests {
    @Test(
        "A variable with the name of a parameter of rows stops the start, and the reason names it",
        arguments: ["quote", "delimiter", "decimal", "bom", "header", "limit", "cursor", "key"]
    )
    func reserved(_ name: String) throws {
        let folder = try TemporaryFolder()
        let query = "query ($ids: [ID!]!, $\(name): Int) { totals(tweetIds: $ids, first: $\(name)) { favorites } }"
        try Data(query.utf8).write(to: folder.url.appending(path: "mine.graphql"))
        #expect {
            _ = try TestBed { server, _ in server.queriesFolder = folder.url.path }
        } throws: { error in
            "\(error)".contains("mine.graphql: The variable \"$\(name)\" needs another name")
        }
    }
}

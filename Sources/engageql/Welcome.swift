import Engagement
import EngagementAPI
import EngagementServer
import Foundation

/// A query to paste, and what it answers: the two Tweets of the API's own getting-started guide (dossier §4.1 D).
enum Welcome {
    private static let query =
        #"{ tweets(ids: ["1260294888811347969", "850006245121695744"]) { id createdAt totals { favorites retweets quoteTweets replies } } }"#

    static func show(_ base: String, asksForKeys: Bool) async {
        let key = asksForKeys ? " -H \"authorization: Bearer $\(RemoteServer.keyVariable)\"" : ""
        Terminal.print("")
        Terminal.print("Open \(base)/ in a browser for charts. Or try:")
        Terminal.print("  curl '\(base)/graphql' -H 'content-type: application/json' -d '\(body)'\(key)")
        Terminal.print("")
        Terminal.print("It answers:")
        Terminal.print("  " + (await answer(from: base)))
        Terminal.print("")
        Terminal.print("As a table:   curl '\(base)/q/top-tweets.csv?ids=1260294888811347969,850006245121695744'\(key)")
        Terminal.print("The contract: curl '\(base)/schema.graphql'\(key)")
        Terminal.print("Counters:     curl '\(base)/metrics'\(key)")
        Terminal.print("Stop with Ctrl-C.")
    }

    private static var body: String {
        let escaped = query.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"")
        return #"{"query":"\#(escaped)"}"#
    }

    private static func answer(from base: String) async -> String {
        let request = TransportRequest(
            method: "POST",
            url: base + "/graphql",
            headers: [HTTPHeader("Content-Type", "application/json")],
            body: Array(body.utf8)
        )
        do throws(Failure) {
            return String(decoding: try await RemoteServer(base).send(request, within: 30).body, as: UTF8.self)
        } catch {
            return "(no answer: \(error))"
        }
    }
}

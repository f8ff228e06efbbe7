import Engagement
import EngagementSandbox
import EngagementServer
import Foundation
import JSON
import Settings
import TestSupport
import Testing

@Suite("Lists of a server")
struct ListTests {
    private static let ids = ["2120788687057846272", "2105568396702646272"]

    @Test("A list that is refreshed is warm before anybody asks, and it is told how far")
    func warm() async throws {
        let name = try #require(ListName("autumn"))
        let tweets = Self.ids.compactMap { TweetID($0) }
        let bed = try TestBed { server, _ in
            server.lists = [NamedList(name, tweets, refresh: ListRefresh(), isConfigured: true)]
        }
        let status =
            "{ list(name: \"autumn\") { isConfigured refresh { everySeconds numbers warmNumbers refreshedAt } } }"
        try await until { try await bed.ask(status)["data"]?["list"]?["refresh"]?["refreshedAt"] != .null }
        let list = try await bed.ask(status)["data"]?["list"]
        #expect(list?["isConfigured"] == .boolean(true))
        #expect(list?["refresh"]?["numbers"] == .integer(10) && list?["refresh"]?["warmNumbers"] == .integer(10))

        bed.sandbox.forgetCalls()
        let rows = try await bed.ask("{ totals(list: \"autumn\") { tweetId favorites retweets videoViews } }")
        #expect(rows["data"]?["totals"]?.array?.map { $0["tweetId"]?.string } == Self.ids)
        #expect(bed.sandbox.calls.isEmpty)

        let metrics = try await bed.send("GET", "/metrics", headers: []).text
        #expect(metrics.contains("engageql_list_tweets{list=\"autumn\"} 2\n"))
        #expect(metrics.contains("engageql_list_warm_numbers{list=\"autumn\"} 10\n"))
        #expect(metrics.contains("engageql_refresh_calls_total 1\n"))
        await bed.server.drain()
    }

    @Test("The tag of an answer is another one for other members, also where no number tells them apart")
    func entityTag() async throws {
        let bed = try TestBed()
        _ = try await bed.ask("mutation { saveList(name: \"a\", tweetIds: [\"\(Self.ids[0])\"]) { size } }")
        let path = "/graphql?query=%7Btotals(list%3A%22a%22)%7BtweetId%7D%7D"
        let first = try await bed.send("GET", path, headers: [])
        let tag = try #require(first.header("ETag"))
        let conditions = [(name: "If-None-Match", value: tag)]
        #expect(try await bed.send("GET", path, headers: conditions).status == 304)
        _ = try await bed.ask("mutation { saveList(name: \"a\", tweetIds: [\"\(Self.ids[1])\"]) { size } }")
        let second = try await bed.send("GET", path, headers: conditions)
        #expect(second.status == 200 && second.text.contains(Self.ids[1]))
        await bed.server.drain()
    }

    @Test("What a query over a saved list costs is told beside a running server")
    func explained() async throws {
        let bed = try TestBed()
        let ids = Self.ids.map { "\"\($0)\"" }.joined(separator: ", ")
        _ = try await bed.ask("mutation { saveList(name: \"a\", tweetIds: [\(ids)]) { size } }")
        let request = ExplainRequest(query: "{ totals(list: \"a\") { favorites } }")
        let answer = try JSONValue(parsing: bed.explainer().response(to: request))
        let explanation = answer["extensions"]?["explain"]
        #expect(explanation?["calls"]?.array?.count == 1 && explanation?["tweets"] == .integer(2))
        await bed.server.drain()
    }

    @Test("Lists of the configuration are read with their files, relative to it")
    func configuration() throws {
        let folder = try TemporaryFolder()
        try Data("# autumn\r\n7\r\n\r\n 9 \n7\n".utf8).write(to: URL(filePath: folder.path("autumn.txt")))
        let text = """
            lists:
              - name: autumn
                description: Q4
                file: autumn.txt
                refresh: {everySeconds: 900, last28Hours: [urlClicks]}
              - name: inline
                tweetIds: [5, "6"]
            """
        let lists = try configuration(text, in: folder).lists
        let refresh = ListRefresh(everySeconds: 900, last28Hours: EngagementTypeSet(.urlClicks))
        #expect(lists.map(\.name.rawValue) == ["autumn", "inline"])
        #expect(lists.map { $0.tweets.map(\.rawValue) } == [[7, 9], [5, 6]])
        #expect(lists.map(\.refresh) == [refresh, nil])
        #expect(!lists.contains { !$0.isConfigured })
    }

    @Test(
        "Mistakes are told with file, line and key",
        arguments: [
            ("lists: [{name: a b, tweetIds: []}]", "engageql.yaml:1: lists[0].name: expected 1 to 100 letters"),
            ("lists:\n  - name: a", "engageql.yaml:2: lists[0]: expected tweetIds or file"),
            (
                "lists:\n  - name: a\n    tweetIds: [1, x]",
                "engageql.yaml:3: lists[0].tweetIds[1]: expected a Tweet's id"
            ),
            ("lists:\n  - name: a\n    file: none.txt", "engageql.yaml:3: lists[0].file: "),
            ("lists:\n  - name: a\n    file: bad.txt", "bad.txt:2: lists[0].file: \"x1\" is no Tweet id"),
            ("lists: [{name: a, tweetIds: []}, {name: a, tweetIds: []}]", "there are two lists named a"),
            (
                "lists:\n  - name: a\n    tweetIds: []\n    refresh: {totals: [urlClicks]}",
                "engageql.yaml:4: lists[0].refresh.totals[0]: expected one of impressions"
            ),
            (
                "lists: [{name: a, tweetIds: [], refresh: {everySeconds: 5}}]",
                "refresh.everySeconds: expected a whole number"
            ),
        ]
    )
    func mistakes(_ text: String, _ expected: String) throws {
        let folder = try TemporaryFolder()
        try Data("1\nx1\n".utf8).write(to: URL(filePath: folder.path("bad.txt")))
        let error = #expect(throws: SettingsError.self) { try configuration(text, in: folder) }
        #expect("\(String(describing: error))".contains(expected))
    }

    @Test("A list of an account whose numbers queries do not show keeps the server from starting")
    func foreignAccount() throws {
        #expect(throws: ServerError.self) {
            try TestBed { server, _ in
                let name = try #require(ListName("a"))
                server.lists = [NamedList(name, [], account: AccountName("eve"), isConfigured: true)]
            }
        }
    }

    @discardableResult
    private func configuration(_ text: String, in folder: TemporaryFolder) throws -> ServerConfiguration {
        let path = folder.path("engageql.yaml")
        try Data(text.utf8).write(to: URL(filePath: path))
        return try ServerConfiguration(path: path, environment: [:])
    }
}

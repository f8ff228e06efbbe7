import Foundation
import Glibc
import JSON
import TestSupport
import Testing

extension CommandTests {
    @Suite("engageql explain")
    struct ExplainTests {
        private static let query =
            #"query Q($ids: [ID!]!) { totals(tweetIds: $ids) { favorites } historical(tweetIds: $ids, "#
            + #"start: "2026-05-01", end: "2026-06-20", groupBy: [TWEET, DAY]) { impressions } }"#
        private static let variables = #"{"ids": ["1260294888811347969", "1720140212187844609"]}"#

        private static let uncached = """
            cached   totals of 2 Tweets: 0 of 2 numbers fresh, 2 missing
            cached   series of 2 Tweets by day, 2026-05-01T00:00:00Z to 2026-06-20T00:00:00Z: 0 of 100 numbers fresh, 100 missing
            call     totals as the app: 2 Tweets, favorites
            call     historical as account acme: 2 Tweets, impressions, by day, 2026-05-01T00:00:00Z to 2026-05-29T00:00:00Z
            call     historical as account acme: 2 Tweets, impressions, by day, 2026-05-29T00:00:00Z to 2026-06-20T00:00:00Z
            sum      3 calls, 2 Tweets, 2 of them new to the month; 3 calls if nothing were cached; the answer waits

            """

        private static let cached = """
            cached   totals of 2 Tweets: 2 of 2 numbers fresh; 1 Tweet known to be unavailable
            cached   series of 2 Tweets by day, 2026-05-01T00:00:00Z to 2026-06-20T00:00:00Z: 100 of 100 numbers fresh; \
            1 Tweet known to be unavailable
            sum      no call; 3 calls if nothing were cached; the answer is there

            """

        /// What it prints beside the data folder of a sandbox.
        private static func explain(_ folder: TemporaryFolder, _ arguments: [String] = []) throws -> Tool {
            let tool = try Tool(
                ["explain", query, "--variables", variables, "--sandbox", "--data", folder.url.path] + arguments
            )
            #expect(tool.end() == .exit(0))
            return tool
        }

        /// Asks the query of a server.
        private static func ask(_ port: UInt16) throws {
            let query = query.replacing("\"", with: "\\\"")
            let body = #"{"query":"\#(query)","variables":\#(variables)}"#
            #expect(try Tool.send("POST", "/graphql", port: port, body: Array(body.utf8)).status == 200)
        }

        @Test(
            "It tells the calls, then that there are none, beside a server that runs, was killed, was stopped, and from it"
        )
        func plans() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                #expect(try Self.explain(folder).standardOutput == Self.uncached)
                #expect(folder.files.isEmpty)

                let server = try Tool.serve(data: folder.url.path)
                let remote = ["explain", Self.query, "--variables", Self.variables, "--server"]
                let first = try Tool(remote + ["http://127.0.0.1:\(server.port)"])
                #expect(first.end() == .exit(0))
                #expect(first.standardOutput == Self.uncached)
                try Self.ask(server.port)
                let second = try Tool(remote + ["http://127.0.0.1:\(server.port)/graphql"])
                #expect(second.end() == .exit(0))
                #expect(second.standardOutput == Self.cached)
                #expect(try server.get("/metrics").text.contains("engageql_upstream_tweets_total 6\n"))

                // A server writes what it learns a moment later; then nothing changes any more.
                #expect(eventually { (try? Self.explain(folder).standardOutput) == Self.cached })
                #expect(eventually { (try? Self.traces(in: folder)) == [] })
                server.signal(SIGKILL)
                #expect(server.end() == .signal(SIGKILL))
                #expect(try Self.traces(in: folder) == [])
                let last = try Tool.serve(data: folder.url.path)
                last.signal(SIGTERM)
                #expect(last.end() == .exit(0))
                #expect(folder.files.keys.allSatisfy { $0.hasSuffix(".sqlite") })
                #expect(try Self.traces(in: folder) == [])
                #expect(!last.standardError.contains("was moved to"))
            }
        }

        /// The files that are not as they were after somebody looked, but for the index of a log, where SQLite keeps track of
        /// its readers. Expects that everything is cached.
        private static func traces(in folder: TemporaryFolder) throws -> [String] {
            let before = folder.files
            #expect(try explain(folder).standardOutput == cached)
            let after = folder.files
            return Set(before.keys).union(after.keys).filter { name in
                name.hasSuffix("-shm") ? (before[name] == nil) != (after[name] == nil) : before[name] != after[name]
            }.sorted()
        }

        @Test(
            "--json prints extensions.explain; query and variables may stand in files, and the query on standard input"
        )
        func sources() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let query = try folder.write("q.graphql", "query A { __typename } " + Self.query)
                let variables = try folder.write("v.json", Self.variables)
                let options = [
                    "--operation", "Q", "--variables", "@\(variables)", "--sandbox", "--data", folder.path("d"),
                    "--json",
                ]
                for (argument, input) in [("@\(query)", ""), ("-", Self.query)] {
                    let tool = try Tool(["explain", argument] + options, input: input)
                    #expect(tool.end() == .exit(0))
                    let explanation = try JSONValue(parsing: Array(tool.standardOutput.utf8))
                    #expect(explanation["calls"]?.array?.count == 3)
                    #expect(explanation["waits"] == .boolean(true))
                    #expect(tool.standardOutput.last == "\n")
                }
            }
        }

        @Test("Without accounts, and without their secrets, it tells what would be asked")
        func accounts() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let query = #"{ totals(tweetIds: ["12"]) { impressions } }"#
                for (name, accounts) in [
                    ("owner", "[]"),
                    ("globex", "[{name: globex, consumerKey: {env: HUSH}, consumerSecret: {file: /nowhere}}]"),
                ] {
                    let file = try folder.write(
                        "engageql.yaml",
                        "accounts: \(accounts)\ncache: {folder: \(folder.path("d"))}\n"
                    )
                    let tool = try Tool(["explain", query, "--config", file])
                    #expect(tool.end() == .exit(0))
                    #expect(tool.standardOutput.contains("call     totals as account \(name): 1 Tweet, impressions\n"))
                    #expect(tool.standardError.contains("there is no \(folder.path("d"))/cache.sqlite"))
                }
            }
        }

        @Test(
            "A query that cannot be run is printed with its errors, and ends with 1",
            arguments: [
                (["{ nothing }"], "<query>:1:3: error: Cannot query field \"nothing\""),
                (["{"], "<query>:1:2: error: Syntax Error"),
                (["query Q($id: ID!) { tweet(id: $id) { id } }"], "$id"),
                (["query A { __typename } query B { __typename }"], "operation"),
                (["{ historical(tweetIds: [1], start: \"2026-11-10\", end: \"2026-11-09\") { replies } }"], "error: "),
            ]
        )
        func errors(_ arguments: [String], _ text: String) async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let tool = try Tool(["explain"] + arguments + ["--data", folder.url.path])
                #expect(tool.end() == .exit(1))
                #expect(tool.standardOutput.contains(text), "\(tool.standardOutput)")
                let json = try Tool(["explain"] + arguments + ["--data", folder.url.path, "--json"])
                #expect(json.end() == .exit(1))
                #expect(try JSONValue(parsing: Array(json.standardOutput.utf8))["errors"]?[0]?["message"] != nil)
            }
        }

        @Test(
            "Whatever else is wrong has its exit code",
            arguments: [
                (["@/nowhere.graphql"], 66, "/nowhere.graphql cannot be read"),
                (["{ __typename }", "--variables", "@/nowhere.json"], 66, "/nowhere.json cannot be read"),
                (["{ __typename }", "--variables", "{"], 64, "variables are a JSON object"),
                (["{ __typename }", "--variables", "[1]"], 64, "variables are a JSON object"),
                (["{ __typename }", "--server", "localhost"], 64, "http://127.0.0.1:8080"),
                (["{ __typename }", "--server", "http://127.0.0.1:1", "--sandbox"], 64, "--server"),
                (
                    ["{ __typename }", "--server", "http://127.0.0.1:1"], 69,
                    "http://127.0.0.1:1/graphql cannot be asked"
                ),
                (["{ __typename }", "--config", "/nowhere.yaml"], 78, "/nowhere.yaml"),
                ([], 64, "query"),
            ] as [([String], Int32, String)]
        )
        func refused(_ arguments: [String], _ code: Int32, _ text: String) async throws {
            try await onThread {
                let tool = try Tool(["explain"] + arguments)
                #expect(tool.end() == .exit(code))
                #expect(tool.standardError.contains(text), "\(tool.standardError)")
                #expect(tool.standardOutput == "")
            }
        }

        @Test("A server that explains nothing is told from one that does")
        func otherServer() async throws {
            try await onThread {
                let sandbox = try Tool(["sandbox", "--port", "0"])
                let port = try sandbox.waitUntilListening()
                let tool = try Tool(["explain", "{ __typename }", "--server", "http://127.0.0.1:\(port)/"])
                #expect(tool.end() == .exit(69))
                #expect(tool.standardError.contains("no GraphQL: is it an EngageQL server?"), "\(tool.standardError)")
            }
        }
    }
}

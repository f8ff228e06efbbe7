import Foundation
import Glibc
import TestSupport
import Testing

extension CommandTests {
    @Suite("engageql query, when something is wrong")
    struct QueryTroubleTests {
        private static let query = QueryCommandTests.query
        private static let table = QueryCommandTests.table

        @Test("A folder that a server has open is left alone, and is there again when it has stopped")
        func folderInUse() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let server = try Tool.serve(data: folder.url.path)
                let refused = try QueryCommandTests.local(folder, [Self.query])
                #expect(refused.end() == .exit(69))
                #expect(refused.standardError.contains("in use by another process"), "\(refused.standardError)")
                #expect(refused.standardError.contains("--server"))
                let answer = try Tool([
                    "query", Self.query, "--format", "table", "--server", "http://127.0.0.1:\(server.port)/",
                ])
                #expect(answer.end() == .exit(0))
                #expect(answer.standardOutput == Self.table)
                server.signal(SIGTERM)
                #expect(server.end() == .exit(0))
                let later = try QueryCommandTests.local(folder, [Self.query, "--format", "table"])
                #expect(later.end() == .exit(0))
                #expect(later.standardOutput == Self.table)
            }
        }

        @Test("Numbers that cannot be had end with 69 and leave a file as it was; old ones do, and it is said")
        func failures() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let server = try Tool.serve(
                    data: folder.path("data"),
                    environment: ["ENGAGEQL_UPSTREAM_ATTEMPTS": "1", "ENGAGEQL_LOG_LEVEL": "critical"]
                )
                let remote = ["--server", "http://127.0.0.1:\(server.port)"]
                let first = try Tool(["query", Self.query] + remote)
                #expect(first.end() == .exit(0))
                let faults = Array(#"{"faults": [{"fault": "503"}]}"#.utf8)
                #expect(try Tool.send("PUT", "/sandbox/faults", port: server.sandboxPort, body: faults).status == 200)

                let file = try folder.write("rows.csv", "as it was")
                let failed = try Tool(
                    [
                        "query", Self.query.replacing("1260294888811347969", with: "1260294888811347970"), "--output",
                        file,
                    ] + remote
                )
                #expect(failed.end() == .exit(69))
                #expect(failed.standardError.contains("engageql: UPSTREAM_UNAVAILABLE: "), "\(failed.standardError)")
                #expect(failed.standardError.contains("Ask again later."))
                #expect(folder.files["rows.csv"] == Data("as it was".utf8))
                #expect(folder.files["rows.csv.partial"] == nil)

                // A number is too old as soon as it is not of this second.
                let isTold = eventually {
                    let query = "query @fresh(maxAge: 0) " + Self.query
                    guard let old = try? Tool(["query", query, "--format", "table"] + remote) else { return false }
                    return old.end() == .exit(0) && old.standardOutput == Self.table
                        && old.standardError.contains("engageql: STALE: numbers as of 20")
                }
                #expect(isTold)
            }
        }

        @Test("Ctrl-C ends it at once, without a file, whoever answers", arguments: [true, false])
        func interrupted(_ isLocal: Bool) async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let slow = try folder.write("sandbox.yaml", "latencyMilliseconds: 300000")
                let arguments = ["--sandbox-config", slow]
                let environment = ["ENGAGEQL_SERVER_DEADLINE_SECONDS": "300"]
                let server =
                    isLocal
                    ? nil : try Tool.serve(data: folder.path("data"), arguments, environment: environment)
                let place =
                    server.map { ["--server", "http://127.0.0.1:\($0.port)"] }
                    ?? arguments + ["--sandbox", "--data", folder.path("data")]
                let tool = try Tool(
                    ["query", Self.query, "--output", folder.path("rows.csv")] + place,
                    environment: environment
                )
                // It is there before anything is asked, and the answer comes in five minutes.
                #expect(eventually { folder.files["rows.csv.partial"] != nil })
                tool.signal(SIGINT)
                #expect(tool.end() == .exit(130))
                #expect(folder.files.keys.filter { $0.hasPrefix("rows") }.isEmpty)
            }
        }

        @Test(
            "Whatever is wrong has its exit code, and says what to do",
            arguments: [
                (["{ nothing }", "--sandbox"], 1, "<query>:1:3: error: Cannot query field \"nothing\""),
                (["query Q($id: ID!) { tweet(id: $id) { id } }", "--sandbox"], 1, "$id"),
                (["mutation { purge(everything: true) { purgedAt } }", "--sandbox"], 1, "mutation"),
                (["nowhere", "--sandbox"], 1, "There is no saved query \"nowhere\""),
                (["top-tweets", "--sandbox"], 1, "\"ids\" ([ID!]!) is required"),
                (["top-tweets", "ids=12", "by=LUCK", "--sandbox"], 1, "LUCK"),
                (["{ lists { name } }", "ids=12", "--sandbox"], 64, "--variables"),
                (["top-tweets", "ids=12", "limit=5", "--sandbox"], 64, "first"),
                (["top-tweets", "ids"], 64, "name=value"),
                (["top-tweets", "--operation", "Q"], 64, "--operation"),
                (["top-tweets", "--variables", #"{"ids": {"a": 1}}"#], 64, "ids is an object"),
                (["top-tweets", "ids=12", "--format", "sparkline", "--sandbox"], 64, "groupBy|rows by HOUR"),
                (["top-tweets", "--format", "picture"], 64, "--format"),
                (["top-tweets", "--server", "http://127.0.0.1:1", "--sandbox"], 64, "--server"),
                (["top-tweets", "--server", "localhost"], 64, "http://127.0.0.1:8080"),
                (["@/nowhere.graphql", "--sandbox"], 66, "/nowhere.graphql cannot be read"),
                (
                    ["{ __typename }", "--server", "http://127.0.0.1:1"], 69,
                    "http://127.0.0.1:1/graphql cannot be asked"
                ),
                (["{ __typename }", "--sandbox", "--output", "/nowhere/rows.csv"], 73, "/nowhere/rows.csv"),
                (["{ __typename }", "--config", "/nowhere.yaml"], 78, "/nowhere.yaml"),
                (["{ __typename }"], 78, "no account is configured"),
            ] as [([String], Int32, String)]
        )
        func refused(_ arguments: [String], _ code: Int32, _ text: String) async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let isLocal = !arguments.contains("--server")
                let tool = try Tool(["query"] + arguments + (isLocal ? ["--data", folder.url.path] : []))
                #expect(tool.end() == .exit(code))
                let texts = text.split(separator: "|")
                #expect(texts.contains { tool.standardError.contains($0) }, "\(tool.standardError)")
                #expect(tool.standardOutput == "")
            }
        }

        @Test("A server that has no rows is told from one that does")
        func otherServer() async throws {
            try await onThread {
                let sandbox = try Tool(["sandbox", "--port", "0"])
                let port = try sandbox.waitUntilListening()
                let tool = try Tool(["query", "{ __typename }", "--server", "http://127.0.0.1:\(port)/"])
                #expect(tool.end() == .exit(69))
                #expect(tool.standardError.contains("is it an EngageQL server?"), "\(tool.standardError)")
            }
        }
    }
}

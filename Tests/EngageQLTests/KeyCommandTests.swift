import Foundation
import Glibc
import JSON
import TestSupport
import Testing

extension CommandTests {
    @Suite("Keys on the command line")
    struct KeyCommandTests {
        /// What `key new` prints: the key, and what to put into the configuration.
        private func make(_ arguments: [String]) throws -> (key: String, configuration: String) {
            let tool = try Tool(["key", "new"] + arguments)
            #expect(tool.end() == .exit(0))
            let key = tool.standardOutput.trimmingCharacters(in: .newlines)
            #expect(key.wholeMatch(of: /eql_[0-9a-f]{48}/) != nil)
            let message = tool.standardError
            #expect(!message.contains(key), "the key is not what is put into the configuration")
            return (key, String(message[(message.firstRange(of: "\nkeys:\n")?.lowerBound ?? message.startIndex)...]))
        }

        @Test(
            "A key that was made is asked for, by a server that listens beyond this machine, and taken from ENGAGEQL_KEY"
        )
        func serve() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let (key, configuration) = try make([
                    "hers", "--account", "acme", "--may", "purge", "--expires", "2099-01-01",
                ])
                let (foreign, _) = try make(["his"])
                let file = try folder.write("engageql.yaml", configuration)
                let server = try Tool([
                    "serve", "--sandbox", "--host", "0.0.0.0", "--port", "0", "--config", file, "--data",
                    folder.path("data"),
                ])
                _ = eventually { server.standardOutput.contains("\n") }
                let line = server.standardOutput.prefix { $0 != "\n" }
                let port = try #require(
                    line.split(separator: ":").last.flatMap { UInt16($0) },
                    "\(server.standardError)"
                )
                let address = "http://127.0.0.1:\(port)"

                func run(_ arguments: [String], key: String?) throws -> (end: Tool.End, out: String, error: String) {
                    let tool = try Tool(
                        arguments + ["--server", address],
                        environment: key.map { ["ENGAGEQL_KEY": $0] } ?? [:]
                    )
                    let end = tool.end()
                    #expect(!tool.standardOutput.contains("eql_") && !tool.standardError.contains("eql_"))
                    return (end, tool.standardOutput, tool.standardError)
                }
                let query = #"{ totals(tweetIds: ["2116802420536246272"]) { impressions } }"#
                let rows = try run(["query", query, "--format", "csv"], key: key)
                #expect(rows.end == .exit(0) && rows.out.split(separator: "\r\n").count == 2, "\(rows)")
                #expect(try run(["explain", query], key: key).end == .exit(0))
                #expect(try run(["cache", "purge", "--account", "acme"], key: key).end == .exit(0))
                for command in [["query", query], ["explain", query], ["cache", "purge", "--account", "acme"]] {
                    for wrong in [nil, foreign] {
                        let refused = try run(command, key: wrong)
                        #expect(refused.end == .exit(69) && refused.error.contains("ENGAGEQL_KEY"), "\(refused)")
                    }
                    // It is not sent at all.
                    let cut = try run(command, key: String(key.dropLast()))
                    #expect(cut.end == .exit(64) && cut.error.contains("cut, or copied wrongly"), "\(cut)")
                }
                server.signal(SIGTERM)
                #expect(server.end() == .exit(0))
            }
        }

        @Test(
            "What makes no sense is refused before a key is made",
            arguments: [
                ["a name"], ["hers", "--may", "everything"], ["hers", "--expires", "2001-01-01"],
                ["hers", "--expires", "soon"],
                ["hers", "--requests-per-minute", "0"], ["hers", "--list", "a list"], ["hers", "--account", "a: b"], [],
            ]
        )
        func nonsense(_ arguments: [String]) async throws {
            try await onThread {
                let tool = try Tool(["key", "new"] + arguments)
                #expect(tool.end() == .exit(64))
                #expect(tool.standardOutput == "")
            }
        }
    }
}

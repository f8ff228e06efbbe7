import Glibc
import TestSupport
import Testing

extension CommandTests {
    @Suite("The sandbox as a command")
    struct SandboxCommandTests {
        /// The status of a call with a bearer token.
        private static func call(port: UInt16, tweet: String = "1260294888811347969") throws -> Int {
            let body =
                #"{"tweet_ids":["\#(tweet)"],"engagement_types":["favorites"],"#
                + #""groupings":{"g":{"group_by":["tweet.id"]}}}"#
            let head =
                "POST /insights/engagement/totals HTTP/1.1\r\nHost: test\r\nConnection: close\r\nAccept-Encoding: gzip\r\n"
                + "Content-Type: application/json\r\nAuthorization: Bearer SANDBOXBEARERTOKEN\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n"
            return try RawClient(port: port).request(head + body).status
        }

        @Test("What one sandbox records another one replays; --fault comes before either")
        func recordAndReplay() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let file = folder.path("exchanges.jsonl")
                let first = try Tool(["sandbox", "--port", "0", "--record", file, "--fault", "503*1@totals"])
                let port = try first.waitUntilListening()
                #expect(try [Self.call(port: port), Self.call(port: port)] == [503, 200])
                first.signal(SIGTERM)
                #expect(first.end() == .exit(0))

                let second = try Tool(["sandbox", "--port", "0", "--replay", file])
                let replay = try second.waitUntilListening()
                #expect(second.standardOutput.contains("replaying \(file)"))
                let statuses = try (0..<3).map { _ in try Self.call(port: replay) }
                #expect(statuses == [503, 200, 200])
                #expect(try Self.call(port: replay, tweet: "850006245121695744") == 404)
            }
        }

        @Test("A recording that cannot be read ends with 78 and names file and line")
        func badRecording() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let file = try folder.write("exchanges.jsonl", "\n{}\n")
                let tool = try Tool(["sandbox", "--port", "0", "--replay", file])
                #expect(tool.end() == .exit(78))
                #expect(tool.standardError == "engageql: \(file):2: the line lacks time, a string\n")
            }
        }

        @Test("A full disk is told once on standard error")
        func fullDisk() async throws {
            try await onThread {
                let tool = try Tool(["sandbox", "--port", "0", "--record", "/dev/full"])
                let port = try tool.waitUntilListening()
                #expect(try [Self.call(port: port), Self.call(port: port)] == [200, 200])
                tool.signal(SIGTERM)
                #expect(tool.end() == .exit(0))
                #expect(
                    tool.standardError
                        == "engageql: /dev/full: exchanges are not recorded: No space left on device; the sandbox goes on"
                        + " serving\n"
                )
            }
        }

        @Test("An unknown fault ends with 64 and lists those that there are")
        func unknownFault() async throws {
            try await onThread {
                let tool = try Tool(["sandbox", "--port", "0", "--fault", "plague"])
                #expect(tool.end() == .exit(64))
                for text in ["--fault plague", "429-retry-after", "hang-up"] {
                    #expect(tool.standardError.contains(text))
                }
            }
        }
    }
}

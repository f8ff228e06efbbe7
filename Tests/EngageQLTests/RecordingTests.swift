import Foundation
import Glibc
import JSON
import TestSupport
import Testing

extension CommandTests {
    @Suite("Recording what the API says, and replaying it")
    struct RecordingTests {
        private static let query =
            #"{ totals(tweetIds: ["1260294888811347969", "1720140212187844609"]) { favorites } tweet(id: "7") "#
            + #"{ historical(start: "2026-05-01", end: "2026-06-20") { replies } } }"#

        /// Settings of a server that asks a sandbox on this port.
        private static func settings(_ folder: TemporaryFolder, port: UInt16) throws -> String {
            try folder.write(
                "engageql.yaml",
                """
                upstream:
                  baseUrl: http://127.0.0.1:\(port)
                  tokenUrl: http://127.0.0.1:\(port)/oauth2/token
                  attempts: 1
                accounts:
                  - name: acme
                    consumerKey: {env: KEY}
                    consumerSecret: {env: HUSH}
                    token: {env: HUSH}
                    tokenSecret: {env: HUSH}
                """
            )
        }

        @Test("What serve recorded of one API another server is answered by a replay, without credentials in between")
        func roundTrip() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let file = folder.path("calls.jsonl")
                let first = try Tool.serve(data: folder.path("first"), ["--record", file])
                // A failure is recorded as well: it is the first answer to this call.
                let fault = #"{"faults":[{"fault":"hang-up","endpoint":"totals","times":8}]}"#
                #expect(
                    try Tool.send("PUT", "/sandbox/faults", port: first.sandboxPort, body: Array(fault.utf8)).status
                        == 200
                )
                let failed = try first.ask(Self.query)
                #expect(failed["errors"]?[0]?["extensions"]?["code"] == .string("UPSTREAM_UNAVAILABLE"))
                let none = Array(#"{"faults":[]}"#.utf8)
                #expect(try Tool.send("PUT", "/sandbox/faults", port: first.sandboxPort, body: none).status == 200)
                let answer = try first.ask(Self.query)
                #expect(answer["data"]?["totals"]?[0]?["favorites"] == .integer(17_111))
                first.signal(SIGTERM)
                #expect(first.end() == .exit(0))

                let lines = String(decoding: folder.files["calls.jsonl"] ?? Data(), as: UTF8.self).split(
                    separator: "\n"
                )
                let failures = lines.count { $0.contains(#""failure":"connectionLost""#) }
                #expect(failures > 0)
                #expect(lines.count { $0.contains(#""status":"#) } > 1)
                #expect(!lines.contains { $0.contains("SANDBOX") || $0.contains("oauth_") })

                let sandbox = try Tool(["sandbox", "--port", "0", "--replay", file])
                let port = try sandbox.waitUntilListening()
                let second = try Tool(
                    [
                        "serve", "--port", "0", "--data", folder.path("second"), "--config",
                        try Self.settings(folder, port: port),
                    ],
                    environment: ["KEY": "key", "HUSH": "hush"]
                )
                try second.waitUntilListening()
                // The connection closes first, as it did; libcurl tries again by itself where it used one before.
                var answers = [try second.ask(Self.query)]
                while answers.last != answer, answers.count <= failures { answers.append(try second.ask(Self.query)) }
                #expect(answers[0]["errors"]?[0]?["extensions"]?["code"] == .string("UPSTREAM_UNAVAILABLE"))
                #expect(answers.last == answer)
            }
        }

        @Test(
            "A recording that cannot be begun ends with 78; one that cannot go on is told in the log, and serving goes on"
        )
        func unwritable() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let refused = try Tool([
                    "serve", "--sandbox", "--port", "0", "--data", folder.url.path, "--record", "/nowhere/r",
                ])
                #expect(refused.end() == .exit(78))
                #expect(refused.standardError.contains("the recording /nowhere/r cannot be written: No such file"))

                let server = try Tool.serve(data: folder.url.path, ["--record", "/dev/full"])
                #expect(try server.ask(Self.query)["data"]?["totals"]?[0]?["favorites"] == .integer(17_111))
                #expect(server.standardError.contains("calls are not recorded"))
                #expect(server.standardError.contains("No space left on device"))
            }
        }
    }
}

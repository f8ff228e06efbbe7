import Foundation
import TestSupport
import Testing

extension CommandTests {
    @Suite("Secrets")
    struct SecretsTests {
        /// Credentials of the sandbox, and how an authorization header looks.
        private static let secrets = [
            "SandboxConsumerSecret", "1000001-SandboxTokenOfAcme", "SandboxTokenSecretOfAcme", "SANDBOXBEARERTOKEN",
            "WrongToken", "oauth_signature", "oauth_token", "OAuth ", "Bearer ",
        ]

        @Test(
            "No secret gets into logs or answers at the most talkative level, whatever goes wrong",
            arguments: [true, false]
        )
        func logs(_ hasBearer: Bool) async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let sandbox = try Tool(["sandbox", "--port", "0"])
                let upstream = try sandbox.waitUntilListening()
                let configuration = """
                    upstream:
                      baseUrl: http://127.0.0.1:\(upstream)
                      attempts: 2
                      firstDelayMilliseconds: 1
                    accounts:
                      - name: acme
                        consumerKey: {env: KEY}
                        consumerSecret: {file: \(try folder.write("secret", "SandboxConsumerSecret\n"))}
                        token: {env: TOKEN}
                        tokenSecret: {env: TOKEN_SECRET}
                    \(hasBearer ? "    bearer: {env: BEARER}" : "")
                    """
                let file = try folder.write("engageql.yaml", configuration)
                for (index, token) in ["1000001-SandboxTokenOfAcme", "1000001-WrongToken"].enumerated() {
                    let tool = try Tool(
                        ["serve", "--port", "0", "--config", file, "--data", folder.path("data\(index)")],
                        environment: [
                            "KEY": "SandboxConsumerKey", "TOKEN": token, "TOKEN_SECRET": "SandboxTokenSecretOfAcme",
                            "BEARER": "SANDBOXBEARERTOKEN", "ENGAGEQL_LOG_LEVEL": "trace",
                            "ENGAGEQL_SERVER_DEADLINE_SECONDS": "5",
                        ]
                    )
                    try tool.waitUntilListening()
                    var said = ""
                    for fault in ["", "500", "429", "502", "cut", "rubbish", "redirect"] {
                        let rules = fault.isEmpty ? "" : #"{"fault": "\#(fault)", "times": 3}"#
                        _ = try Tool.send(
                            "PUT",
                            "/sandbox/faults",
                            port: upstream,
                            body: Array(#"{"faults": [\#(rules)]}"#.utf8)
                        )
                        said += try Self.answer(tool, tweet: 2_000_000_000_000_000_000 + said.count)
                    }
                    said += try tool.get("/metrics").text + tool.get("/q").text
                    tool.signal(SIGTERM)
                    #expect(tool.end() == .exit(0))
                    #expect(tool.standardError.contains(" trace "))
                    for (place, text) in [
                        ("log", tool.standardError), ("output", tool.standardOutput), ("answers", said),
                    ] {
                        let found = Self.secrets.filter(text.contains)
                        #expect(found == [], "in the \(place)")
                    }
                }
            }
        }

        /// Asks for something new, so that both endpoints are called.
        private static func answer(_ tool: Tool, tweet: Int) throws -> String {
            let window = #"start: \"2026-01-01\", end: \"2026-01-03\""#
            let fields = "totals { favorites impressions } historical(\(window)) { urlClicks }"
            let body = #"{"query": "{ tweet(id: \#(tweet)) { \#(fields) } }"}"#
            return try Tool.send("POST", "/graphql", port: tool.port, body: Array(body.utf8)).text
        }
    }
}

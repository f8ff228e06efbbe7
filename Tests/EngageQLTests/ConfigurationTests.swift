import Foundation
import TestSupport
import Testing

extension CommandTests {
    @Suite("What is configured wrongly stops the start, with the place and the remedy")
    struct ConfigurationTests {
        /// A start that cannot be: what is wrong, and what has to be said about it.
        struct Case: CustomTestStringConvertible, Sendable {
            let testDescription: String
            var configuration: String?
            var arguments: [String] = []
            /// Files of the folder that `{folder}` stands for.
            var files: [String: String] = [:]
            var environment: [String: String] = [:]
            /// Parts of the message; `{file}` is the configuration.
            let says: [String]

            init(
                _ title: String,
                configuration: String? = nil,
                arguments: [String] = ["--sandbox"],
                files: [String: String] = [:],
                environment: [String: String] = [:],
                says: [String]
            ) {
                testDescription = title
                self.configuration = configuration
                self.arguments = arguments
                self.files = files
                self.environment = environment
                self.says = says
            }
        }

        /// Of nothing.
        private static let hash = String(repeating: "0a", count: 32)

        static let cases = [
            Case(
                "a missing file",
                arguments: ["--config", "{folder}/missing.yaml"],
                says: ["{folder}/missing.yaml", "cannot be read"]
            ),
            Case("broken YAML", configuration: "server:\n  port: [8080\nlog: {}\n", says: ["{file}:"]),
            Case("no YAML mapping", configuration: "- server\n", says: ["{file}:1"]),
            Case(
                "an unknown key",
                configuration: "server:\n  host: 127.0.0.1\n  prot: 1\n",
                says: ["{file}:3", "server.prot"]
            ),
            Case("an unknown section", configuration: "sever:\n  port: 1\n", says: ["{file}:1", "sever"]),
            Case("a text for a number", configuration: "server:\n  port: many\n", says: ["{file}:2", "server.port"]),
            Case(
                "a number out of bounds",
                configuration: "server:\n\n  port: 99999\n",
                says: ["{file}:3", "server.port", "65535"]
            ),
            Case(
                "an archive without room",
                configuration: "archive:\n  partsOfAge: 12\n  fileBytes: 1000\n",
                says: ["{file}:3", "archive.fileBytes", "1048576"]
            ),
            Case(
                "an unknown log level",
                configuration: "log:\n  level: chatty\n",
                says: ["{file}:2", "log.level", "trace"]
            ),
            Case(
                "a base URL that is none",
                configuration: "upstream:\n  baseUrl: data-api\n",
                says: ["{file}:2", "upstream.baseUrl"]
            ),
            Case(
                "a variable out of bounds",
                environment: ["ENGAGEQL_SERVER_PORT": "-1"],
                says: ["ENGAGEQL_SERVER_PORT"]
            ),
            Case(
                "an address that others reach",
                arguments: ["--sandbox", "--host", "0.0.0.0"],
                says: ["0.0.0.0", "loopback", "engageql key new"]
            ),
            Case(
                "a key in place of its hash",
                configuration: "keys:\n  - name: hers\n    hash: eql_hush\n",
                says: ["{file}:3", "keys[0].hash", "sha256:", "never the key"]
            ),
            Case(
                "two keys of one name",
                configuration: "keys:\n  - &hers {name: hers, hash: 'sha256:\(hash)'}\n  - *hers\n",
                says: ["{file}:2", "two keys named hers"]
            ),
            Case(
                "one hash for two keys",
                configuration:
                    "keys:\n  - {name: hers, hash: 'sha256:\(hash)'}\n  - {name: his, hash: 'sha256:\(hash)'}\n",
                says: ["the key his", "the key hers"]
            ),
            Case(
                "a permission that there is not",
                configuration: "keys:\n  - name: hers\n    hash: sha256:\(hash)\n    may: [everything]\n",
                says: ["{file}:4", "keys[0].may[0]", "purgeAll"]
            ),
            Case(
                "a key that never ends properly",
                configuration: "keys:\n  - name: hers\n    hash: sha256:\(hash)\n    expires: soon\n",
                says: ["{file}:4", "keys[0].expires", "YYYY-MM-DD"]
            ),
            Case(
                "hosts that are addresses of pages",
                configuration: "server:\n  hosts: ['https://numbers.lan']\n",
                says: ["{file}:2", "server.hosts"]
            ),
            Case(
                "anonymous callers that there are not",
                configuration: "server:\n  anonymous: everybody\n",
                says: ["{file}:2", "server.anonymous", "loopback"]
            ),
            Case("no account", configuration: "accounts: []\n", arguments: [], says: ["accounts", "--sandbox"]),
            Case(
                "a secret in the file",
                configuration: "accounts:\n  - name: acme\n    consumerKey: {env: KEY}\n    consumerSecret: hush\n",
                arguments: [],
                environment: ["KEY": "key"],
                says: ["{file}:4", "accounts[0].consumerSecret", "{env: NAME}"]
            ),
            Case(
                "a secret that is not set",
                configuration:
                    "accounts:\n  - name: acme\n    consumerKey: {env: KEY}\n    consumerSecret: {env: HUSH}\n",
                arguments: [],
                environment: ["KEY": "key"],
                says: ["{file}:4", "HUSH", "not set"]
            ),
            Case(
                "a secret whose file is missing",
                configuration:
                    "accounts:\n  - name: acme\n    consumerKey: {file: /nowhere/key}\n    consumerSecret: {env: HUSH}\n",
                arguments: [],
                says: ["{file}:3", "/nowhere/key", "cannot be read"]
            ),
            Case(
                "a default account that there is not",
                configuration: "defaultAccount: acme\n",
                says: ["{file}:1", "defaultAccount", "acme"]
            ),
            Case(
                "a missing schema",
                configuration: "graphql:\n  schemaFile: {folder}/missing.graphql\n",
                says: ["{folder}/missing.graphql", "cannot be read", "graphql.schemaFile"]
            ),
            Case(
                "a schema with a syntax error",
                configuration: "graphql:\n  schemaFile: {folder}/s.graphql\n",
                files: ["s.graphql": "type Query {\n  tweet(id: ID!: Tweet\n}\n"],
                says: ["{folder}/s.graphql:2:16", "Syntax Error"]
            ),
            Case(
                "a schema that does not fit",
                configuration: "graphql:\n  schemaFile: {folder}/s.graphql\n",
                files: ["s.graphql": "type Query {\n  tweet(id: ID!): String\n}\n"],
                says: ["{folder}/s.graphql"]
            ),
            Case(
                "a saved query with a syntax error",
                configuration: "graphql:\n  queriesFolder: {folder}\n",
                files: ["mine.graphql": "query Mine {\n  totals(\n}\n"],
                says: ["{folder}/mine.graphql", "3:1", "Syntax Error"]
            ),
            Case(
                "a saved query that is not valid",
                configuration: "graphql:\n  queriesFolder: {folder}\n",
                files: ["mine.graphql": "{ totals(tweetIds: [1]) { likes } }"],
                says: ["{folder}/mine.graphql", "likes"]
            ),
            Case(
                "a saved query with a name that no URL has",
                configuration: "graphql:\n  queriesFolder: {folder}\n",
                files: ["my query.graphql": "{ __typename }"],
                says: ["{folder}/my query.graphql"]
            ),
            Case(
                "broken settings of the sandbox",
                arguments: ["--sandbox", "--sandbox-config", "{folder}/sandbox.yaml"],
                files: ["sandbox.yaml": "seed: 1\nfaults:\n  - {fault: plague}\n"],
                says: ["{folder}/sandbox.yaml:3", "fault"]
            ),
        ]

        @Test("A start that cannot be ends with 78", arguments: cases)
        func refused(_ test: Case) async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                func filled(_ text: String) -> String {
                    text.replacing("{folder}", with: folder.url.path).replacing(
                        "{file}",
                        with: folder.path("engageql.yaml")
                    )
                }
                for (name, text) in test.files { _ = try folder.write(name, text) }
                var arguments = ["serve", "--port", "0"] + test.arguments.map(filled)
                if let text = test.configuration {
                    arguments += ["--config", try folder.write("engageql.yaml", filled(text))]
                }
                if !test.arguments.contains("--data") { arguments += ["--data", folder.path("data")] }
                let tool = try Tool(arguments, environment: test.environment)
                #expect(tool.end() == .exit(78))
                #expect(tool.standardOutput == "")
                let message = tool.standardError
                #expect(message.hasPrefix("engageql: "))
                for part in test.says { #expect(message.contains(filled(part)), "\(part) in: \(message)") }
                #expect(!message.contains("hush"), "a secret is never repeated")
            }
        }

        @Test("Options override variables, which override the file")
        func layers() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let file = try folder.write(
                    "engageql.yaml",
                    "server:\n  host: 0.0.0.0\n  bodyBytes: 2048\nlog:\n  level: error\n"
                )
                let tool = try Tool.serve(
                    data: folder.path("data"),
                    ["--config", file, "--host", "127.0.0.1"],
                    environment: ["ENGAGEQL_SERVER_BODY_BYTES": "1500", "ENGAGEQL_SERVER_HOST": "::1"]
                )
                let response = try Tool.send(
                    "POST",
                    "/graphql",
                    port: tool.port,
                    body: Array(repeating: 32, count: 1501)
                )
                #expect(response.status == 413)
                #expect(tool.standardError == "")
            }
        }
    }
}

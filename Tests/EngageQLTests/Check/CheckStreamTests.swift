import JSON
import TestSupport
import Testing

extension CommandTests {
    @Suite("engageql check --stream")
    struct CheckStreamTests {
        private func answers(_ lines: [String], _ arguments: [String] = []) throws -> [JSONValue] {
            let tool = try Tool(["check", "--stream"] + arguments, input: lines.map { $0 + "\n" }.joined())
            #expect(tool.end() == .exit(0))
            return try tool.standardOutput.split(separator: "\n").map { try JSONValue(parsing: Array($0.utf8)) }
        }

        @Test("Each line is answered by one line with what was found in it")
        func verdicts() async throws {
            try await onThread {
                let answers = try answers([
                    #"{"id": 7, "schema": "type Query { a: Int }", "document": "{ b }"}"#,
                    #"{"schema": "type Query { a: Int @deprecated }", "document": "{ a }"}"#,
                    #"{"document": "{ historical(tweetIds: [1], start: \"soon\") { start } }"}"#,
                    #"{"schema": "type Query { a: Int }"}"#,
                ])
                try #require(answers.count == 4)
                #expect(answers[0]["id"] == .integer(7))
                #expect(answers[0]["valid"] == .boolean(false))
                #expect(answers[0]["errors"]?[0]?["message"]?.string?.hasPrefix("Cannot query field \"b\"") == true)
                #expect(answers[0]["errors"]?[0]?["locations"]?[0]?["column"] == .integer(3))
                #expect(answers[1]["valid"] == .boolean(true))
                #expect(
                    answers[1]["warnings"]?[0]?["message"]?.string
                        == "The field Query.a is deprecated. No longer supported"
                )
                // The schema of the command line is the server's, which knows what a time looks like.
                #expect(answers[2]["errors"]?[0]?["message"]?.string?.contains("is no time") == true)
                #expect(answers[3]["valid"] == .boolean(true))
            }
        }

        @Test("A bad line or schema is answered with an error, and the next line is read")
        func badLines() async throws {
            try await onThread {
                let nested = String(repeating: "[", count: 100_000)
                let selections = String(repeating: "{a", count: 100_000)
                let answers = try answers([
                    "not json", nested, "[]", "{}", #"{"schema": 1}"#,
                    #"{"schema": "type Query", "document": "{ a }"}"#,
                    #"{"schema": "type Query { a: Int }", "document": "\#(selections)"}"#,
                    #"{"schema": "type Query { a: Int }", "document": "{ a }"}"#,
                ])
                try #require(answers.count == 8)
                for answer in answers.prefix(6) { #expect(answer["error"]?.string != nil) }
                #expect(answers[5]["errors"]?.array?.isEmpty == false)
                #expect(answers[6]["valid"] == .boolean(false))
                #expect(answers[7]["valid"] == .boolean(true))
            }
        }

        @Test("Without a schema of the command line, lines that bring one are answered all the same")
        func noSchema() async throws {
            try await onThread {
                let lines = [#"{"document": "{ a }"}"#, #"{"schema": "type Query { a: Int }", "document": "{ a }"}"#]
                let answers = try answers(lines, ["--schema", "no/such/file"])
                #expect(answers.map { $0["error"] == nil } == [false, true])
            }
        }
    }
}

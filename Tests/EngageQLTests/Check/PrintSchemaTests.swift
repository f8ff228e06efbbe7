import Foundation
import JSON
import TestSupport
import Testing

extension CommandTests {
    @Suite("engageql schema")
    struct PrintSchemaTests {
        @Test("Prints extensions merged, in a layout that it prints again unchanged")
        func printed() async throws {
            try await onThread {
                let source = #"extend type Query{b:[Int!]} type Query{a(x:Int=1):Int "b" c:ID}"#
                let first = try Tool(["schema", "--schema", "-"], input: source)
                #expect(first.end() == .exit(0))
                #expect(
                    first.standardOutput == """
                        type Query {
                          a(x: Int = 1): Int

                          \"""b\"""
                          c: ID
                          b: [Int!]
                        }

                        """
                )
                let second = try Tool(["schema", "--schema", "-"], input: first.standardOutput)
                #expect(second.end() == .exit(0))
                #expect(second.standardOutput == first.standardOutput)
            }
        }

        @Test("--introspection answers the standard query")
        func introspection() async throws {
            try await onThread {
                let tool = try Tool(["schema", "--introspection"])
                #expect(tool.end() == .exit(0))
                let schema = try JSONValue(parsing: Array(tool.standardOutput.utf8))["data"]?["__schema"]
                #expect(schema?["queryType"]?["name"] == .string("Query"))
                let names = schema?["types"]?.array?.compactMap { $0["name"]?.string } ?? []
                #expect(Set(names).isSuperset(of: ["Query", "Tweet", "TotalsRow", "Long", "__Type", "Boolean"]))
            }
        }
    }
}

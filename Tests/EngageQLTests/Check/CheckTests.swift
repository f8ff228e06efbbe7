import Foundation
import JSON
import TestSupport
import Testing

extension CommandTests {
    @Suite("engageql check")
    struct CheckTests {
        private static let broken = """
            query Q($ids: [ID!]!) {
            \ttotals(tweetIds: $ids) { favourites }
            }
            """

        @Test("An error is printed with its place, the line of the source and a caret below the place")
        func diagnostics() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                let path = try folder.write("broken.graphql", CheckTests.broken)
                let tool = try Tool(["check", path])
                #expect(tool.end() == .exit(1))
                #expect(
                    tool.standardOutput == """
                        \(path):2:27: error: Cannot query field "favourites" on type "TotalsRow". Did you mean "favorites"?
                        \ttotals(tweetIds: $ids) { favourites }
                        \t                         ^
                        1 document, 1 error, 0 warnings

                        """
                )
            }
        }

        @Test("The documents that come with the project are valid, and notes say what they cost")
        func ownDocuments() async throws {
            try await onThread {
                let tool = try Tool(["check", "config"])
                #expect(tool.end() == .exit(0))
                #expect(
                    tool.standardOutput.contains(
                        "note: query DailyImpressions: at most 1 upstream call with nothing cached (1 historical)"
                    )
                )
                #expect(tool.standardOutput.contains(", 0 errors, 0 warnings\n"))
            }
        }

        @Test("Folders are searched on all levels, hidden files and the schema left out, standard input is -")
        func sources() async throws {
            try await onThread {
                let folder = try TemporaryFolder()
                for subfolder in ["b/c", ".hidden"] {
                    try FileManager.default.createDirectory(
                        atPath: folder.path(subfolder),
                        withIntermediateDirectories: true
                    )
                }
                let schema = try folder.write("schema.graphql", "type Query { a: Int }")
                for name in ["b/c/z.gql", "a.graphql", "notes.txt", ".hidden/x.graphql"] {
                    _ = try folder.write(name, "{ x }")
                }
                let tool = try Tool(["check", folder.url.path, "-", "--schema", schema], input: "{ y }")
                #expect(tool.end() == .exit(1))
                let heads = tool.standardOutput.split(separator: "\n").compactMap {
                    $0.firstMatch(of: #/([a-z]+(\.g.*|>)):1:3: error/#)?.1
                }
                #expect(heads == ["a.graphql", "z.gql", "stdin>"])
            }
        }

        @Test(
            "What cannot be checked has an exit code of its own",
            arguments: [
                (["check", "no/such/file"], 66), (["check", "--schema", "no/such/file"], 66),
                (["check", "Sources"], 66),
                (["check", "--schema", "Package.swift"], 78), (["check", "--list-size", "0", "config"], 64),
                (["check", "--stream", "config"], 64), (["check"], 0), (["schema", "--schema", "Package.swift"], 78),
            ] as [([String], Int32)]
        )
        func exitCodes(_ arguments: [String], code: Int32) async throws {
            try await onThread {
                let tool = try Tool(arguments)
                #expect(tool.end() == .exit(code))
                // A bad schema is a finding, and findings go where findings go.
                let isSilent = code == 0 || arguments == ["check", "--schema", "Package.swift"]
                #expect(tool.standardError.isEmpty == isSilent)
            }
        }

        @Test("A use of something deprecated is a warning, and an error's equal with --strict")
        func deprecation() async throws {
            try await onThread {
                let query = #"{ last28Hours(tweetIds: ["1"]) { mediaClicks } }"#
                for (options, code) in [([], 0), (["--strict"], 1)] as [([String], Int32)] {
                    let tool = try Tool(["check", "-"] + options, input: query)
                    #expect(tool.end() == .exit(code))
                    #expect(
                        tool.standardOutput.hasPrefix(
                            "<stdin>:1:34: warning: The field SeriesRow.mediaClicks is deprecated."
                        )
                    )
                }
            }
        }

        @Test("--format json has everything in one object")
        func json() async throws {
            try await onThread {
                let tool = try Tool(["check", "--format", "json", "-"], input: CheckTests.broken)
                #expect(tool.end() == .exit(1))
                let answer = try JSONValue(parsing: Array(tool.standardOutput.utf8))
                let document = try #require(answer["documents"]?[0])
                #expect(answer["valid"] == .boolean(false))
                #expect(document["path"] == .string("<stdin>"))
                #expect(document["errors"]?[0]?["locations"]?[0]?["column"] == .integer(27))
            }
        }

        @Test("Control characters of a document do not reach the terminal")
        func controlCharacters() async throws {
            try await onThread {
                let tool = try Tool(["check", "-"], input: "{ \u{1B}[31m }")
                #expect(tool.end() == .exit(1))
                #expect(!tool.standardOutput.contains("\u{1B}"))
            }
        }
    }
}

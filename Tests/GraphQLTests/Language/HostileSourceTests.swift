import GraphQL
import JSON
import Testing

@Suite("Sources that mean harm")
struct HostileSourceTests {
    @Test(
        "nested 100,000 deep are refused without a deep stack",
        arguments: [
            ("{ a", ""), ("{ ... on T ", ""), ("{ ...", ""), ("{ a(b: ", "["), ("{ a(b: ", "{ c: "),
            ("query ($x: Int = ", "["), ("query ($x: Int = ", "{ c: "), ("query ($x: ", "["), ("{ a @d(x: ", "["),
            ("type A { b: ", "["), ("type A { b(c: D = ", "["), ("type A @d(x: ", "{ y: "), ("input A { b: C = ", "["),
            ("directive @a(b: C = ", "["), ("enum A { B @c(d: ", "["), ("extend schema @c(d: ", "{ y: "),
        ]
    )
    func deep(_ prefix: String, bracket: String) throws {
        let source =
            bracket.isEmpty
            ? String(repeating: prefix, count: 100_000) : prefix + String(repeating: bracket, count: 100_000)
        let limits = ParserLimits(maximumTokens: .max)
        let error = try #require(throws: GraphQLError.self) { try Document.parse(Source(source), limits: limits) }
        let isType = prefix.hasSuffix("($x: ") || prefix.hasSuffix("{ b: ")
        #expect(
            error.message
                == (isType
                    ? "Syntax Error: Type has more than 32 list and non-null marks. Parsing aborted."
                    : "Syntax Error: Document is nested more than 200 levels deep. Parsing aborted.")
        )
    }

    @Test("may nest as deep as the limit and no deeper")
    func depthLimit() throws {
        let limits = ParserLimits(maximumDepth: 5)
        func nested(_ depth: Int) -> Source {
            Source(String(repeating: "{a", count: depth) + String(repeating: "}", count: depth))
        }
        #expect(throws: Never.self) { try Document.parse(nested(5), limits: limits) }
        #expect(
            throws: GraphQLError(
                "Syntax Error: Document is nested more than 5 levels deep. Parsing aborted.",
                locations: [SourceLocation(line: 1, column: 11)],
                extensions: [.init("code", .string("NESTED_TOO_DEEPLY"))]
            )
        ) { try Document.parse(nested(6), limits: limits) }
        // Values nest inside of selections.
        #expect(throws: Never.self) { try Document.parse(Source("{a{b(c:[[[1]]])}}"), limits: limits) }
        #expect(throws: GraphQLError.self) { try Document.parse(Source("{a{b(c:[[[[1]]]])}}"), limits: limits) }
        // What stands side by side does not add up.
        let wide = "{" + String(repeating: "a{b{c}}", count: 100) + "}"
        #expect(throws: Never.self) { try Document.parse(Source(wide), limits: limits) }
    }

    @Test("may have as many tokens as the limit and no more")
    func tokenLimit() throws {
        let limits = ParserLimits(maximumTokens: 4)
        #expect(throws: Never.self) { try Document.parse(Source("{ a b } # a comment is no token"), limits: limits) }
        #expect(
            throws: GraphQLError(
                "Syntax Error: Document contains more than 4 tokens. Parsing aborted.",
                locations: [SourceLocation(line: 1, column: 9)],
                extensions: [.init("code", .string("TOO_MANY_TOKENS"))]
            )
        ) { try Document.parse(Source("{ a b c }"), limits: limits) }
    }

    @Test("may have 32 list and non-null marks around a type")
    func wrapperLimit() throws {
        func source(_ lists: Int, _ mark: String) -> Source {
            Source("type A{b:\(String(repeating: "[", count: lists))C\(String(repeating: "]" + mark, count: lists))}")
        }
        #expect(try Document.parse(source(32, "")).printed().contains(String(repeating: "[", count: 32) + "C"))
        #expect(try Document.parse(source(16, "!")).printed().contains("]!]!"))
        #expect(throws: GraphQLError.self) { try Document.parse(source(33, "")) }
        #expect(throws: GraphQLError.self) { try Document.parse(source(17, "!")) }
    }

    @Test("made of random bytes are refused or parsed, never worse", arguments: 0..<8 as Range<UInt64>)
    func randomBytes(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let length = Int.random(in: 0..<120, using: &random)
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            expectNoHarm(bytes, seed: seed)
        }
    }

    @Test("made of random tokens are refused or parsed, never worse", arguments: 0..<8 as Range<UInt64>)
    func randomTokens(_ seed: UInt64) {
        let tokens = [
            "{", "}", "(", ")", "[", "]", ":", "=", "!", "@", "$", "&", "|", "...", "a", "on", "query", "fragment",
            "type",
            "extend", "enum", "input", "union", "directive", "schema", "1", "-2.5e3", "\"s\"", "\"\"\"b\"\"\"", "\"",
            "#",
            "\n", "\\", "\"\\u{", "é", "true", "null", "repeatable", "implements", "\u{FEFF}",
        ]
        var random = SeededGenerator(seed: seed)
        for _ in 0..<500 {
            let length = Int.random(in: 0..<30, using: &random)
            let text = (0..<length).map { _ in tokens.randomElement(using: &random) ?? "" }.joined(separator: " ")
            expectNoHarm(Array(text.utf8), seed: seed)
        }
    }

    @Test("cut short or with one byte changed are refused or parsed, never worse", arguments: PrinterTests.cases)
    func mutilated(_ printed: PrinterTests.Printed) {
        var random = SeededGenerator(seed: 1)
        let bytes = Array(printed.source.utf8)
        for end in bytes.indices { expectNoHarm(Array(bytes[..<end]), seed: 1) }
        for index in bytes.indices {
            var changed = bytes
            changed[index] = UInt8.random(in: 0...255, using: &random)
            expectNoHarm(changed, seed: 1)
        }
    }

    /// Parsing ends; what it accepts can be printed, and the print says the same.
    private func expectNoHarm(_ bytes: [UInt8], seed: UInt64) {
        guard let document = try? Document.parse(Source(bytes)) else { return }
        let printed = document.printed()
        let again = try? Document.parse(Source(printed)).printed()
        #expect(again == printed, "seed \(seed), bytes \(bytes)")
    }
}

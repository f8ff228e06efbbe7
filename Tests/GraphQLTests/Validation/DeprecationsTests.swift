import GraphQL
import Testing

/// September 2025 §3.13.3. The messages are those of the reference's rule of that purpose.
@Suite("Uses of what is deprecated")
struct DeprecationsTests {
    private static let schema = """
        directive @mark(old: Int @deprecated(reason: "Say new."), new: Int) on FIELD
        interface Node { gone: Int @deprecated, kept: Int }
        type Query implements Node {
          gone: Int @deprecated
          kept(old: Int @deprecated(reason: "Leave it."), color: Color, colors: [Color!], filter: Filter): Int
          node: Node
        }
        enum Color { RED GREY @deprecated(reason: "Dull.") }
        input Filter { old: Color @deprecated, inner: Filter }
        """

    @Test(
        "Each use is told with its place, in the order of the document",
        arguments: [
            ("{ kept(color: RED) @mark(new: 1) }", []),
            ("{ gone }", ["1:3 The field Query.gone is deprecated. No longer supported"]),
            (
                "{ x: gone node { gone } }",
                [
                    "1:3 The field Query.gone is deprecated. No longer supported",
                    "1:18 The field Node.gone is deprecated. No longer supported",
                ]
            ),
            (
                "{ kept(old: 1) @mark(old: 2) }",
                [
                    "1:8 Field \"Query.kept\" argument \"old\" is deprecated. Leave it.",
                    "1:22 Directive \"@mark\" argument \"old\" is deprecated. Say new.",
                ]
            ),
            (
                "{ kept(color: GREY, colors: [RED, GREY]) }",
                [
                    "1:15 The enum value \"Color.GREY\" is deprecated. Dull.",
                    "1:35 The enum value \"Color.GREY\" is deprecated. Dull.",
                ]
            ),
            (
                "query($f: Filter = { inner: { old: GREY } }) { kept(filter: $f) }",
                [
                    "1:31 The input field Filter.old is deprecated. No longer supported",
                    "1:36 The enum value \"Color.GREY\" is deprecated. Dull.",
                ]
            ),
            // What is unknown is no use of anything.
            ("{ kept(nothing: GREY) nobody(old: 1) @mark(none: 1) @none(old: 1) }", []),
        ] as [(String, [String])]
    )
    func uses(_ query: String, expected: [String]) throws {
        let schema = try Schema.build(Source(DeprecationsTests.schema))
        let document = try Document.parse(Source(query))
        let found = Deprecations.uses(in: document, against: schema).map { use in
            use.locations.map { "\($0.line):\($0.column) " }.joined() + use.message
        }
        #expect(found == expected)
    }

    @Test("A byte order mark takes no column, and may stand in front of a selection")
    func byteOrderMark() throws {
        let schema = try Schema.build(Source("type Query { a: Int }"))
        let document = try Document.parse(Source("\u{FEFF}{ a {\u{FEFF} b } c }"))
        let errors = Validator.validate(document, against: schema)
        #expect(
            errors.map { $0.locations } == [
                [SourceLocation(line: 1, column: 5)], [SourceLocation(line: 1, column: 12)],
            ]
        )
    }
}

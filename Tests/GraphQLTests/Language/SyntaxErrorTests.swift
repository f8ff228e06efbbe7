import GraphQL
import Testing

@Suite("Syntax errors")
struct SyntaxErrorTests {
    struct Refused: Decodable, CustomTestStringConvertible {
        let source: String
        let message: String
        let line: Int
        let column: Int
        var testDescription: String { source.debugDescription }
    }

    @Test(
        "have the reference's message and the place",
        arguments: JSONCases.load("Language/refused.json", as: Refused.self)
    )
    func refuses(_ refused: Refused) {
        let expected = GraphQLError(
            refused.message,
            locations: [SourceLocation(line: refused.line, column: refused.column)]
        )
        #expect(throws: expected) { try Document.parse(Source(refused.source)) }
    }

    @Test(
        "name bytes that are not UTF-8",
        arguments: [
            (Array("{ a(b: \"".utf8) + [0xFF] + Array("\") }".utf8), "within String", 0xFF),
            (Array("{ a(b: \"\"\"".utf8) + [0xC0, 0xAF] + Array("\"\"\") }".utf8), "within String", 0xC0),
            (Array("{ a(b: \"".utf8) + [0xED, 0xA0, 0x80] + Array("\") }".utf8), "within String", 0xED),
            (Array("{ a(b: \"".utf8) + [0xF4, 0x90, 0x80, 0x80] + Array("\") }".utf8), "within String", 0xF4),
            (Array("{ a(b: \"".utf8) + [0xE2, 0x82] + Array("\") }".utf8), "within String", 0xE2),
            (Array("{ a } # ".utf8) + [0x80], "within Comment", 0x80),
            (Array("{ a ".utf8) + [0xF0, 0x9F, 0x98] + Array(" }".utf8), "", 0xF0),
            (Array("{ a ".utf8) + [0xEF, 0xBB] + Array("a }".utf8), "", 0xEF),
        ] as [([UInt8], String, UInt8)]
    )
    func invalidUTF8(_ bytes: [UInt8], place: String, byte: UInt8) throws {
        let error = try #require(throws: GraphQLError.self) { try Document.parse(Source(bytes)) }
        let digits = String(byte, radix: 16, uppercase: true)
        let place = place.isEmpty ? "" : " " + place
        #expect(error.message == "Syntax Error: Invalid character\(place): byte 0x\(digits), the text is not UTF-8.")
    }
}

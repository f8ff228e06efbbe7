import Testing

@testable import GraphQL

@Suite("Strings")
struct StringTests {
    struct Literal: Decodable, CustomTestStringConvertible {
        let literal: String
        let value: String
        var testDescription: String { literal.debugDescription }
    }

    @Test("have the content that §2.9.4 says", arguments: JSONCases.load("Language/strings.json", as: Literal.self))
    func content(_ literal: Literal) throws {
        let document = try Document.parse(Source("{ a(b: \(literal.literal)) }"))
        guard case .string(let node) = document.values[0].kind else {
            Issue.record("no string")
            return
        }
        #expect(Array(document.text(of: node).utf8) == Array(literal.value.utf8))
        #expect(node.isBlock == literal.literal.hasPrefix("\"\"\""))
        if !node.needsDecoding {
            #expect(Array(document.bytes(of: node)) == Array(literal.value.utf8))
        }
    }

    struct Block: Decodable, CustomTestStringConvertible {
        let content: String
        let literal: String
        let fits: Bool
        var testDescription: String { content.debugDescription }
    }

    static let blocks = JSONCases.load("Language/block-strings.json", as: Block.self)

    @Test("are written as block strings the way the reference does", arguments: blocks)
    func blockLiteral(_ block: Block) {
        #expect(BlockString.encode(block.content) == block.literal)
        #expect(BlockString.canHold(block.content) == block.fits)
    }

    @Test("that fit a block string come back from it", arguments: blocks.filter(\.fits))
    func blockRoundTrip(_ block: Block) throws {
        let document = try Document.parse(Source("{ a(b: \(block.literal)) }"))
        guard case .string(let node) = document.values[0].kind else {
            Issue.record("no string")
            return
        }
        #expect(document.text(of: node) == block.content)
    }

    @Test("of any content come back from their literal")
    func quotedRoundTrip() throws {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            let content = random.text(ofLength: Int.random(in: 0..<12, using: &random))
            let document = try Document.parse(Source("{ a(b: \(StringEscapes.encode(content))) }"))
            guard case .string(let node) = document.values[0].kind else {
                Issue.record("no string for \(content.debugDescription)")
                return
            }
            #expect(document.text(of: node) == content)
        }
    }
}

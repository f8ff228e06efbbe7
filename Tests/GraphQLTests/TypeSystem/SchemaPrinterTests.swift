import GraphQL
import Testing

@Suite("Printing schemas")
struct SchemaPrinterTests {
    struct Printed: Decodable, CustomTestStringConvertible {
        let sdl: String
        let printed: String
        var testDescription: String { sdl.debugDescription }
    }

    static let cases = JSONCases.load("TypeSystem/printed.json", as: Printed.self)

    @Test("lays schemas out as the reference does", arguments: cases)
    func asReference(_ printed: Printed) throws {
        #expect(try Schema.build(Source(printed.sdl)).printed() == printed.printed)
    }

    @Test("gives a text that builds the same schema", arguments: cases)
    func roundTrip(_ printed: Printed) throws {
        let once = try Schema.build(Source(printed.sdl)).printed()
        // Definitions of directives of their own may stand on definitions, where the printer leaves them out.
        #expect(try Schema.build(Source(once)).printed() == once)
    }
}

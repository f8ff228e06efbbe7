import GraphQL
import Testing

@Suite("Printing documents")
struct PrinterTests {
    struct Printed: Decodable, CustomTestStringConvertible {
        let source: String
        let printed: String
        var testDescription: String { source.debugDescription }
    }

    static let cases = JSONCases.load("Language/printed.json", as: Printed.self)

    @Test("lays documents out as the reference does", arguments: cases)
    func asReference(_ printed: Printed) throws {
        #expect(try Document.parse(Source(printed.source)).printed() == printed.printed)
    }

    @Test("gives a text that prints as itself", arguments: cases)
    func roundTrip(_ printed: Printed) throws {
        let once = try Document.parse(Source(printed.source)).printed()
        #expect(try Document.parse(Source(once)).printed() == once)
    }

    @Test(
        "keeps the descriptions of executable definitions",
        arguments: [
            ("\"d\"query{a}", "\"d\"\nquery {\n  a\n}"),
            ("\"\"\"d\"\"\"mutation M{a}", "\"\"\"d\"\"\"\nmutation M {\n  a\n}"),
            ("\"d\"fragment F on T{a}", "\"d\"\nfragment F on T {\n  a\n}"),
            (
                "query Q(\"x\"$x:Int=1@d,$y:Int){a}",
                "query Q(\n  \"x\"\n  $x: Int = 1 @d\n  $y: Int\n) {\n  a\n}"
            ),
        ]
    )
    func descriptions(_ source: String, printed: String) throws {
        #expect(try Document.parse(Source(source)).printed() == printed)
        #expect(try Document.parse(Source(printed)).printed() == printed)
    }
}

import GraphQL
import Testing

@Suite("Schemas that are mixed up")
struct HostileSchemaTests {
    /// Words and marks change places, so that names point to what they should not: names of other kinds, missing ones, circles.
    @Test("are refused or built, never worse", arguments: SchemaPrinterTests.cases)
    func mixedUp(_ printed: SchemaPrinterTests.Printed) throws {
        let words = printed.printed.split(separator: " ", omittingEmptySubsequences: true)
        let names =
            printed.printed.split { !$0.isLetter && $0 != "_" }.map(String.init) + ["Int", "__Type", "@oneOf", "!"]
        var random = SeededGenerator(seed: 11)
        for round in 0..<60 {
            var mixed = words.map(String.init)
            for _ in 0...(round % 3) {
                let place = Int.random(in: mixed.indices, using: &random)
                mixed[place] = names.randomElement(using: &random) ?? ""
            }
            let sdl = mixed.joined(separator: " ")
            guard let schema = try? Schema.build(Source(sdl)) else { continue }
            let text = schema.printed()
            #expect(throws: Never.self, "\(sdl)") { try Schema.build(Source(text)) }
        }
    }

    /// Names swap within what parses, so that more of the changed schemas reach the later checks.
    @Test("by swapped names are refused or built, never worse", arguments: 0..<6 as Range<UInt64>)
    func swappedNames(_ seed: UInt64) throws {
        let names = ["A", "B", "C", "D", "Query", "Int", "ID", "String", "E"]
        var random = SeededGenerator(seed: seed)
        func name() -> String { names.randomElement(using: &random) ?? "A" }
        func type() -> String {
            let wrapped = Bool.random(using: &random) ? name() : "[\(name())]"
            return wrapped + (Bool.random(using: &random) ? "!" : "")
        }
        func value() -> String {
            ["1", "{}", "[]", "{a: {}}", "null", "X", "\"s\"", "[{a: null}]"].randomElement(using: &random) ?? "1"
        }
        for _ in 0..<200 {
            let sdl = """
                type Query implements \(name()) & \(name()) { a(b: \(type()) = \(value())): \(type()) }
                interface A implements \(name()) { a: \(type()) @d(x: \(value())) }
                union B @d = \(name()) | \(name())
                input C { a: \(type()) = \(value()), b: \(type()) @d }
                input D { a: \(type()) = \(value()) }
                enum E { X @d }
                extend type \(name()) { e: \(type()) @deprecated }
                extend schema { mutation: \(name()) }
                directive @d(x: \(type()) = \(value())) on FIELD_DEFINITION | UNION | ENUM_VALUE | INPUT_FIELD_DEFINITION
                """
            do {
                _ = try Schema.build(Source(sdl))
            } catch {
                #expect(!error.errors.isEmpty)
            }
        }
    }
}

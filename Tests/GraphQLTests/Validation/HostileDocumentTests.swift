import Testing

@testable import GraphQL

/// Documents made to cost more than their size. What they cost is counted in steps, never measured in time.
@Suite("Hostile documents")
struct HostileDocumentTests {
    private let limits = ParserLimits(maximumTokens: 1_000_000, maximumDepth: 200)
    private static let tooMany = "The fragments of the document multiply into too many selections. Validation aborted."

    /// How many steps a valid document takes.
    private func steps(_ text: String) throws -> Int {
        let document = try Document.parse(Source(text), limits: limits)
        let options = ValidationOptions(maximumSteps: 100_000_000)
        let context = ValidationContext(document, Library.schema, options: options)
        var report = ValidationReport(options: options)
        for rule in Validator.rules { rule.check(context, report: &report) }
        #expect(report.errors(in: document) == [])
        return options.maximumSteps - report.remainingSteps
    }

    private func list(_ count: Int, _ item: (Int) -> String) -> String {
        (0..<count).map(item).joined(separator: " ")
    }

    /// Valid documents by their size; each must take at most twice the steps, and a few, when its size doubles.
    static let growing: [(name: String, make: @Sendable (Int) -> String)] = [
        ("one field many times", { n in "{ person { \(String(repeating: "name ", count: n)) } }" }),
        ("one field with subfields many times", { n in "{ \(String(repeating: "person { name } ", count: n)) }" }),
        ("many aliases", { n in "{ person { \((0..<n).map { "a\($0): name " }.joined()) } }" }),
        (
            "many fragments in one place",
            { n in
                "{ person { \((0..<n).map { "...f\($0) " }.joined()) } }"
                    + (0..<n).map { "fragment f\($0) on Person { name works { id } }\n" }.joined()
            }
        ),
        (
            "a chain of fragments",
            { n in
                "{ person { ...f0 } }"
                    + (0..<n).map { "fragment f\($0) on Person { name ...f\($0 + 1) }\n" }.joined()
                    + "fragment f\(n) on Person { id }"
            }
        ),
        (
            "a chain of fragments through fields",
            { n in
                "{ person { ...f0 } }"
                    + (0..<n).map { "fragment f\($0) on Person { books { author { ...f\($0 + 1) } } }\n" }.joined()
                    + "fragment f\(n) on Person { id }"
            }
        ),
        (
            "fragments that double at each level",
            { n in
                "{ person { ...f0 } }"
                    + (0..<n).map {
                        "fragment f\($0) on Person { x: books { author { ...f\($0 + 1) } }"
                            + " y: books { author { ...f\($0 + 1) } } }\n"
                    }.joined()
                    + "fragment f\(n) on Person { id }"
            }
        ),
        (
            "fragments that double and merge at each level",
            { n in
                "{ person { ...f0 } }"
                    + (0..<n).map {
                        "fragment f\($0) on Person { books { author { ...f\($0 + 1) } }"
                            + " books { author { ...f\($0 + 1) } } }\n"
                    }.joined()
                    + "fragment f\(n) on Person { id }"
            }
        ),
        (
            "variables used many times",
            { n in
                "query q($v: Int) { arguments { \((0..<n).map { "a\($0): int(value: $v) " }.joined()) } }"
            }
        ),
        (
            "introspection through fragments that double",
            { n in
                "{ __schema { types { ...f0 } } }"
                    + (0..<n).map {
                        "fragment f\($0) on __Type { x: ofType { ...f\($0 + 1) } y: ofType { ...f\($0 + 1) } }\n"
                    }.joined()
                    + "fragment f\(n) on __Type { name }"
            }
        ),
    ]

    @Test("the steps grow with the document", arguments: growing.indices)
    func linear(_ index: Int) throws {
        let make = Self.growing[index].make
        let (small, large) = (try steps(make(400)), try steps(make(800)))
        #expect(large <= small * 2 + 16, "\(Self.growing[index].name)")
        #expect(large <= 800 * 16, "\(Self.growing[index].name)")
    }

    @Test("operations that share fragments with many variables use up the budget")
    func sharedVariables() throws {
        let text =
            list(1000) { "query q\($0)($v: Int) { arguments { ...f } }" }
            + "fragment f on Arguments { \(list(1000) { "a\($0): int(value: $v)" }) }"
        #expect(try errors(in: text, limits: limits) == [Self.tooMany])
    }

    @Test("fields that merge in very many ways use up the budget")
    func subsets() throws {
        // The states of an automaton that remembers where the letter "a" stood among the last ones read: each way down
        // through `a` and `b` merges another subset of them.
        let depth = 16
        var text = "{ person { ...f0x0 } } fragment end on Person { name }\n"
        for level in 0..<depth {
            for state in 0...level {
                let last = level + 1 == depth
                let next = last ? "...end" : "...f\(level + 1)x\(state == 0 ? 0 : state + 1)"
                let marked = state == 0 && !last ? next + " ...f\(level + 1)x1" : next
                text += "fragment f\(level)x\(state) on Person "
                text += "{ a: books { author { \(marked) } } b: books { author { \(next) } } }\n"
            }
        }
        let found = try errors(in: text, limits: limits, options: ValidationOptions(maximumSteps: 20_000))
        #expect(found == [Self.tooMany])
    }

    @Test("after the maximum of errors, one more says so")
    func manyErrors() throws {
        let text = "{ person { \(list(500) { "x\($0)" }) } }"
        let found = try errors(in: text, limits: limits)
        #expect(found.count == 101)
        #expect(found.contains("Too many validation errors, error limit reached. Validation aborted."))
        let few = try errors(in: text, limits: limits, options: ValidationOptions(maximumErrors: 2))
        #expect(few.count == 3)
        #expect(try errors(in: "{ x y }", options: ValidationOptions(maximumErrors: 2)).count == 2)
    }

    @Test(
        "errors stay short however long the documents are",
        arguments: [
            "one alias, many fields", "a circle of many fragments", "one argument many times", "a conflict far down",
        ]
    )
    func shortErrors(_ kind: String) throws {
        let text =
            switch kind {
            case "one alias, many fields":
                "{ person { name \(list(3000) { "name: x\($0)" }) } }"
            case "a circle of many fragments":
                "{ person { ...f0 } }" + list(2000) { "fragment f\($0) on Person { ...f\(($0 + 1) % 2000) }" }
            case "one argument many times":
                "{ arguments { int(\(list(5000) { _ in "value: 1" })) } }"
            default:
                "{ person { ...a0 ...b0 } }"
                    + list(1000) { "fragment a\($0) on Person { books { author { ...a\($0 + 1) } } }" }
                    + list(1000) { "fragment b\($0) on Person { books { author { ...b\($0 + 1) } } }" }
                    + "fragment a1000 on Person { x: name } fragment b1000 on Person { x: email }"
            }
        let found = try errors(in: text, limits: limits)
        #expect(!found.isEmpty)
        #expect(found.count <= 101)
        #expect(found.reduce(0) { $0 + $1.utf8.count } < 64 * 1024)
    }

    @Test(
        "fragments in circles end",
        arguments: [
            "fragment a on Person { ...a }", "fragment a on Person { ...b } fragment b on Person { ...a ...b }",
            "fragment a on Person { books { author { ...a ...b } } } fragment b on Person { books { id } ...a }",
        ]
    )
    func circles(_ fragments: String) throws {
        let found = try errors(in: "query q($v: Int) { person { name ...a } __schema { types { name } } } \(fragments)")
        #expect(found.contains { $0.contains("within itself") })
        #expect(found.contains { $0.contains("Variable \"$v\" is never used") })
    }

    @Test("values and selections as deep as the parser lets them be")
    func depth() throws {
        let list = String(repeating: "[", count: 150) + "$v" + String(repeating: "]", count: 150)
        #expect(try errors(in: "query q($v: JSON) { anything(value: \(list)) }") == [])
        let open = String(repeating: "books { author { ", count: 90)
        let close = String(repeating: "} } ", count: 90)
        #expect(try errors(in: "{ person { \(open) name \(close) } }") == [])
    }
}

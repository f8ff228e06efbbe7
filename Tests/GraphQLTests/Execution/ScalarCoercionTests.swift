import Bytes
import GraphQL
import JSON
import Testing

/// Scalars that a host reads itself, from literals and from variables.
@Suite("Scalars of the host")
struct ScalarCoercionTests {
    /// Reads ids of decimal digits into words.
    private static let number = ScalarCoercion { (input) throws(ScalarCoercionFailure) in
        let digits: ArraySlice<UInt8>
        switch input {
        case .string(let content): digits = content
        case .number(let number): digits = number
        case .boolean: throw ScalarCoercionFailure("A boolean is no number.")
        }
        guard let value = UInt64(String(decoding: digits, as: UTF8.self)) else {
            throw ScalarCoercionFailure("Expected decimal digits.")
        }
        return .host(value)
    }

    private static let schema = Result {
        try Schema.build(
            Source("type Query { echo(ids: [ID!], serial: Serial): String } scalar Serial"),
            scalars: ["ID": number, "Serial": number]
        )
    }

    private func respond(_ query: String, _ variables: String? = nil) throws -> String {
        try Bookshelf.respond(to: query, variables: variables, schema: ScalarCoercionTests.schema.get())
    }

    @Test("come as the host's words from variables, built-in scalars included")
    func variables() throws {
        #expect(
            try respond(
                "query ($ids: [ID!], $s: Serial) { echo(ids: $ids, serial: $s) }",
                #"{"s": 7, "ids": ["1", 2, "\u0033"]}"#
            ) == #"{"data":{"echo":"{\"ids\":[{\"host\":1},{\"host\":2},{\"host\":3}],\"serial\":{\"host\":7}}"}}"#
        )
    }

    @Test("come as the host's words from literals")
    func literals() throws {
        #expect(
            try respond(#"{ echo(ids: ["1", 2], serial: 5) }"#)
                == #"{"data":{"echo":"{\"ids\":[{\"host\":1},{\"host\":2}],\"serial\":{\"host\":5}}"}}"#
        )
    }

    @Test("say in their own words what is wrong with a variable")
    func failures() throws {
        #expect(
            try respond("query ($ids: [ID!]) { echo(ids: $ids) }", #"{"ids": ["1", "x", true, [1]]}"#) == """
                {"errors":[\
                {"message":"Variable \\"$ids\\" got invalid value \\"x\\" at \\"ids[1]\\"; \
                Expected type \\"ID\\". Expected decimal digits.",\
                "locations":[{"line":1,"column":8}]},\
                {"message":"Variable \\"$ids\\" got invalid value true at \\"ids[2]\\"; \
                Expected type \\"ID\\". A boolean is no number.",\
                "locations":[{"line":1,"column":8}]},\
                {"message":"Variable \\"$ids\\" got invalid value [1] at \\"ids[3]\\"; Expected type \\"ID\\".",\
                "locations":[{"line":1,"column":8}]}]}
                """
        )
    }

    @Test("say in their own words what is wrong with a literal, and where")
    func literalFailures() throws {
        #expect(
            try respond(#"{ echo(ids: ["1", "x"]) }"#) == """
                {"errors":[{"message":"Expected value of type \\"ID!\\", found \\"x\\"; Expected decimal digits.",\
                "locations":[{"line":1,"column":19}]}]}
                """
        )
    }

    @Test(
        "Variables that are no JSON object are refused",
        arguments: ["[]", "5", #"{"ids": ["1"}"#, #"{"ids": "#, "", #"{"ids": ["1" "2"]}"#, #"{"ids": tru}"#]
    )
    func malformed(_ variables: String) throws {
        let text = try respond("query ($ids: [ID!]) { echo(ids: $ids) }", variables)
        #expect(text.hasPrefix(#"{"errors":[{"message":"Variables are no JSON object"#), "\(text)")
    }

    @Test("Of two variables of one name the last counts")
    func duplicates() throws {
        #expect(
            try respond("query ($s: Serial!) { echo(serial: $s) }", #"{"s": "x", "s": 1}"#)
                == #"{"data":{"echo":"{\"serial\":{\"host\":1}}"}}"#
        )
    }

    @Test("Long values are quoted in part")
    func longValues() throws {
        let text = try respond(
            "query ($s: Serial!) { echo(serial: $s) }",
            #"{"s": "\#(String(repeating: "x", count: 100_000))"}"#
        )
        #expect(text.utf8.count < 500)
    }

    @Test("Variables with bytes changed at random are read or refused")
    func mutations() throws {
        let document = try PreparedDocument(
            Source(
                "query ($f: Filter, $m: [[Int]], $p: Pick, $a: Any) { echo(filter: $f, matrix: $m, pick: $p, any: $a) }"
            ),
            schema: Bookshelf.standard.get()
        )
        let operation = try document.operation()
        let valid =
            #"{"f":{"name":"n\u00e9","tags":["a"],"range":{"to":3}},"m":[[1,null],2],"p":{"id":4},"a":[{"x":1e3}]}"#
        var generator = SeededGenerator(seed: 20_260_102)
        for _ in 0..<5000 {
            var bytes = [UInt8](valid.utf8)
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: bytes.indices, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = bytes.randomElement(using: &generator) ?? 0
                case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
                default: bytes.remove(at: place)
                }
            }
            do {
                _ = try operation.bind(variables: JSONReader(bytes))
            } catch {
                #expect(!error.errors.isEmpty)
            }
        }
    }
}

import Bytes
import GraphQL
import JSON
import Testing

enum Responses {
    static func text<Resolver: ObjectResolver>(
        _ operation: GraphQL.Operation,
        _ resolver: Resolver,
        additionalErrors: [GraphQLError] = [],
        extensions: [JSONValue.Member] = []
    ) -> String {
        var buffer = ByteBuffer()
        Executor.execute(
            operation,
            with: resolver,
            additionalErrors: additionalErrors,
            extensions: extensions,
            into: &buffer
        )
        return buffer.freeze().text
    }
}

/// Answers each field by its response key, so that a test can say what a host returns.
private struct KeyedResolver: ObjectResolver {
    let values: [String: ResolvedValue<Int>]

    var rootObject: Int { 0 }

    func resolve(_ field: SelectedField, of object: Int, in operation: GraphQL.Operation) -> ResolvedValue<Int> {
        values[operation.responseKey(of: field)] ?? .int(Int64(object))
    }

    func objectType(of object: Int, in schema: Schema) -> TypeID? {
        switch object {
        case 1: schema.type(named: "Book")
        case 2: schema.type(named: "Author")
        default: nil
        }
    }
}

@Suite("The executor")
struct ExecutorTests {
    private func text(
        _ query: String,
        _ values: [String: ResolvedValue<Int>],
        additionalErrors: [GraphQLError] = [],
        extensions: [JSONValue.Member] = []
    ) throws -> String {
        Responses.text(
            try Bookshelf.bind(query),
            KeyedResolver(values: values),
            additionalErrors: additionalErrors,
            extensions: extensions
        )
    }

    /// A response of one error; the message as JSON writes it.
    private func failed(_ data: String, _ message: String, columns: [Int], path: String) -> String {
        let locations = columns.map { #"{"line":1,"column":\#($0)}"# }.joined(separator: ",")
        return #"{"data":\#(data),"errors":[{"message":"\#(message)","locations":[\#(locations)],"path":\#(path)}]}"#
    }

    /// What a host may return for which type, and what becomes of it: text of the value, or the message of the error.
    private static var completions: [(field: String, value: ResolvedValue<Int>, result: String)] {
        [
            ("int", .int(2_147_483_647), "2147483647"),
            ("int", .int(-2_147_483_649), "Int cannot represent non 32-bit signed integer value: -2147483649"),
            ("int", .float(3), "3"),
            ("int", .float(3e10), "Int cannot represent non 32-bit signed integer value: 30000000000"),
            ("int", .float(3.5), "Int cannot represent non-integer value: 3.5"),
            ("int", .string("a\"b"), #"Int cannot represent non-integer value: "a\"b""#),
            ("int", .boolean(true), "Int cannot represent non-integer value: true"),
            ("float", .float(0.1), "0.1"),
            ("float", .int(7), "7"),
            ("float", .float(.infinity), "Float cannot represent non numeric value: inf"),
            ("float", .float(.nan), "Float cannot represent non numeric value: nan"),
            ("string", .string("a\"b"), #""a\"b""#),
            ("string", .ascii(InlineText("2026-01-02") ?? InlineText()), #""2026-01-02""#),
            ("string", .int(5), #""5""#),
            ("string", .boolean(true), "String cannot represent value: true"),
            ("boolean", .boolean(false), "false"),
            ("boolean", .int(1), "Boolean cannot represent a non boolean value: 1"),
            ("id", .identifier(.max), #""18446744073709551615""#),
            ("id", .int(-3), #""-3""#),
            ("id", .string("x"), #""x""#),
            ("id", .float(1.5), "ID cannot represent value: 1.5"),
            ("color", .string("GREEN"), #""GREEN""#),
            ("color", .string("green"), #"Enum "Color" cannot represent value: "green""#),
            ("color", .int(1), #"Enum "Color" cannot represent value: 1"#),
            ("color", .ascii(InlineText("BLUE") ?? InlineText()), #""BLUE""#),
            ("color", .enumValue(-1), #"Enum "Color" cannot represent value: enum value -1"#),
            ("any", .json(.object([.init("a", .array([.null]))])), #"{"a":[null]}"#),
            ("any", .float(.nan), "Any cannot represent value: nan"),
            ("any", .identifier(9), #""9""#),
            ("any", .list(count: 1) { _ in .int(1) }, "Any cannot represent value: [Array]"),
            ("any", .object(1), "Any cannot represent value: [Object]"),
        ]
    }

    @Test("completes leaves by their types", arguments: completions.indices)
    func leaves(_ index: Int) throws {
        let (field, value, result) = ExecutorTests.completions[index]
        let text = try text("{ leaves { \(field) } }", ["leaves": .object(0), field: value])
        if result.contains("cannot") {
            var message = ByteBuffer()
            message.append(jsonString: result)
            let column = #""locations":[{"line":1,"column":12}],"path":["leaves","\#(field)"]"#
            let expected =
                #"{"data":{"leaves":{"\#(field)":null}},"errors":[{"message":\#(message.freeze().text),\#(column)}]}"#
            #expect(text == expected)
        } else {
            #expect(text == #"{"data":{"leaves":{"\#(field)":\#(result)}}}"#)
        }
    }

    @Test("prints enum values by their place in the schema")
    func enumValue() throws {
        let schema = try Bookshelf.standard.get()
        let color = try #require(schema.type(named: "Color"))
        let blue = try #require(schema.enumValue(named: "BLUE", on: color))
        #expect(
            try text("{ leaves { color } }", ["leaves": .object(0), "color": .enumValue(blue)])
                == #"{"data":{"leaves":{"color":"BLUE"}}}"#
        )
    }

    @Test("writes lists of objects, and asks for each element once and in order")
    func objects() throws {
        #expect(
            try text("{ books { id } }", ["books": .objects(count: 3) { $0 * 10 }])
                == #"{"data":{"books":[{"id":"0"},{"id":"10"},{"id":"20"}]}}"#
        )
        #expect(try text("{ books { id } }", ["books": .objects(count: 0) { $0 }]) == #"{"data":{"books":[]}}"#)
        #expect(try text("{ books { id } }", ["books": .objects(count: -1) { $0 }]) == #"{"data":{"books":[]}}"#)
    }

    @Test("asks for the type of objects behind interfaces and unions, and checks it")
    func abstractTypes() throws {
        let query = "{ items { __typename id } }"
        #expect(
            try text(query, ["items": .objects(count: 2) { _ in 1 }, "id": .int(4)])
                == #"{"data":{"items":[{"__typename":"Book","id":"4"},{"__typename":"Book","id":"4"}]}}"#
        )
        #expect(
            try text(query, ["items": .objects(count: 1) { _ in 2 }])
                == failed(
                    #"{"items":[null]}"#,
                    #"Runtime Object type \"Author\" is not a possible type for \"Item\"."#,
                    columns: [3],
                    path: #"["items",0]"#
                )
        )
        #expect(
            try text(query, ["items": .objects(count: 1) { _ in 3 }])
                == failed(
                    #"{"items":[null]}"#,
                    #"Abstract type \"Item\" must resolve to an Object type at runtime for field \"Query.items\"."#,
                    columns: [3],
                    path: #"["items",0]"#
                )
        )
    }

    @Test("makes an error of a value that has the wrong shape")
    func shapes() throws {
        #expect(
            try text("{ book(id: 1) { id } }", ["book": .int(1)])
                == failed(
                    #"{"book":null}"#,
                    #"Expected an object, but did not find one for field \"Query.book\"."#,
                    columns: [3],
                    path: #"["book"]"#
                )
        )
        #expect(
            try text("{ items { id } }", ["items": .object(1)])
                == failed(
                    #"{"items":null}"#,
                    #"Expected Iterable, but did not find one for field \"Query.items\"."#,
                    columns: [3],
                    path: #"["items"]"#
                )
        )
        #expect(
            try text("{ leaves { int } }", ["leaves": .object(0), "int": .object(1)])
                == failed(
                    #"{"leaves":{"int":null}}"#,
                    #"Int cannot represent non-integer value: [Object]"#,
                    columns: [12],
                    path: #"["leaves","int"]"#
                )
        )
    }

    @Test("writes the host's failures with their extensions, after the errors from before, and extensions last")
    func failures() throws {
        let failure = FieldFailure(
            "Gone.",
            extensions: [.init("code", .string("GONE")), .init("ids", .array([.string("1")]))]
        )
        let text = try text(
            "{ a: book(id: 1) { id } b: leaves { i: int j: int } }",
            ["a": .failure(failure), "b": .object(0), "i": .failure(failure), "j": .int(1)],
            additionalErrors: [GraphQLError("Quota.", path: [.key("b"), .index(2)])],
            extensions: [.init("cost", .integer(3))]
        )
        let members = #""extensions":{"code":"GONE","ids":["1"]}"#
        #expect(
            text == #"{"data":{"a":null,"b":{"i":null,"j":1}},"errors":[{"message":"Quota.","path":["b",2]},"#
                + #"{"message":"Gone.","locations":[{"line":1,"column":3}],"path":["a"],\#(members)},"#
                + #"{"message":"Gone.","locations":[{"line":1,"column":37}],"path":["b","i"],\#(members)}],"#
                + #""extensions":{"cost":3}}"#
        )
    }

    @Test("gives the locations of all merged fields")
    func mergedLocations() throws {
        #expect(
            try text("{ leaves { int } leaves { int } }", ["leaves": .object(0), "int": .failure(FieldFailure("No."))])
                == failed(#"{"leaves":{"int":null}}"#, "No.", columns: [12, 27], path: #"["leaves","int"]"#)
        )
    }

    @Test("follows an operation as deep as one may be")
    func depth() throws {
        let levels = 150
        let query =
            "{ node " + String(repeating: "{ list ", count: levels) + "{ name }"
            + String(repeating: " }", count: levels + 1)
        let values: [String: ResolvedValue<Int>] = [
            "node": .object(0), "list": .list(count: 1) { _ in .object(0) }, "name": .string("deep"),
        ]
        let expected =
            #"{"data":{"node":"# + String(repeating: #"{"list":["#, count: levels) + #"{"name":"deep"}"#
            + String(repeating: "]}", count: levels) + "}}"
        #expect(try text(query, values) == expected)
    }

    @Test("appends to a buffer that has bytes already, and reports the errors of fields")
    func appends() throws {
        var buffer = ByteBuffer()
        buffer.append("before ")
        let operation = try Bookshelf.bind("{ brokenMust { name } }")
        let errors = Executor.execute(operation, with: KeyedResolver(values: ["brokenMust": .null]), into: &buffer)
        #expect(errors.map(\.message) == ["Cannot return null for non-nullable field Query.brokenMust."])
        #expect(buffer.freeze().text.hasPrefix(#"before {"data":null,"errors":["#))
    }
}

@Suite("Inline texts")
struct InlineTextTests {
    @Test("hold what JSON writes as it is, up to twenty-four characters")
    func contents() {
        let longest = "2026-01-02T03:04:05.678Z"
        #expect(InlineText(longest)?.text == longest)
        #expect(InlineText(longest + "x") == nil)
        #expect(InlineText("")?.text == "")
        for text in ["a\"", "\\", "é", "\n", "\u{7F}"] { #expect(InlineText(text) == nil) }
    }

    @Test(
        "take numbers with zeros in front",
        arguments: [(0, 1, "0"), (7, 2, "07"), (123, 2, "123"), (1000, 1, "1000")]
    )
    func decimals(value: UInt64, width: Int, expected: String) {
        var text = InlineText()
        text.append(decimal: value, width: width)
        #expect(text.text == expected)
        var largest = InlineText()
        largest.append(decimal: .max)
        #expect(largest.text == "18446744073709551615")
    }
}

import Testing

@testable import GraphQL

@Suite("Coercing literals")
struct LiteralCoercionTests {
    private static let sdl = """
        type Query { a(i: Int, f: Float, s: String, b: Boolean, id: ID, t: TweetID, any: Anything, e: E, o: O, c: Choice): Int }
        scalar TweetID
        scalar Anything
        enum E { UP DOWN }
        input O { must: Int!, may: String = "fallback", list: [[Int!]] }
        input Choice @oneOf { a: Int, b: String }
        """

    /// Decimal digits of a string as a number of the host.
    private static let tweetID = ScalarCoercion { input throws(ScalarCoercionFailure) in
        guard case .string(let bytes) = input, let number = UInt64(String(decoding: bytes, as: UTF8.self)) else {
            throw ScalarCoercionFailure("expected decimal digits.")
        }
        return .host(number)
    }

    /// The literal at the type of the argument, `$given` being 3 and `$null` null.
    private func coerce(_ literal: String, as argument: String, list: Bool = false) throws -> InputValue {
        let schema = try Schema.build(Source(Self.sdl), scalars: ["TweetID": Self.tweetID])
        let document = try Document.parse(Source("{ a(x: \(literal)) }"))
        let field = try #require(schema.field(named: "a", on: schema.queryType))
        let value = try #require(schema.inputValues[schema[field].arguments].first { $0.name == argument })
        let type = list ? TypeReference(value.type.named, value.type.wrappers.wrappedInList()) : value.type
        return try LiteralCoercion(document: document, schema: schema).coerce(document.arguments[0].value, to: type) {
            if document.isName($0, "given") { return .int(3) }
            return document.isName($0, "null") ? .null : nil
        }
    }

    @Test(
        "gives values of the type",
        arguments: [
            ("1", "i", .int(1)), ("-0", "i", .int(0)), ("1", "f", .float(1)), ("-2.5e2", "f", .float(-250)),
            ("\"x\\n\"", "s", .string("x\n")), ("\"\"\"\n  x\n\"\"\"", "s", .string("x")),
            ("true", "b", .boolean(true)),
            ("\"01\"", "id", .string("01")), ("12345678901234567890123", "id", .string("12345678901234567890123")),
            ("UP", "e", .enumeration("UP")), ("null", "i", .null), ("$given", "i", .int(3)), ("$null", "i", .null),
            ("$absent", "i", .null),
            ("\"1234567890123456789\"", "t", .host(1_234_567_890_123_456_789)), ("\"\\u0031\"", "t", .host(1)),
            (
                "{a: [1, 2.5, X, null, true]}", "any",
                .object([
                    .init("a", .list([.int(1), .float(2.5), .enumeration("X"), .null, .boolean(true)]))
                ])
            ),
            ("{must: 1}", "o", .object([.init("must", .int(1)), .init("may", .string("fallback"))])),
            ("{may: null, must: 1}", "o", .object([.init("must", .int(1)), .init("may", .null)])),
            (
                "{must: $given, may: $absent}", "o",
                .object([.init("must", .int(3)), .init("may", .string("fallback"))])
            ),
            (
                "{must: 1, may: \"\", list: 1}", "o",
                .object([
                    .init("must", .int(1)), .init("may", .string("")), .init("list", .list([.list([.int(1)])])),
                ])
            ),
            (
                "{must: 1, may: \"\", list: [[1], null, 2]}", "o",
                .object([
                    .init("must", .int(1)), .init("may", .string("")),
                    .init("list", .list([.list([.int(1)]), .null, .list([.int(2)])])),
                ])
            ),
            ("{a: $given}", "c", .object([.init("a", .int(3))])),
        ] as [(String, String, InputValue)]
    )
    func accepts(_ literal: String, argument: String, value: InputValue) throws {
        #expect(try coerce(literal, as: argument) == value)
    }

    @Test("makes a list of one and takes absent variables in lists as null")
    func lists() throws {
        #expect(try coerce("[1, $absent, $given]", as: "i", list: true) == .list([.int(1), .null, .int(3)]))
        #expect(try coerce("1", as: "i", list: true) == .list([.int(1)]))
        #expect(try coerce("[]", as: "i", list: true) == .list([]))
        #expect(try coerce("null", as: "i", list: true) == .null)
    }

    @Test(
        "says what does not fit and where",
        arguments: [
            ("1.0", "i", "Int cannot represent non-integer value: 1.0", 7),
            ("1e999", "f", "Float cannot represent non numeric value: 1e999", 7),
            ("[1]", "i", "Int cannot represent non-integer value: [1]", 7),
            ("X", "s", "String cannot represent a non string value: X", 7),
            ("\"yes\"", "b", "Boolean cannot represent a non boolean value: \"yes\"", 7),
            ("\"abc\"", "t", "Expected value of type \"TweetID\", found \"abc\"; expected decimal digits.", 7),
            ("[\"1\"]", "t", "Expected value of type \"TweetID\", found [\"1\"].", 7),
            ("{must: null}", "o", "Expected value of type \"Int!\", found null.", 14),
            ("{must: $absent}", "o", "Field \"O.must\" of required type \"Int!\" was not provided.", 7),
            ("{must: $null}", "o", "Expected value of type \"Int!\", found $null.", 14),
            ("{must: 1, list: [[null]]}", "o", "Expected value of type \"Int!\", found null.", 25),
            ("{a: $absent}", "c", "Field \"Choice.a\" must be non-null.", 11),
            ("{a: 1, b: \"\"}", "c", "OneOf Input Object \"Choice\" must specify exactly one key.", 7),
        ] as [(String, String, String, UInt32)]
    )
    func refuses(_ literal: String, argument: String, reason: String, offset: UInt32) throws {
        let failure = try #require(throws: LiteralCoercionFailure.self) { try coerce(literal, as: argument) }
        #expect(failure.reason == reason)
        #expect(failure.offset == offset)
    }
}

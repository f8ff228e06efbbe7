import Bytes
import JSON
import Testing

/// The reader against RFC 8259, as lists of what it accepts and refuses.
@Suite struct JSONReaderTests {
    /// Accepts the whole text, or says why not. Skipping and building must agree.
    private func error(in bytes: [UInt8], depth: Int = 256) -> JSONError? {
        let skipped = outcome { () throws(JSONError) in
            var reader = JSONReader(bytes, maximumDepth: depth)
            try reader.skipValue()
            try reader.readEnd()
        }
        let built = outcome { () throws(JSONError) in
            var reader = JSONReader(bytes, maximumDepth: depth)
            _ = try reader.readValue()
            try reader.readEnd()
        }
        #expect(skipped == built)
        return built
    }

    private func outcome(_ body: () throws(JSONError) -> Void) -> JSONError? {
        do {
            try body()
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        "null", "true", "false", "0", "-0", "1", "-1", "10", "123456789012345678901234567890", "0.0", "-0.5", "1.25",
        "1e5", "1E5", "1e+5", "1e-5", "0e0", "1.5E+10", "1e999", "\"\"", "\"a\"", "\"é\"", "\"😀\"", "\"\u{7f}\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0000\"", "\"\\u00e9\"", "\"\\u00E9\"", "\"\\uD83D\\uDE00\"",
        "\"\\uFFFF\"",
        "\"\u{2028}\"", "[]", "[ ]", "[1]", "[1,2]", "[ 1 , 2 ]", "[[],[[]]]", "[null,true,\"a\",1.5,{}]", "{}", "{ }",
        "{\"a\":1}", "{ \"a\" : 1 , \"b\" : [ ] }", "{\"a\":1,\"a\":2}", "{\"\":0}", "{\"a\":{\"b\":{\"c\":null}}}",
        " \t\r\n1 \t\r\n", "\n[\n]\n",
    ])
    func `what RFC 8259 allows is accepted`(text: String) {
        #expect(error(in: Array(text.utf8)) == nil)
    }

    @Test(
        arguments: [
            ("", .unexpectedEnd, 0), (" ", .unexpectedEnd, 1), ("nul", .unexpectedByte, 0),
            ("NULL", .unexpectedByte, 0),
            ("True", .unexpectedByte, 0), ("nullx", .trailingBytes, 4), ("1 2", .trailingBytes, 2),
            ("[]]", .trailingBytes, 2),
            ("undefined", .unexpectedByte, 0), ("'a'", .unexpectedByte, 0), ("NaN", .unexpectedByte, 0),
            ("Infinity", .unexpectedByte, 0), ("-Infinity", .invalidNumber, 0), ("\u{feff}1", .unexpectedByte, 0),
            ("-", .invalidNumber, 0), ("+1", .unexpectedByte, 0), ("01", .invalidNumber, 0), ("-01", .invalidNumber, 0),
            ("00", .invalidNumber, 0), (".5", .unexpectedByte, 0), ("1.", .invalidNumber, 1),
            ("1.e5", .invalidNumber, 1),
            ("1e", .invalidNumber, 1), ("1e+", .invalidNumber, 1), ("0x10", .trailingBytes, 1),
            ("1_000", .trailingBytes, 1),
            ("1.5.5", .trailingBytes, 3), ("--1", .invalidNumber, 0),
            ("\"", .unexpectedEnd, 1), ("\"a", .unexpectedEnd, 2), ("\"\\", .unexpectedEnd, 2),
            ("\"\\\"", .unexpectedEnd, 3),
            ("\"\\a\"", .invalidString, 1), ("\"\\'\"", .invalidString, 1), ("\"\\U0041\"", .invalidString, 1),
            ("\"\\x41\"", .invalidString, 1), ("\"\\u12\"", .invalidString, 3), ("\"\\u12G4\"", .invalidString, 3),
            ("\"\\u", .unexpectedEnd, 3), ("\"a\nb\"", .invalidString, 2), ("\"\u{0}\"", .invalidString, 1),
            ("\"\t\"", .invalidString, 1), ("\"\\n\u{1f}\"", .invalidString, 3),
            ("\"\\uD800\"", .invalidString, 1), ("\"\\uDC00\"", .invalidString, 1),
            ("\"\\uD800\\uD800\"", .invalidString, 1),
            ("\"\\uD800\\n\"", .invalidString, 1), ("\"\\uDE00\\uD83D\"", .invalidString, 1),
            ("\"\\uD800x\"", .invalidString, 1),
            ("[", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3),
            ("[1,]", .unexpectedByte, 3),
            ("[,1]", .unexpectedByte, 1), ("[1 2]", .unexpectedByte, 3), ("[1,,2]", .unexpectedByte, 3),
            ("[}", .unexpectedByte, 1),
            ("]", .unexpectedByte, 0), ("{", .unexpectedEnd, 1), ("{\"a\"", .unexpectedEnd, 4),
            ("{\"a\":", .unexpectedEnd, 5),
            ("{\"a\":1", .unexpectedEnd, 6), ("{\"a\":1,", .unexpectedEnd, 7), ("{\"a\":1,}", .unexpectedByte, 7),
            ("{a:1}", .unexpectedByte, 1), ("{1:1}", .unexpectedByte, 1), ("{\"a\" 1}", .unexpectedByte, 5),
            ("{\"a\":}", .unexpectedByte, 5), ("{\"a\":1 \"b\":2}", .unexpectedByte, 7), ("{,}", .unexpectedByte, 1),
            ("// c\n1", .unexpectedByte, 0), ("[1/**/]", .unexpectedByte, 2), ("\u{a0}1", .unexpectedByte, 0),
        ] as [(String, JSONError.Code, Int)]
    )
    func `what RFC 8259 does not allow is refused at its place`(text: String, code: JSONError.Code, offset: Int) {
        let error = error(in: Array(text.utf8))
        #expect(error?.code == code)
        #expect(error?.offset == offset)
    }

    @Test(
        arguments: [
            [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xE2, 0x82], [0xF4, 0x90, 0x80, 0x80], [0x5C, 0x6E, 0xFF],
        ] as [[UInt8]]
    )
    func `a string that is no UTF-8 is refused`(bytes: [UInt8]) {
        #expect(error(in: [0x22] + bytes + [0x22])?.code == .invalidString)
    }

    @Test func `nesting is limited, one past the limit is refused`() {
        for (opening, closing, inner) in [("[", "]", ""), ("{\"a\":", "}", "1")] {
            func nested(_ depth: Int) -> [UInt8] {
                let last = inner.isEmpty ? "" : inner
                return Array(
                    (String(repeating: opening, count: depth) + last + String(repeating: closing, count: depth)).utf8
                )
            }
            #expect(error(in: nested(10), depth: 10) == nil)
            #expect(error(in: nested(11), depth: 10)?.code == .nestedTooDeeply)
            #expect(error(in: nested(256)) == nil)
            #expect(error(in: nested(257))?.code == .nestedTooDeeply)
        }
        #expect(error(in: [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000))?.code == .nestedTooDeeply)
        // What has been closed no longer counts.
        #expect(error(in: Array("[\(String(repeating: "[],", count: 1000))[]]".utf8), depth: 2) == nil)
    }

    @Test func `no beginning of a text is a text`() {
        let text = Array("{\"a\":[1.5e3,\"\\uD83D\\uDE00 é\",{\"b\":null}],\"c\":true}".utf8)
        #expect(error(in: text) == nil)
        for length in 0..<text.count { #expect(error(in: Array(text[..<length])) != nil, "\(length)") }
    }

    @Test func `changed bytes are accepted or refused, and nothing else happens`() {
        let text = Array("{\"a\":[1.5e3,\"\\uD83D\\uDE00 é\",{\"b\":null}],\"c\":true,\"d\":-0.1}".utf8)
        var state: UInt64 = 42
        for _ in 0..<20_000 {
            var changed = text
            for _ in 0..<2 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                changed[Int(state >> 33) % text.count] = UInt8(truncatingIfNeeded: state >> 24)
            }
            guard let value = try? JSONValue(parsing: changed) else { continue }
            var buffer = ByteBuffer()
            buffer.append(json: value)
            #expect((try? JSONValue(parsing: buffer.freeze().array)) != nil, "\(changed)")
        }
    }

    @Test(arguments: [
        ("\"\"", ""), ("\"a\\u0062c\"", "abc"), ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{c}\n\r\t"),
        ("\"\\u0000\"", "\u{0}"), ("\"\\u00e9é\"", "éé"), ("\"\\uD83D\\uDE00\"", "😀"),
        ("\"x\\uDBFF\\uDFFFy\"", "x\u{10FFFF}y"),
        ("\"\\u20AC\"", "€"), ("\"\\\\u0041\"", "\\u0041"),
    ])
    func `a string is returned without its escapes`(text: String, value: String) throws {
        var reader = JSONReader(Array(text.utf8))
        #expect(try reader.readString() == value)
        try reader.readEnd()
    }

    @Test(
        arguments: [
            ("0", 0), ("-0", 0), ("42", 42), ("-1", -1), ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("9223372036854775808", nil), ("-9223372036854775809", nil), ("1.0", nil), ("1e2", nil), ("\"1\"", nil),
        ] as [(String, Int64?)]
    )
    func `an integer is one that is written as such and fits`(text: String, value: Int64?) {
        var reader = JSONReader(Array(text.utf8))
        #expect((try? reader.readInteger()) == value)
    }

    @Test func `a value of another kind is told by its name`() {
        var reader = JSONReader(Array(" [1]".utf8))
        #expect(throws: JSONError(.unexpectedKind, "expected a string, found an array", offset: 1)) {
            try reader.readString()
        }
    }

    @Test func `a reader of a part stays in it`() throws {
        let bytes = Array("[1,{\"a\":[2]},3]".utf8)
        var outer = JSONReader(bytes)
        var parts: [Range<Int>] = []
        try outer.readArray { reader in parts.append(try reader.skipValue()) }
        #expect(parts == [1..<2, 3..<12, 13..<14])
        var inner = JSONReader(bytes, range: parts[1])
        #expect(try inner.readValue() == .object([.init("a", .array([.integer(2)]))]))
        try inner.readEnd()
        var cut = JSONReader(bytes, range: 3..<11)
        #expect(throws: JSONError(.unexpectedEnd, "the text ends too early", offset: 11)) { try cut.skipValue() }
    }

    @Test func `members are read one by one and what nobody wants is passed over`() throws {
        var reader = JSONReader(Array(#"{"query":"q","skip":[{"a":[1,2]}],"flag":true,"none":null,"n":-5}"#.utf8))
        var seen: [String] = []
        try reader.readObject { key, reader in
            switch key {
            case "query": seen.append(try reader.readString())
            case "flag": seen.append("\(try reader.readBoolean())")
            case "none": seen.append("\(try reader.readNullIfPresent())")
            case "n": seen.append("\(try reader.readNullIfPresent()) \(try reader.readInteger())")
            default: try reader.skipValue()
            }
        }
        try reader.readEnd()
        #expect(seen == ["q", "true", "true", "false -5"])
    }
}

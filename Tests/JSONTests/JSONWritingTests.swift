import Bytes
import Foundation
import JSON
import Testing

/// What is written, against what Foundation reads.
@Suite struct JSONWritingTests {
    private func written(_ write: (inout ByteBuffer) -> Void) -> String {
        var buffer = ByteBuffer()
        write(&buffer)
        return buffer.freeze().text
    }

    @Test(arguments: [
        ("", #""""#), ("abc", #""abc""#), ("\"\\/", #""\"\\/""#), ("\n\r\t", #""\n\r\t""#),
        ("\u{0}\u{8}\u{c}\u{1f}", #""\u0000\u0008\u000c\u001f""#), ("\u{7f}é€😀", "\"\u{7f}é€😀\""),
        ("a\nb\nc", #""a\nb\nc""#),
    ])
    func `a string is escaped where it must be and nowhere else`(text: String, json: String) {
        #expect(written { $0.append(jsonString: text) } == json)
        #expect(written { $0.append(jsonString: Array(text.utf8)[...]) } == json)
    }

    @Test func `every character comes back from another reader`() throws {
        let scalars = Array(0...0x2FF) + [0x2028, 0x2029, 0xD7FF, 0xE000, 0xFFFD, 0xFFFF, 0x10000, 0x10FFFF]
        for scalar in scalars.compactMap({ Unicode.Scalar(UInt32($0)) }) {
            let text = "a\(Character(scalar))b"
            let json = written { $0.append(jsonString: text) }
            let read = try JSONSerialization.jsonObject(with: Data(json.utf8), options: .fragmentsAllowed) as? String
            #expect(read.map { Array($0.utf8) } == Array(text.utf8), "U+\(String(scalar.value, radix: 16))")
            #expect(try JSONValue(parsing: Array(json.utf8)) == .string(text))
        }
    }

    @Test(
        arguments: [
            (0, "0.0"), (1, "1.0"), (-1.5, "-1.5"), (0.1, "0.1"), (1e15, "1000000000000000.0"), (1e16, "1e+16"),
            (1e14, "100000000000000.0"),
            (123_456_789.125, "123456789.125"), (.leastNonzeroMagnitude, "5e-324"),
            (1.7976931348623157e308, "1.7976931348623157e+308"),
            (.nan, "null"), (.infinity, "null"), (-.infinity, "null"),
        ] as [(Double, String)]
    )
    func `a number is written as JSON can`(value: Double, json: String) {
        #expect(written { $0.append(jsonNumber: value) } == json)
    }

    @Test func `numbers come back the same`() throws {
        var state: UInt64 = 7
        for _ in 0..<10_000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let value = Double(bitPattern: state)
            guard value.isFinite else { continue }
            let json = written { $0.append(jsonNumber: value) }
            var reader = JSONReader(Array(json.utf8))
            #expect(Double(String(decoding: try reader.readNumber(), as: UTF8.self)) == value)
        }
    }

    @Test func `a tree is written without white space and read back`() throws {
        let tree = JSONValue.object([
            .init("b", .array([.null, .boolean(true), .boolean(false), .integer(.min), .number(0.25)])),
            .init("a", .object([])), .init("\"", .string("\\")), .init("e", .array([])),
        ])
        let json = written { $0.append(json: tree) }
        #expect(json == #"{"b":[null,true,false,-9223372036854775808,0.25],"a":{},"\"":"\\","e":[]}"#)
        #expect(try JSONValue(parsing: Array(json.utf8)) == tree)
    }

    @Test func `a tree is looked into by name and index`() throws {
        let tree = try JSONValue(parsing: Array(#"{"a":[1,"x"],"b":1,"b":2.5}"#.utf8))
        #expect(tree["a"]?[0]?.integer == 1)
        #expect(tree["a"]?[1]?.string == "x")
        #expect(tree["a"]?[2] == nil)
        #expect(tree["a"]?[-1] == nil)
        #expect(tree["b"] == .number(2.5))
        #expect(tree["c"] == nil)
        #expect(tree[0] == nil)
        #expect(tree["a"]?["a"] == nil)
        #expect(tree["a"]?.array?.count == 2)
        #expect(tree.members?.map(\.name) == ["a", "b", "b"])
        #expect(tree.string == nil && tree.integer == nil && tree.array == nil)
    }

    @Test func `a number beyond 64 bits becomes a floating-point number`() throws {
        #expect(try JSONValue(parsing: Array("9223372036854775808".utf8)) == .number(9_223_372_036_854_775_808))
        #expect(try JSONValue(parsing: Array("1e2".utf8)) == .number(100))
        #expect(try JSONValue(parsing: Array("-0".utf8)) == .integer(0))
    }
}

import Bytes
import GraphQL
import Testing

@testable import EngagementServer

@Suite("Rows as bytes")
struct RowNotationTests {
    /// Texts, and how a line of CSV has them: Python's `csv.writer` writes them the same, but for the apostrophes.
    static let texts: [(text: String, csv: String)] = [
        ("plain", "plain"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\r\nb", "\"a\r\nb\""), ("a\nb", "\"a\nb\""),
        ("\"", "\"\"\"\""), ("", ""), (" a ", " a "), ("ü", "ü"), ("😀,", "\"😀,\""),
        ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"), ("\t=1", "'\t=1"), ("\r=1", "\"'\r=1\""),
        ("\n=1", "\"'\n=1\""), ("=\"a\"", "\"'=\"\"a\"\"\""), ("＝1", "'＝1"), ("a=1", "a=1"),
    ]

    @Test("RFC 4180, with formulas defused", arguments: texts)
    func csv(_ text: String, _ expected: String) throws {
        #expect(try Self.written([.text(text), .integer(-1)], .csv) == "\(expected),-1\r\n")
    }

    static let row: [RowValue] = [
        .identifier(18_446_744_073_709_551_615), .integer(-7), .number(0.25), .boolean(true), .text("a;b"), .null,
    ]

    /// (parameters, the line of ``row``)
    static let lines: [(items: [String: String], line: String)] = [
        ([:], "18446744073709551615,-7,0.25,true,a;b,\r\n"),
        (["quote": "nonnumeric"], "\"18446744073709551615\",-7,0.25,\"true\",\"a;b\",\r\n"),
        (["quote": "excel"], "\"=\"\"18446744073709551615\"\"\",-7,0.25,true,a;b,\r\n"),
        (["decimal": "comma"], "18446744073709551615;-7;0,25;true;\"a;b\";\r\n"),
        (["decimal": "comma", "delimiter": "comma"], "18446744073709551615,-7,\"0,25\",true,a;b,\r\n"),
        (["delimiter": "tab"], "18446744073709551615\t-7\t0.25\ttrue\ta;b\t\r\n"),
        (["delimiter": "|"], "18446744073709551615|-7|0.25|true|a;b|\r\n"),
    ]

    @Test("the options of CSV", arguments: lines)
    func options(_ items: [String: String], _ line: String) throws {
        #expect(try Self.written(Self.row, .csv, items) == line)
    }

    @Test("a single column without a value is no empty line")
    func empty() throws {
        #expect(try Self.written([.null], .csv) == "\"\"\r\n")
    }

    @Test("TSV has no tab and no line end in a value")
    func tabs() throws {
        #expect(try Self.written([.text("a\tb\r\nc"), .text("=1"), .null], .tsv) == "a b  c\t'=1\t\n")
    }

    @Test("JSON has ids as strings, numbers as numbers and null for what is not there")
    func json() throws {
        let line = "{\"c0\":\"18446744073709551615\",\"c1\":-7,\"c2\":0.25,\"c3\":true,\"c4\":\"a;b\",\"c5\":null}"
        #expect(try Self.written(Self.row, .ndjson) == line + "\n")
        #expect(try Self.written(Self.row, .json) == "[\n\(line)\n]\n")
        #expect(try Self.written([.text("\"\\\n\u{1}")], .ndjson) == "{\"c0\":\"\\\"\\\\\\n\\u0001\"}\n")
    }

    @Test("an array without rows is an array all the same")
    func noRows() throws {
        var text = RowText(RowFormat.json.notation(try Self.columns(1), RowOptions()))
        text.end()
        #expect(text.take().text == "[\n]\n")
    }

    /// One row of a table without a header.
    private static func written(
        _ row: [RowValue],
        _ format: RowFormat,
        _ items: [String: String] = [:]
    ) throws -> String {
        var options = try RowOptions(items.map { ($0.key, $0.value) }, format)
        options.hasHeader = false
        var text = RowText(format.notation(try columns(row.count), options))
        text.append(row)
        text.end()
        return text.take().text
    }

    /// Columns `c0`, `c1`, …
    private static func columns(_ count: Int) throws -> RowColumns {
        let schema = try Schema.build(Source("type Query { a: String }"))
        let fields = (0..<count).map { "c\($0): a" }.joined(separator: " ")
        let document = try PreparedDocument(Source("{ \(fields) }"), schema: schema)
        return try RowColumns(document.operation(named: nil).bind())
    }
}

import GraphQL
import Testing

@Suite("Parser")
struct ParserTests {
    @Test("puts the children of one parent side by side, in order")
    func contiguous() throws {
        let document = try Document.parse(Source("{ a { b c { d } } e(x: [1, [2, 3]], y: {k: {l: 4}, m: 5}) ...F }"))
        let root = document.operations[0].selectionSet
        #expect(names(root, in: document) == ["a", "e", "...F"])
        guard case .field(let a) = document.selections[root.indices.lowerBound] else {
            Issue.record("no field")
            return
        }
        let children = try #require(document.fields[a].selectionSet)
        #expect(names(children, in: document) == ["b", "c"])
        #expect(document.fields[a].offset == 2)

        guard case .field(let e) = document.selections[root.indices.lowerBound + 1] else {
            Issue.record("no field")
            return
        }
        let arguments = document.arguments[document.fields[e].arguments.indices]
        #expect(arguments.map { document.literalText(of: $0.value) } == ["[1, [2, 3]]", "{k: {l: 4}, m: 5}"])
        #expect(document.fields[e].selectionSet == nil)
    }

    private func names(_ range: NodeRange, in document: Document) -> [String] {
        document.selections[range.indices].map { selection in
            switch selection {
            case .field(let index): document.text(of: document.fields[index].name)
            case .fragmentSpread(let index): "..." + document.text(of: document.fragmentSpreads[index].name)
            case .inlineFragment: "..."
            }
        }
    }

    @Test("keeps the kinds of values apart")
    func valueKinds() throws {
        let source = "{ f(a: $v, b: 1, c: -1.5e3, d: \"s\", e: true, f: false, g: null, h: E, i: [], j: {}) }"
        let document = try Document.parse(Source(source))
        let kinds = document.arguments.map { argument in
            switch document.values[argument.value.index].kind {
            case .variable(let name): "variable \(document.text(of: name))"
            case .int(let length): "int \(length)"
            case .float(let length): "float \(length)"
            case .string(let literal): "string \(document.text(of: literal))"
            case .boolean(let truth): "boolean \(truth)"
            case .null: "null"
            case .enumeration(let name): "enum \(document.text(of: name))"
            case .list(let range): "list \(range.count)"
            case .object(let range): "object \(range.count)"
            }
        }
        #expect(
            kinds == [
                "variable v", "int 1", "float 6", "string s", "boolean true", "boolean false", "null", "enum E",
                "list 0",
                "object 0",
            ]
        )
    }

    @Test("hashes names as tables do and compares them by their bytes")
    func names() throws {
        let document = try Document.parse(Source("{ impressions likes: impressions impression }"))
        let names = document.fields.map(\.name)
        #expect(names[0].hash == NameHash.of("impressions"))
        #expect(document.isSame(names[0], names[1]))
        #expect(!document.isSame(names[0], names[2]))
        #expect(document.isName(names[2], "impression"))
        #expect(!document.isName(names[2], "impressions"))
        #expect(document.text(of: document.fields[1].responseKey) == "likes")
    }

    @Test(
        "reads types with their wrappers",
        arguments: ["A", "A!", "[A]", "[A]!", "[A!]", "[A!]!", "[[A!]!]!", "[[[A]]]"]
    )
    func types(_ type: String) throws {
        let document = try Document.parse(Source("query ($x: \(type)) { a }"))
        #expect(document.text(of: document.variableDefinitions[0].type) == type)
    }

    @Test("says where definitions begin, their descriptions left out")
    func offsets() throws {
        let source = "\"d\" query ( \"v\" $x: Int) { a }\nextend type A { \"f\" b: C }"
        let document = try Document.parse(Source(source))
        #expect(document.location(ofByte: document.operations[0].offset) == SourceLocation(line: 1, column: 5))
        #expect(
            document.location(ofByte: document.variableDefinitions[0].offset) == SourceLocation(line: 1, column: 17)
        )
        guard case .object(let node) = document.typeSystem[0] else {
            Issue.record("no object")
            return
        }
        #expect(document.location(ofByte: node.head.offset) == SourceLocation(line: 2, column: 1))
        #expect(document.location(ofByte: node.fields[0].offset) == SourceLocation(line: 2, column: 21))
    }

    @Test("counts columns in code points and lines by all three line ends")
    func locations() {
        let source = Source("\u{FEFF}é😀x\r\ny\rz\nw")
        let found = source.bytes.indices.filter { [0x78, 0x79, 0x7A, 0x77].contains(source.bytes[$0]) }
            .map { source.location(ofByte: $0) }
        #expect(
            found == [
                SourceLocation(line: 1, column: 3), SourceLocation(line: 2, column: 1),
                SourceLocation(line: 3, column: 1),
                SourceLocation(line: 4, column: 1),
            ]
        )
    }
}

import GraphQL
import JSON
import Testing

/// What a planner asks of an operation before anything is executed.
@Suite("A bound operation")
struct OperationTests {
    private let walk = """
        query Walk($to: Int, $level: Int) @mark(note: "op") {
          e: echo(int: $to, filter: {name: "n", range: {to: $to}}) @mark(level: $level)
          items { id ... on Book { author { books { t: title } } } ... on Magazine { issue } }
          echoDefaults
        }
        """

    @Test("is walked from its root fields by index")
    func roots() throws {
        let operation = try Bookshelf.bind(walk)
        #expect(operation.kind == .query)
        #expect(operation.name == "Walk")
        #expect(
            operation.rootFields.map { operation.responseKey(of: operation[$0]) } == ["e", "items", "echoDefaults"]
        )
        let schema = operation.schema
        let fields = operation.rootFields.map { operation[$0].field }
        #expect(fields.first == schema.field(named: "echo", on: schema.queryType))
        #expect(operation.rootFields.map { operation[$0].isComposite } == [false, true, false])
    }

    @Test("has coerced arguments by name")
    func arguments() throws {
        let operation = try Bookshelf.bind(walk, variables: #"{"to": 4}"#)
        let echo = operation[operation.rootFields.lowerBound]
        let defaults = operation[operation.rootFields.upperBound - 1]
        #expect(operation.argument("int", of: echo) == .int(4))
        #expect(operation.argument("float", of: echo) == nil)
        #expect(operation.argument("nonsense", of: echo) == nil)
        #expect(
            operation.argument("filter", of: echo)
                == .object([
                    .init("name", .string("n")),
                    .init("tags", .list([.string("a")])),
                    .init("range", .object([.init("from", .int(0)), .init("to", .int(4))])),
                ])
        )
        #expect(operation.argument("int", of: defaults) == .int(7))
        #expect(operation.argument("color", of: defaults) == .enumeration("RED"))
        #expect(operation.arguments(of: defaults).map(\.name) == ["int", "list", "filter", "color"])
        #expect(operation.variable("to") == .int(4))
        #expect(operation.variable("level") == nil)
    }

    @Test("has the arguments of the host's own directives, on itself and on fields")
    func directives() throws {
        let operation = try Bookshelf.bind(walk, variables: #"{"level": 2}"#)
        let echo = operation[operation.rootFields.lowerBound]
        let defaults = operation[operation.rootFields.upperBound - 1]
        #expect(try operation.directive("mark") == [.init("note", .string("op"))])
        #expect(
            try operation.directive("mark", on: echo) == [.init("note", .string("none")), .init("level", .int(2))]
        )
        #expect(try operation.directive("mark", on: defaults) == nil)
        #expect(try operation.directive("unheard", on: echo) == nil)
    }

    @Test("shows the children of each possible type, and the path to each field")
    func children() throws {
        let operation = try Bookshelf.bind(walk)
        let schema = operation.schema
        let items = operation[operation.rootFields.lowerBound + 1]
        let book = try #require(schema.type(named: "Book"))
        let magazine = try #require(schema.type(named: "Magazine"))
        #expect(operation.children(of: items).isEmpty)
        #expect(operation.children(of: items, on: schema.queryType).isEmpty)
        let ofBook = operation.children(of: items, on: book).map { operation.responseKey(of: operation[$0]) }
        let ofMagazine = operation.children(of: items, on: magazine).map { operation.responseKey(of: operation[$0]) }
        #expect(ofBook == ["id", "author"])
        #expect(ofMagazine == ["id", "issue"])
        #expect(operation.possibleChildren(of: items).map(\.type) == [book, magazine])

        let author = operation[operation.children(of: items, on: book).lowerBound + 1]
        let books = operation[operation.children(of: author).lowerBound]
        let title = operation[operation.children(of: books).lowerBound]
        #expect(operation.path(of: title) == ["items", "author", "books", "t"])
        #expect(operation.locations(of: title) == [SourceLocation(line: 3, column: 45)])
        #expect(title.isPlainLeaf)
        #expect(title.parentType == book)
    }

    @Test("names the failed arguments before anything runs")
    func failures() throws {
        let operation = try Bookshelf.bind("query ($i: Int = 1) { required(int: $i) }", variables: #"{"i": null}"#)
        let field = operation[operation.rootFields.lowerBound]
        #expect(
            operation.argumentFailure(of: field)?.message
                == "Argument \"int\" of non-null type \"Int!\" must not be null."
        )
    }

    @Test("shares what types of an interface select alike, so that fields do not multiply")
    func sharing() throws {
        let sdl = """
            type Query { node: Node }
            interface Node { id: ID! next: Node }
            \((0..<50).map { "type T\($0) implements Node { id: ID! next: Node }" }.joined(separator: "\n"))
            """
        let schema = try Schema.build(Source(sdl))
        let operation = try Bookshelf.bind(
            "{ node { id next { id next { id next { id next { id } } } } } }",
            schema: schema
        )
        let data = try JSONValue(
            parsing: [UInt8](#"{"node":{"__typename":"T1","id":1,"next":{"__typename":"T2","id":2}}}"#.utf8)
        )
        #expect(
            Responses.text(operation, TreeResolver(root: data))
                == #"{"data":{"node":{"id":"1","next":{"id":"2","next":null}}}}"#
        )
    }
}

/// What a hostile document can make of fragments is bounded.
@Suite("Limits of collection")
struct ExecutionLimitsTests {
    private func refusal(_ query: String, limits: ExecutionLimits = ExecutionLimits()) throws -> String? {
        do {
            _ = try Bookshelf.bind(query, limits: limits)
            return nil
        } catch let refusal as GraphQLErrors {
            return refusal.errors.first?.message
        }
    }

    @Test("Fragments that double with each level are refused, and at once")
    func doubling() throws {
        var query = "{ node { ...F0 } }"
        for level in 0..<20 {
            query += " fragment F\(level) on Node { a: child { ...F\(level + 1) } b: child { ...F\(level + 1) } }"
        }
        query += " fragment F20 on Node { name }"
        #expect(try refusal(query) == "The operation selects more than 10000 fields.")
    }

    @Test("A limit itself is no offence, one more is")
    func edge() throws {
        let query = "{ books { id title } leaves { int } }"
        #expect(try refusal(query, limits: ExecutionLimits(maximumSelectedFields: 5)) == nil)
        #expect(
            try refusal(query, limits: ExecutionLimits(maximumSelectedFields: 4))
                == "The operation selects more than 4 fields."
        )
    }

    @Test("Fragments that lead deeper and deeper are refused")
    func depth() throws {
        var query = "{ node { ...F0 } }"
        for level in 0..<1000 { query += " fragment F\(level) on Node { child { ...F\(level + 1) } }" }
        query += " fragment F1000 on Node { name }"
        #expect(try refusal(query) == "The operation nests fields and fragments deeper than 200 levels.")
    }

    @Test("More outcomes of conditions than are remembered are all answered rightly")
    func conditions() throws {
        let names = (0..<6).map { "v\($0)" }
        let query = """
            query (\(names.map { "$\($0): Boolean!" }.joined(separator: " "))) {
              __typename \(names.map { "\($0): __typename @include(if: $\($0))" }.joined(separator: " "))
            }
            """
        let document = try PreparedDocument(Source(query), schema: Bookshelf.standard.get())
        for round in 0..<2 {
            for mask in 0..<64 {
                let members = names.enumerated().map { "\"\($1)\":\(mask >> $0 & 1 == 1)" }.joined(separator: ",")
                let operation = try document.operation().bind(variables: JSONReader([UInt8]("{\(members)}".utf8)))
                let expected = names.enumerated().filter { mask >> $0.offset & 1 == 1 }.map(\.element)
                let keys = operation.rootFields.dropFirst().map { operation.responseKey(of: operation[$0]) }
                #expect(keys == expected, "round \(round)")
            }
        }
    }
}

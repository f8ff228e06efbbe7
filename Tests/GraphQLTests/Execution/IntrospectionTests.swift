import GraphQL
import JSON
import Testing

/// September 2025 §4.
@Suite("Introspection")
struct IntrospectionTests {
    private func data(_ query: String) throws -> JSONValue {
        let text = try Bookshelf.respond(to: query)
        let response = try JSONValue(parsing: [UInt8](text.utf8))
        #expect(response["errors"] == nil)
        return try #require(response["data"])
    }

    /// Types, or directives, by name, without those whose definition depends on the edition.
    private func named(_ list: JSONValue?) throws -> [String: JSONValue] {
        var found: [String: JSONValue] = [:]
        for element in try #require(list?.array) {
            let name = try #require(element["name"]?.string)
            if !name.hasPrefix("__"), !["deprecated", "oneOf", "specifiedBy"].contains(name) { found[name] = element }
        }
        return found
    }

    /// Members whose values are sets sorted, so that the order in a schema does not matter.
    private func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            return .object(
                members.map { member in
                    guard member.name == "locations" || member.name == "possibleTypes", let array = member.value.array
                    else { return JSONValue.Member(member.name, sorted(member.value)) }
                    let ordered = array.sorted { "\($0)" < "\($1)" }
                    return JSONValue.Member(member.name, .array(ordered))
                }
            )
        case .array(let elements): return .array(elements.map(sorted))
        default: return value
        }
    }

    private func undescribed(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            .object(
                members.compactMap { member in
                    member.name == "description" ? nil : JSONValue.Member(member.name, undescribed(member.value))
                }
            )
        case .array(let elements): .array(elements.map(undescribed))
        default: value
        }
    }

    @Test("The standard query's answer equals the reference implementation's, type by type")
    func standardQuery() throws {
        let ours = try #require(data(Bookshelf.text("introspection.graphql"))["__schema"])
        let theirs = try #require(Bookshelf.json("introspection-result.json")["__schema"])
        for member in ["types", "directives"] {
            let ourParts = try named(ours[member])
            let theirParts = try named(theirs[member])
            #expect(Set(ourParts.keys) == Set(theirParts.keys))
            for (name, part) in theirParts {
                // What is built in is described in our own words.
                let isBuiltIn = ["Int", "Float", "String", "Boolean", "ID", "skip", "include"].contains(name)
                let (ours, theirs) = (ourParts[name].map(sorted), sorted(part))
                #expect((isBuiltIn ? ours.map(undescribed) : ours) == (isBuiltIn ? undescribed(theirs) : theirs))
            }
        }
        for member in ["description", "queryType", "mutationType", "subscriptionType"] {
            #expect(ours[member] == theirs[member])
        }
    }

    @Test("Deprecated parts are hidden unless asked for")
    func deprecation() throws {
        let answer = try data(
            """
            {
              book: __type(name: "Book") {
                a: fields { name }
                b: fields(includeDeprecated: true) { name isDeprecated deprecationReason }
              }
              color: __type(name: "Color") {
                a: enumValues { name }
                b: enumValues(includeDeprecated: true) { name deprecationReason }
              }
              query: __type(name: "Query") {
                fields { name a: args { name } b: args(includeDeprecated: true) { name isDeprecated } }
              }
            }
            """
        )
        let book = try #require(answer["book"])
        #expect(book["a"]?.array?.compactMap { $0["name"]?.string } == ["id", "title", "pages", "author"])
        let isbn = try #require(book["b"]?.array?.last)
        #expect(isbn["isDeprecated"] == .boolean(true))
        #expect(isbn["deprecationReason"] == .string("Ask for `id`."))
        #expect(answer["color"]?["a"]?.array?.count == 2)
        #expect(answer["color"]?["b"]?[2]?["deprecationReason"] == .string("No longer supported"))
        let echo = try #require(answer["query"]?["fields"]?[1])
        #expect(echo["name"] == .string("echoDefaults"))
        #expect(echo["a"]?.array?.count == 4)
        #expect(echo["b"]?.array?.count == 5)
    }

    @Test(
        "One type is found by its name, each kind with what it has",
        arguments: [
            (
                "Int",
                #"{"kind":"SCALAR","fields":null,"isOneOf":null,"specifiedByURL":null}"#
            ),
            (
                "Any",
                #"{"kind":"SCALAR","fields":null,"isOneOf":null,"specifiedByURL":"https://example.org/any"}"#
            ),
            (
                "Pick",
                #"{"kind":"INPUT_OBJECT","fields":null,"isOneOf":true,"specifiedByURL":null}"#
            ),
            (
                "Range",
                #"{"kind":"INPUT_OBJECT","fields":null,"isOneOf":false,"specifiedByURL":null}"#
            ),
            (
                "Count",
                #"{"kind":"OBJECT","fields":[{"type":{"kind":"NON_NULL","ofType":{"name":"Int"}}}],"isOneOf":null,"#
                    + #""specifiedByURL":null}"#
            ),
            (
                "Found",
                #"{"kind":"UNION","fields":null,"isOneOf":null,"specifiedByURL":null}"#
            ),
            ("Nobody", "null"),
        ]
    )
    func type(name: String, expected: String) throws {
        let text = try Bookshelf.respond(
            to: """
                query ($name: String!) {
                  __type(name: $name) {
                    kind fields { type { kind ofType { name } } } isOneOf specifiedByURL
                  }
                }
                """,
            variables: #"{"name":"\#(name)"}"#
        )
        #expect(text == #"{"data":{"__type":\#(expected)}}"#)
    }

    @Test("Introspection stands beside other fields, under aliases and through fragments")
    func mixed() throws {
        let text = try Bookshelf.respond(
            to: """
                { leaves { int } s: __schema { ...S __typename } t: __type(name: "Query") { name } }
                fragment S on __Schema { queryType { name } mutationType { name } }
                """
        )
        #expect(
            text == """
                {"data":{"leaves":{"int":-2147483648},"s":{"queryType":{"name":"Query"},\
                "mutationType":{"name":"Mutation"},"__typename":"__Schema"},"t":{"name":"Query"}}}
                """
        )
    }
}

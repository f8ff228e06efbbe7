import Testing

@testable import GraphQL

@Suite("Validation rules")
struct ValidationRulesTests {
    @Test("every case of the corpus gets exactly its errors", arguments: ValidationCase.all)
    func corpus(_ example: ValidationCase) throws {
        #expect(try errors(in: example.document) == example.errors)
    }

    @Test("every rule has its file of cases, with valid and invalid ones")
    func completeness() {
        let elsewhere: Set<String> = ["NoSchemaIntrospection"]
        let rules = Validator.rules.map { "\($0)" }.filter { !elsewhere.contains($0) }
        #expect(Set(ValidationCase.all.map(\.rule)) == Set(rules))
        #expect(rules.count == 28)
        // The corpus' schema has a root type for each kind of operation.
        for rule in rules where rule != "KnownOperationTypes" {
            let cases = ValidationCase.all.filter { $0.rule == rule }
            #expect(cases.contains { $0.errors.isEmpty }, "\(rule) has no valid document")
            #expect(cases.contains { !$0.errors.isEmpty }, "\(rule) has no invalid document")
        }
    }

    @Test("introspection can be switched off, save for __typename")
    func withoutIntrospection() throws {
        let text = """
            { __typename ...f __type(name: "Book") { name } }
            fragment f on Query { x: __schema { types { name } } }
            """
        let refusal = "GraphQL introspection has been disabled, but the requested query contained the field "
        #expect(try errors(in: text) == [])
        #expect(
            try errors(in: text, options: ValidationOptions(introspection: false)) == [
                "1:19 \(refusal)\"__type\".", "2:23 \(refusal)\"__schema\".",
            ]
        )
    }

    @Test("operations need a root type in the schema")
    func knownOperationTypes() throws {
        let schema = try Schema.build(Source("type Query { name: String }"))
        #expect(
            try errors(in: "mutation a { x }\n\n  subscription b { y }\nquery c { name }", schema: schema) == [
                "1:1 The mutation operation is not supported by the schema.",
                "3:3 The subscription operation is not supported by the schema.",
            ]
        )
    }

    @Test("descriptions in front of operations do not move an error's place")
    func descriptions() throws {
        let text = "\"what it is\"\nquery q(\"why\" $v: Int) { person { name } }"
        #expect(try errors(in: text) == ["2:15 Variable \"$v\" is never used in operation \"q\"."])
    }

    @Test("suggestions can be left out, as they tell names of the schema")
    func withoutSuggestions() throws {
        let text = """
            query q($v: Boook) { person { nme works(frist: 1) { pages } } arguments { genre(value: NOVELL) }
              books(filter: {genre: NOVEL, titel: ""}) { id } anything(value: $v) }
            """
        let options = ValidationOptions(suggestions: false)
        let found = try errors(in: text, options: options)
        #expect(found.count == 6)
        #expect(!found.contains { $0.contains("Did you mean") })
        #expect(try errors(in: text).allSatisfy { $0.contains("Did you mean") })
    }

    @Test("errors of a rule come in the order of the document, columns count characters")
    func order() throws {
        let text = "{ person { name(a: \"äö😀\") b c { d } e } # ü\r\n\r f g }"
        let document = try Document.parse(Source(text))
        let found = Validator.validate(document, against: Library.schema)
        #expect(
            found.map(\.locations) == [
                [SourceLocation(line: 1, column: 27)], [SourceLocation(line: 1, column: 29)],
                [SourceLocation(line: 1, column: 37)], [SourceLocation(line: 3, column: 2)],
                [SourceLocation(line: 3, column: 4)], [SourceLocation(line: 1, column: 17)],
            ]
        )
    }
}

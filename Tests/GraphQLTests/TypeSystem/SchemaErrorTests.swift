import GraphQL
import Testing

@Suite("Schemas that break a rule")
struct SchemaErrorTests {
    struct Refused: Decodable, CustomTestStringConvertible {
        let sdl: String
        let errors: [Place]
        var testDescription: String { sdl.debugDescription }

        struct Place: Decodable {
            let message: String
            let locations: [[Int]]
        }
    }

    @Test(
        "are refused with every rule's message and place",
        arguments: JSONCases.load("TypeSystem/refused.json", as: Refused.self)
    )
    func refuses(_ refused: Refused) throws {
        let expected = refused.errors.map { error in
            GraphQLError(
                error.message,
                locations: error.locations.map { SourceLocation(line: $0[0], column: $0[1]) }
            )
        }
        let thrown = try #require(throws: GraphQLErrors.self) { try Schema.build(Source(refused.sdl)) }
        #expect(thrown.errors == expected)
    }

    @Test("are refused if a coercion is given for a scalar that they do not have")
    func unknownCoercion() throws {
        let coercion = ScalarCoercion { _ in .null }
        let error = try #require(throws: GraphQLErrors.self) {
            try Schema.build(Source("type Query { a: Int }"), scalars: ["Moment": coercion])
        }
        #expect(error.errors.map(\.message) == ["The schema has no scalar \"Moment\", for which a coercion is given."])
    }
}

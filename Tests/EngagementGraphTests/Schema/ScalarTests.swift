import GraphQL
import Testing

@Suite("Scalars of the schema")
struct ScalarTests {
    @Test(
        "An id may be a string or a whole number, in a literal and in a variable",
        arguments: ["\"1070059276213702656\"", "1070059276213702656"]
    )
    func readsIds(_ id: String) throws {
        let graph = try GraphFixture()
        let expected = #"{"data":{"tweet":{"id":"1070059276213702656","createdAt":"2018-12-04T20:56:26.846Z"}}}"#
        #expect(try graph.respond("{ tweet(id: \(id)) { id createdAt } }") == expected)
        let response = try graph.respond(
            "query($id: ID!) { tweet(id: $id) { id createdAt } }",
            variables: "{\"id\":\(id)}"
        )
        #expect(response == expected)
    }

    @Test("An id from before November 2010 has no time")
    func oldIds() throws {
        #expect(
            try GraphFixture().respond("{ tweet(id: 20) { createdAt } }") == #"{"data":{"tweet":{"createdAt":null}}}"#
        )
    }

    @Test(
        "What is no id is refused before anything is planned",
        arguments: ["\"\"", "\"0\"", "\"-1\"", "\"007\"", "\"12a\"", "1.5", "true", "\"9223372036854775808\""]
    )
    func refusesOtherIds(_ id: String) throws {
        let graph = try GraphFixture()
        #expect(throws: GraphQLErrors.self) {
            try graph.plan("query($id: ID!) { tweet(id: $id) { id } }", variables: "{\"id\":\(id)}")
        }
        // A literal that is an id by GraphQL's own rules is refused where it stands, which leaves other fields alone.
        if let response = try? graph.respond("{ tweet(id: \(id)) { totals { favorites } } }") {
            #expect(
                response.hasPrefix(#"{"data":null,"errors":[{"message":"Argument \"id\" has an invalid value"#)
                    && response.contains("is no Tweet id: give its decimal digits"),
                "\(response)"
            )
        }
    }

    @Test("What an error quotes is cut to a length that a message can bear")
    func cutsQuotations() throws {
        let long = String(repeating: "x", count: 5000)
        let error = #expect(throws: GraphQLErrors.self) {
            try GraphFixture().plan(
                "query($t: DateTime) { historical(tweetIds: [1], start: $t) { start } }",
                variables: "{\"t\":\"\(long)\"}"
            )
        }
        #expect(error?.errors.first?.message.contains("\"" + long.prefix(40) + "…\" is no time") == true)
    }
}

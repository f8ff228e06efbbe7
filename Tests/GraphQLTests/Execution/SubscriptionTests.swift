import Bytes
import GraphQL
import JSON
import Testing

/// The source of a subscription, and what becomes of its events (September 2025 §6.2.3).
@Suite("Subscriptions")
struct SubscriptionTests {
    private static let schema = Result {
        try Schema.build(
            Source(
                """
                type Query { a: Int }
                type Subscription { ticks(by: Int! = 1): Tick!  other: Tick }
                type Tick { value: Int!  note: String }
                """
            )
        )
    }

    private func bind(_ query: String, _ variables: String? = nil) throws -> GraphQL.Operation {
        try Bookshelf.bind(query, variables: variables, schema: try Self.schema.get())
    }

    private func answer(_ operation: GraphQL.Operation, to event: String) throws -> String {
        var buffer = ByteBuffer()
        let resolver = TreeResolver(root: try JSONValue(parsing: Array(event.utf8)))
        Executor.execute(operation, with: resolver, into: &buffer)
        return buffer.freeze().text
    }

    @Test("The stream is that of the one field at the root, by fragments too")
    func source() throws {
        for query in [
            "subscription { t: ticks(by: 2) { value } }",
            "subscription { ...F } fragment F on Subscription { t: ticks(by: 2) { value } }",
        ] {
            let operation = try bind(query)
            let field = try operation.sourceField()
            #expect(operation.schema[field.field].name == "ticks")
            #expect(operation.responseKey(of: field) == "t")
            #expect(operation.argument("by", of: field) == .int(2))
        }
    }

    @Test("A query has no stream")
    func query() throws {
        #expect(throws: GraphQLErrors.self) { try bind("{ a }").sourceField() }
    }

    @Test("Two fields at the root are no subscription")
    func severalFields() throws {
        #expect(throws: GraphQLErrors.self) { try bind("subscription { ticks { value } other { value } }") }
    }

    @Test("Arguments that cannot be coerced are a request error, before any event")
    func arguments() throws {
        let operation = try bind("subscription ($by: Int) { ticks(by: $by) { value } }", #"{"by":null}"#)
        let errors = #expect(throws: GraphQLErrors.self) { try operation.sourceField() }?.errors
        #expect(errors?.count == 1 && errors?.first?.path == [.key("ticks")])
        #expect(errors?.first?.locations.isEmpty == false)
    }

    @Test("Each event is a response of its own: an error of one fails that one only")
    func events() throws {
        let operation = try bind("subscription { ticks { value note } }")
        #expect(
            try answer(operation, to: #"{"ticks": {"value": 1, "note": "a"}}"#)
                == #"{"data":{"ticks":{"value":1,"note":"a"}}}"#
        )
        #expect(try answer(operation, to: #"{"ticks": {"value": null}}"#).hasPrefix(#"{"data":null,"errors":[{"#))
        #expect(
            try answer(operation, to: #"{"ticks": {"value": 3, "note": null}}"#)
                == #"{"data":{"ticks":{"value":3,"note":null}}}"#
        )
    }
}

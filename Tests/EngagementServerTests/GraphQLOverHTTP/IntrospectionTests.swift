import EngagementServer
import GraphQL
import JSON
import TestSupport
import Testing

@Suite("Asking for the schema")
struct IntrospectionTests {
    /// What code generators, editors and clients send, with every option.
    private static let standardQuery = """
        query IntrospectionQuery {
          __schema {
            description
            queryType { name kind } mutationType { name kind } subscriptionType { name kind }
            types { ...FullType }
            directives { name description isRepeatable locations args(includeDeprecated: true) { ...InputValue } }
          }
        }
        fragment FullType on __Type {
          kind name description specifiedByURL isOneOf
          fields(includeDeprecated: true) {
            name description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason
          }
          inputFields(includeDeprecated: true) { ...InputValue }
          interfaces { ...TypeRef }
          enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
          possibleTypes { ...TypeRef }
        }
        fragment InputValue on __InputValue {
          name description type { ...TypeRef } defaultValue isDeprecated deprecationReason
        }
        fragment TypeRef on __Type {
          kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
          ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
        }
        """

    @Test("by the standard query passes all limits, by POST and by GET")
    func standardQuery() async throws {
        let bed = try TestBed()
        let post = try await bed.send(.post(TestBed.body(IntrospectionTests.standardQuery, nil)))
        #expect(post.errorCount == 0)
        let names = post.json?["data"]?["__schema"]?["types"]?.array?.compactMap { $0["name"]?.string } ?? []
        #expect(
            Set(names).isSuperset(of: ["Query", "Tweet", "TotalsRow", "SeriesRow", "Long", "DateTime", "__Schema"])
        )
        let get = try await bed.send(.get([(name: "query", value: IntrospectionTests.standardQuery)]))
        #expect(get.json == post.json)
    }

    @Test("can be switched off, __typename can not")
    func switchedOff() async throws {
        let bed = try TestBed { server, _ in server.limits.validation.introspection = false }
        for query in [
            IntrospectionTests.standardQuery, "{ __type(name: \"Tweet\") { name } }", "{ a: __schema { __typename } }",
        ] {
            let response = try await bed.send(.post(TestBed.body(query, nil)))
            #expect(response.data == .absent)
            #expect(response.message.hasPrefix("GraphQL introspection has been disabled"))
        }
        #expect(try await bed.send("GET", "/schema.graphql", headers: []).status == 404)
        #expect(try await bed.ask("{ __typename }")["data"]?["__typename"] == .string("Query"))
    }

    /// Each misspells a name of the schema.
    private static let misspelt = [
        #"{ tweat(id: "1") { id } }"#, #"{ tweet(idd: "1") { id } }"#, #"{ tweet(id: "1") { totals { favorits } } }"#,
        "query($x: Twet) { __typename }", "{ totals(tweetIds: [], groupBy: [TWEETS]) { count } }",
        "{ totals(tweetIds: [], orderBy: [{ fild: COUNT }]) { count } }", "{ __typename @skp(if: true) }",
    ]

    @Test("by guessing names can be switched off as well")
    func suggestions() async throws {
        for isOn in [true, false] {
            let bed = try TestBed { server, _ in server.limits.validation.suggestions = isOn }
            for query in IntrospectionTests.misspelt {
                let response = try await bed.send(.post(TestBed.body(query, nil)))
                #expect(response.data == .absent)
                if !isOn { #expect(!response.text.contains("Did you mean"), "\(query)") }
            }
            let field = try await bed.ask(IntrospectionTests.misspelt[0])
            #expect(field["errors"]?[0]?["message"]?.string?.contains("Did you mean \"tweet\"") == isOn)
            // Variables are read after validation, by another part.
            let variables = JSONValue.object([.init("by", .array([.object([.init("field", .string("COUNTS"))])]))])
            let query = "query($by: [TotalsOrder!]) { totals(tweetIds: [], orderBy: $by) { count } }"
            let coerced = try await bed.ask(query, variables)
            #expect(coerced["errors"]?[0]?["message"]?.string?.contains("Did you mean") == isOn, "\(coerced.text)")
        }
    }
}

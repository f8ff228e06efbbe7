import Bytes
import Foundation
import GraphQL
import JSON

/// The answer to the standard introspection query, as tools that read schemas expect it: `{"data": {"__schema": …}}`.
enum Introspection {
    /// - Throws: Never for a valid schema, since the query is ours.
    static func answer(of schema: Schema) throws(GraphQLErrors) -> JSONValue {
        let document = try PreparedDocument(Source(query, name: "introspection query"), schema: schema)
        let operation = try document.operation().bind()
        var buffer = ByteBuffer()
        Executor.execute(operation, with: Nothing(), into: &buffer)
        let bytes = unsafe buffer.withUnsafeBytes { unsafe Array($0) }
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            preconditionFailure("a response is JSON: \(error)")
        }
    }

    /// The executor itself answers whatever the query asks for.
    private struct Nothing: ObjectResolver {
        var rootObject: Void { () }

        func resolve(_ field: SelectedField, of object: Void, in operation: GraphQL.Operation) -> ResolvedValue<Void> {
            .null
        }
    }

    /// Everything that §4.2 can tell; types nest up to nine lists and non-null marks deep.
    private static let query = """
        query IntrospectionQuery {
          __schema {
            description
            queryType { name }
            mutationType { name }
            subscriptionType { name }
            types { ...FullType }
            directives {
              name description isRepeatable locations
              args(includeDeprecated: true) { ...Input }
            }
          }
        }
        fragment FullType on __Type {
          kind name description specifiedByURL isOneOf
          fields(includeDeprecated: true) {
            name description isDeprecated deprecationReason
            args(includeDeprecated: true) { ...Input }
            type { ...Reference }
          }
          inputFields(includeDeprecated: true) { ...Input }
          interfaces { ...Reference }
          enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
          possibleTypes { ...Reference }
        }
        fragment Input on __InputValue {
          name description defaultValue isDeprecated deprecationReason
          type { ...Reference }
        }
        fragment Reference on __Type {
          kind name
          ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
            ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
        }
        """
}

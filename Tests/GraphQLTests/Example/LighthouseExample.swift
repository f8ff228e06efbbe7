import Bytes
import GraphQL
import JSON
import Testing

/// The example of the module's documentation: another schema, another host. What stands here is what stands there.
@Suite("The documented example")
struct LighthouseExample {
    private static let source = Source(
        """
        type Query {
          lighthouses: [Lighthouse!]!
          lighthouse(name: String!): Lighthouse
        }
        type Lighthouse {
          name: String!
          height(unit: Unit! = METRE): Float!
        }
        enum Unit { METRE FOOT }
        """
    )

    private struct Lighthouse {
        let name: String
        let metres: Double
    }

    /// What stands behind an object of the response.
    private enum Place {
        case query
        case lighthouse(Int)
    }

    private struct Lighthouses: ObjectResolver {
        let all: [Lighthouse]
        let schema: Schema

        var rootObject: Place { .query }

        func resolve(_ field: SelectedField, of object: Place, in operation: Operation) -> ResolvedValue<Place> {
            switch (object, schema[field.field].name) {
            case (.query, "lighthouses"): return .objects(count: all.count) { .lighthouse($0) }
            case (.query, "lighthouse"):
                guard case .string(let name) = operation.argument("name", of: field),
                    let index = all.firstIndex(where: { $0.name == name })
                else { return .null }
                return .object(.lighthouse(index))
            case (.lighthouse(let index), "name"): return .string(all[index].name)
            case (.lighthouse(let index), "height"):
                let isFeet = operation.argument("unit", of: field) == .enumeration("FOOT")
                return .float(isFeet ? all[index].metres / 0.3048 : all[index].metres)
            default: return .null
            }
        }
    }

    private func respond(to text: String, variables: String? = nil) throws -> String {
        let schema = try Schema.build(LighthouseExample.source)
        let lighthouses = Lighthouses(
            all: [Lighthouse(name: "Roter Sand", metres: 30.5), Lighthouse(name: "Eddystone", metres: 49)],
            schema: schema
        )
        var buffer = ByteBuffer()
        do throws(GraphQLErrors) {
            // Once for each text: parse, validate.
            let document = try PreparedDocument(Source(text), schema: schema)
            // Once for each request: pick the operation, coerce the variables, execute.
            let operation = try document.operation(named: nil)
                .bind(variables: variables.map { JSONReader(Array($0.utf8)) })
            Executor.execute(operation, with: lighthouses, into: &buffer)
        } catch {
            buffer.append(requestErrors: error.errors)
        }
        return buffer.freeze().text
    }

    @Test("answers a query with variables")
    func query() throws {
        let response = try respond(
            to: "query($name: String!) { lighthouse(name: $name) { name height feet: height(unit: FOOT) } }",
            variables: #"{"name": "Roter Sand"}"#
        )
        #expect(
            response == #"{"data":{"lighthouse":{"name":"Roter Sand","height":30.5,"feet":100.06561679790026}}}"#
        )
    }

    @Test("refuses what the schema does not have, with a suggestion")
    func refusal() throws {
        #expect(
            try respond(to: "{ lighthouses { nmae } }") == """
                {"errors":[{"message":"Cannot query field \\"nmae\\" on type \\"Lighthouse\\". Did you mean \\"name\\"?",\
                "locations":[{"line":1,"column":17}]}]}
                """
        )
    }
}

import Bytes
import GraphQL
import JSON
import Synchronization
import Testing

/// Root fields that are awaited.
@Suite("Asynchronous root fields")
struct AsyncExecutionTests {
    /// Answers from a tree, each root field after `delays` other tasks had their turn.
    private final class Slow: AsyncRootResolver {
        let tree: TreeResolver
        let delays: [String: Int]
        let log = Mutex<[String]>([])

        init(_ tree: TreeResolver, delays: [String: Int] = [:]) {
            self.tree = tree
            self.delays = delays
        }

        var rootObject: JSONValue { tree.rootObject }

        func resolve(
            _ field: SelectedField,
            of object: JSONValue,
            in operation: GraphQL.Operation
        ) -> ResolvedValue<JSONValue> {
            log.withLock { $0.append(operation.responseKey(of: field)) }
            return tree.resolve(field, of: object, in: operation)
        }

        func objectType(of object: JSONValue, in schema: Schema) -> TypeID? { tree.objectType(of: object, in: schema) }

        func resolveRoot(
            _ field: SelectedField,
            in operation: GraphQL.Operation
        ) async throws(FieldFailure) -> sending ResolvedValue<JSONValue> {
            let key = operation.responseKey(of: field)
            for _ in 0..<(delays[key] ?? 0) { await Task.yield() }
            log.withLock { $0.append("root " + key) }
            if key == "fails" { throw FieldFailure("No.", extensions: [.init("code", .string("NO"))]) }
            return .object(tree.rootObject[operation.schema[field.field].name] ?? .null)
        }
    }

    private func run(
        _ query: String,
        variables: String? = nil,
        delays: [String: Int] = [:]
    ) async throws -> (text: String, log: [String]) {
        let resolver = Slow(TreeResolver(root: try Bookshelf.data.get()), delays: delays)
        let operation = try Bookshelf.bind(query, variables: variables)
        let response = await Executor.execute(operation, awaiting: resolver)
        return (response.text, resolver.log.withLock { $0 })
    }

    @Test("A query's answer has the order of the query, whoever comes first")
    func query() async throws {
        let (text, _) = try await run(
            "{ a: leaves { int } __typename b: book(id: 1) { id author { name } } __schema { queryType { name } } }",
            delays: ["a": 50]
        )
        #expect(
            text == """
                {"data":{"a":{"int":-2147483648},"__typename":"Query","b":{"id":"b1","author":{"name":"Austen"}},\
                "__schema":{"queryType":{"name":"Query"}}}}
                """
        )
    }

    @Test("A mutation's field is complete before the next begins")
    func mutation() async throws {
        let (text, log) = try await run("mutation { second { value } first { value } }", delays: ["second": 50])
        #expect(text == #"{"data":{"second":{"value":2},"first":{"value":1}}}"#)
        #expect(log == ["root second", "value", "root first", "value"])
    }

    @Test("A failure is its field's, and a null goes up as ever")
    func failures() async throws {
        let (text, _) = try await run("{ fails: leaves { int } b: book(id: 1) { id } }")
        #expect(
            text == """
                {"data":{"fails":null,"b":{"id":"b1"}},"errors":[{"message":"No.","locations":[{"line":1,"column":3}],\
                "path":["fails"],"extensions":{"code":"NO"}}]}
                """
        )
        let (gone, log) = try await run("mutation { fails: second { value } first { value } }")
        #expect(gone.hasPrefix(#"{"data":null,"errors":["#))
        #expect(log == ["root fails"])
    }

    @Test("A field whose arguments cannot be coerced is not asked for")
    func arguments() async throws {
        let (text, log) = try await run("mutation ($by: Int) { first(by: $by) { value } }", variables: #"{"by":null}"#)
        #expect(text.contains("must not be null"))
        #expect(log.isEmpty)
    }

    @Test("Nothing selected is an empty object")
    func nothing() async throws {
        let (text, _) = try await run("{ leaves @skip(if: true) { int } }")
        #expect(text == #"{"data":{}}"#)
    }
}

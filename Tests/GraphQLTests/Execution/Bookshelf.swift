import Bytes
import Foundation
import GraphQL
import JSON
import Testing

/// What execution is tested with: the schema and the data of `Corpus/execution`, and how to run a query on them.
enum Bookshelf {
    static let folder = "Corpus/execution"

    static func text(_ name: String) throws -> String {
        let url = Bundle.module.resourceURL?.appending(path: folder).appending(path: name)
        return String(decoding: try Data(contentsOf: try #require(url)), as: UTF8.self)
    }

    static func json(_ name: String) throws -> JSONValue { try JSONValue(parsing: [UInt8](text(name).utf8)) }

    static func schema(scalars: [String: ScalarCoercion] = [:]) throws -> Schema {
        try Schema.build(Source(text("schema.graphql")), scalars: scalars)
    }

    static let standard = Result { try schema() }
    static let data = Result { try json("data.json") }

    /// A bound operation on the library's schema.
    static func bind(
        _ query: String,
        variables: String? = nil,
        operationName: String? = nil,
        limits: ExecutionLimits = ExecutionLimits(),
        schema: Schema? = nil
    ) throws -> GraphQL.Operation {
        let schema = try schema ?? standard.get()
        let document = try PreparedDocument(Source(query), schema: schema, limits: limits)
        let operation = try document.operation(named: operationName)
        return try operation.bind(variables: variables.map { JSONReader([UInt8]($0.utf8)) })
    }

    /// The whole response as text, request errors too.
    static func respond(
        to query: String,
        variables: String? = nil,
        operationName: String? = nil,
        schema: Schema? = nil
    ) throws -> String {
        var buffer = ByteBuffer()
        do {
            let operation = try bind(query, variables: variables, operationName: operationName, schema: schema)
            Executor.execute(operation, with: TreeResolver(root: try data.get()), into: &buffer)
        } catch let refusal as GraphQLErrors {
            writeRequestErrors(refusal.errors, into: &buffer)
        }
        return buffer.freeze().text
    }
}

/// Resolves fields from a tree: a member of the object by the field's name. An object with `$error` fails; `__typename`
/// is an object's type; fields named `echo…` answer with their arguments as JSON text.
struct TreeResolver: ObjectResolver {
    let root: JSONValue

    var rootObject: JSONValue { root }

    func resolve(
        _ field: SelectedField,
        of object: JSONValue,
        in operation: GraphQL.Operation
    ) -> ResolvedValue<JSONValue> {
        let definition = operation.schema[field.field]
        if definition.name.hasPrefix("echo") || definition.name == "required" {
            var buffer = ByteBuffer()
            buffer.append(json: InputValue.object(operation.arguments(of: field)).json)
            return .string(buffer.freeze().text)
        }
        let value = object[definition.name] ?? .null
        if operation.schema[field.type.named].name == "Any" { return .json(value) }
        return TreeResolver.resolve(value)
    }

    func objectType(of object: JSONValue, in schema: Schema) -> TypeID? {
        object["__typename"]?.string.flatMap { schema.type(named: $0) }
    }

    private static func resolve(_ value: JSONValue) -> ResolvedValue<JSONValue> {
        switch value {
        case .null: .null
        case .boolean(let value): .boolean(value)
        case .integer(let value): .int(value)
        case .number(let value): .float(value)
        case .string(let text): .string(text)
        case .array(let elements): .list(count: elements.count) { resolve(elements[$0]) }
        case .object: value["$error"]?.string.map { .failure(FieldFailure($0)) } ?? .object(value)
        }
    }
}

extension InputValue {
    /// The value as a JSON tree; what only the host reads is shown as such.
    var json: JSONValue {
        switch self {
        case .null: .null
        case .int(let value): .integer(value)
        case .float(let value): .number(value)
        case .string(let text), .enumeration(let text): .string(text)
        case .boolean(let value): .boolean(value)
        case .list(let elements): .array(elements.map(\.json))
        case .object(let members): .object(members.map { JSONValue.Member($0.name, $0.value.json) })
        case .host(let bits): .object([JSONValue.Member("host", .integer(Int64(bitPattern: bits)))])
        }
    }
}

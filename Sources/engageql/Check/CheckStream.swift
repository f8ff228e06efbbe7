import Engagement
import GraphQL
import JSON

/// Checks for other programs, one JSON object a line in and one out: `engageql check --stream`.
///
///     {"id": 1, "schema": "type Query { a: Int }", "document": "{ b }"}
///     {"id":1,"valid":false,"errors":[{"message":"Cannot query field …","locations":[{"line":1,"column":3}]}],"warnings":[]}
///
/// Without `schema` the document is checked against the schema of the command line, without `document` the schema alone is
/// checked. `id` may be any value and is repeated. Whatever is wrong with a line is answered with `error`, and the next line
/// is read.
struct CheckStream {
    private let standard: Result<CheckedSchema, GraphQLErrors>
    private let listSize: Int
    private let now: UnixTime

    /// Test suites ask many questions about few schemas.
    private var remembered: [(text: String, schema: Result<CheckedSchema, GraphQLErrors>)] = []
    private static let maximumRemembered = 16

    /// - Parameter standard: The schema for lines that have none.
    init(standard: Result<CheckedSchema, GraphQLErrors>, listSize: Int, now: UnixTime) {
        self.standard = standard
        self.listSize = listSize
        self.now = now
    }

    /// The answer to a line.
    mutating func answer(_ line: String) -> JSONValue {
        let request: JSONValue
        do throws(JSONError) {
            request = try JSONValue(parsing: [UInt8](line.utf8))
        } catch {
            return .object([refusal("The line is not JSON: \(error).")])
        }
        let id = request["id"].map { [JSONValue.Member("id", $0)] } ?? []
        return .object(id + answer(request))
    }

    private mutating func answer(_ request: JSONValue) -> [JSONValue.Member] {
        for name in ["schema", "document"] {
            if let value = request[name], value.string == nil { return [refusal("\"\(name)\" is not a string.")] }
        }
        let text = request["schema"]?.string
        let document = request["document"]?.string
        if text == nil && document == nil { return [refusal("The line has neither \"schema\" nor \"document\".")] }

        switch text.map({ schema($0) }) ?? standard {
        case .failure(let problem):
            return [refusal("The schema is not valid."), .init("errors", .array(problem.errors.map(\.placed)))]
        case .success(let schema):
            guard let document else { return DocumentReport(Source([]), errors: []).verdict }
            return DocumentReport(Source(document), against: schema, listSize: listSize, now: now).verdict
        }
    }

    private mutating func schema(_ text: String) -> Result<CheckedSchema, GraphQLErrors> {
        if let found = remembered.first(where: { $0.text == text }) { return found.schema }
        let built = Result { () throws(GraphQLErrors) in try CheckedSchema(general: Source(text)) }
        if remembered.count == Self.maximumRemembered { remembered.removeFirst() }
        remembered.append((text, built))
        return built
    }

    private func refusal(_ reason: String) -> JSONValue.Member { .init("error", .string(reason)) }
}

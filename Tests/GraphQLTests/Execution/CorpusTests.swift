import Bytes
import GraphQL
import JSON
import Testing

/// A request and the response that the reference implementation gives to it.
struct ExecutionCase: Sendable, CustomTestStringConvertible {
    let name: String
    let query: String
    let variables: String?
    let operationName: String?
    let response: JSONValue

    var testDescription: String { name }

    init(_ value: JSONValue) throws {
        name = try #require(value["name"]?.string)
        query = try #require(value["query"]?.string)
        variables = value["variables"].map { variables in
            var buffer = ByteBuffer()
            buffer.append(json: variables)
            return buffer.freeze().text
        }
        operationName = value["operationName"]?.string
        response = try #require(value["response"])
    }

    static func cases(_ file: String) throws -> [ExecutionCase] {
        try #require(Bookshelf.json(file + ".json").array).map(ExecutionCase.init)
    }
}

/// Whole responses, members in order, as the reference implementation gives them (`Corpus/execution`). Where its
/// wording is that of another programming language, the corpus has the wording of the original; how values are quoted
/// follows the original too.
@Suite("Responses equal the reference implementation's")
struct CorpusTests {
    @Test(
        "for",
        arguments: try ["selection", "operations", "arguments", "variables", "completion", "nulls"]
            .flatMap(ExecutionCase.cases)
    )
    func response(_ example: ExecutionCase) throws {
        let text = try Bookshelf.respond(
            to: example.query,
            variables: example.variables,
            operationName: example.operationName
        )
        let response = try JSONValue(parsing: [UInt8](text.utf8))
        #expect(response == example.response, "\(text)")
    }
}

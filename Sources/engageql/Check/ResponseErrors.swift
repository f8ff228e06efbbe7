import GraphQL
import JSON

/// The errors of a server's response, as ``DiagnosticText`` prints those of our own.
struct ResponseErrors {
    /// The document that places are in.
    let source: Source
    let errors: [JSONValue]

    var lines: [String] { errors.flatMap(lines) }

    /// What is printed of one of them.
    func lines(_ error: JSONValue) -> [String] {
        DiagnosticText(source).lines(
            "error",
            GraphQLError(error["message"]?.string ?? "", locations: ResponseErrors.locations(error))
        )
    }

    private static func locations(_ error: JSONValue) -> [SourceLocation] {
        (error["locations"]?.array ?? []).compactMap { place in
            guard let line = place["line"]?.integer, let column = place["column"]?.integer else { return nil }
            return SourceLocation(line: Int(clamping: line), column: Int(clamping: column))
        }
    }
}

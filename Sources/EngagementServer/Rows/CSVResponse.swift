internal import EngagementGraph
internal import GraphQL
internal import JSON
internal import MicroHTTP

/// An operation's answer as a CSV file.
///
/// A table has no place for errors. So numbers that upstream failed to give make the whole answer an error, with a status
/// that a refreshing spreadsheet notices; numbers that do not exist are empty cells, and a header says why.
internal enum CSVResponse {
    static func response(_ outcome: OperationOutcome, _ columns: RowColumns, name: String) -> HTTPResponse {
        switch outcome {
        case .refused(let errors): return ErrorResponse.json(400, errors)
        case .mutated: return ErrorResponse.json(400, "A CSV file has no place for a mutation: ask /graphql.")
        case .explained: return ErrorResponse.json(400, "A CSV file has no place for an explanation: ask /graphql.")
        case .answered(let answer):
            let resolver = answer.makeResolver()
            let absences = resolver.absences
            if absences.contains(where: \.isUpstreamFailure) { return ErrorResponse.json(502, absences) }
            var csv = CSVText(header: columns.names)
            var writer = RowWriter(answer.operation, resolver, columns)
            writer.write { csv.append($0) }
            var headers = [
                (name: "Content-Type", value: CSVText.mediaType),
                (name: "Content-Disposition", value: "inline; filename=\"\(name).csv\""),
            ]
            let codes = Set(absences.compactMap(\.code)).sorted()
            if !codes.isEmpty { headers.append((name: "EngageQL-Absences", value: codes.joined(separator: ", "))) }
            return HTTPResponse(status: 200, headers: headers, body: .bytes(csv.finish()))
        }
    }
}

extension GraphQLError {
    /// `extensions.code`.
    fileprivate var code: String? { extensions.first { $0.name == "code" }?.value.string }

    fileprivate var isUpstreamFailure: Bool {
        code.map { $0.hasPrefix("UPSTREAM_") || $0 == "USAGE_EXHAUSTED" || $0 == "NOT_CACHED" } ?? false
    }
}

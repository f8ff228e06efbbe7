internal import Bytes
internal import Engagement
internal import EngagementGraph
internal import GraphQL
internal import Gzip
internal import JSON
internal import MicroHTTP

/// An operation's answer as a table that is finished.
///
/// A table has no place for errors. So numbers that upstream failed to give make the whole answer an error, with a status
/// that a refreshing spreadsheet notices; numbers that do not exist are empty cells, and a header says why.
internal struct WholeTable: Sendable {
    let request: RowRequest
    let columns: RowColumns
    /// What the file is called, without its ending.
    let name: String
    /// How many rows come before the page's first in what is asked.
    var skipped = 0
    /// How many rows there are in all; nil if what is asked is all that there is.
    var total: Int?
    /// When the first page was asked for.
    let asked: UnixTime

    func response(_ outcome: OperationOutcome) -> HTTPResponse {
        switch outcome {
        case .refused(let errors): return ErrorResponse.json(400, errors)
        case .mutated: return ErrorResponse.json(400, "Rows have no place for a mutation: ask for JSON.")
        case .explained: return ErrorResponse.json(400, "Rows have no place for an explanation: ask for JSON.")
        case .answered(let answer):
            let resolver = answer.makeResolver()
            let absences = resolver.absences
            if absences.contains(where: \.isUpstreamFailure) { return ErrorResponse.json(502, absences) }
            var text = RowText(request.format.notation(columns, request.options))
            let page = skipped..<(request.page.map { skipped + $0.limit } ?? .max)
            var count = 0
            var reader = RowReader(answer.operation, resolver, columns)
            reader.read { row in
                if page.contains(count) { text.append(row) }
                count += 1
            }
            text.end()
            var headers = WholeTable.headers(request, name: name)
            let codes = Set(absences.compactMap(\.code)).sorted()
            if !codes.isEmpty { headers.append((name: "EngageQL-Absences", value: codes.joined(separator: ", "))) }
            if let page = request.page {
                headers.append((name: "EngageQL-Rows", value: String(total ?? count)))
                if page.offset + page.limit < total ?? count {
                    headers.append(request.link(next: page.offset + page.limit, asked: asked))
                }
            }
            return packed(text.take(), headers)
        }
    }

    /// What every table says of itself.
    static func headers(_ request: RowRequest, name: String) -> [(name: String, value: String)] {
        [
            (name: "Content-Type", value: request.format.mediaType),
            (name: "Content-Disposition", value: "inline; filename=\"\(name).\(request.format.rawValue)\""),
        ]
    }

    private func packed(_ body: ByteString, _ headers: [(name: String, value: String)]) -> HTTPResponse {
        guard request.isPacked, body.count > 1000 else {
            return HTTPResponse(status: 200, headers: headers, body: .bytes(body))
        }
        let coding = (name: "Content-Encoding", value: "gzip")
        return HTTPResponse(status: 200, headers: headers + [coding], body: .bytes(Gzip.compress(body, level: 1)))
    }
}

extension GraphQLError {
    /// `extensions.code`.
    internal var code: String? { extensions.first { $0.name == "code" }?.value.string }

    /// Whether the number may exist, and it is upstream that did not give it.
    internal var isUpstreamFailure: Bool {
        code.map { $0.hasPrefix("UPSTREAM_") || $0 == "USAGE_EXHAUSTED" || $0 == "NOT_CACHED" } ?? false
    }
}

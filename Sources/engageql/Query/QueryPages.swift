import EngagementAPI
import GraphQL
import JSON

/// Some rows of an answer, in the notation that was asked for.
struct QueryPage {
    let body: [UInt8]
    /// How many rows there are in all, as far as the server knows.
    let total: Int?
    /// Codes of why numbers do not exist.
    let absences: [String]
    /// Why numbers are older than they should be: a code; and since when they are known.
    let staleness: (code: String, asOf: String)?
}

/// The rows of a question, a page at a time, so that a large table is never in memory as a whole.
struct QueryPages {
    let question: QueryQuestion
    let notation: QueryNotation
    let server: RemoteServer
    private var cursor: String?
    private var isOver = false

    /// For how long a page may take: the server has its own deadline for each.
    private static let seconds: Int64 = 600

    init(_ question: QueryQuestion, _ notation: QueryNotation, of server: RemoteServer) {
        self.question = question
        self.notation = notation
        self.server = server
    }

    /// The next page; nil after the last.
    ///
    /// - Throws: ``QueryRefusal`` with the server's errors; ``Failure`` if there is no answer.
    mutating func next() async throws -> QueryPage? {
        if isOver { return nil }
        let request = question.rows(notation, cursor: cursor, of: server)
        let response = try await server.send(request, within: QueryPages.seconds)
        guard response.status == 200, response["Content-Type"]?.hasPrefix(notation.mediaType) == true else {
            guard let errors = (try? JSONValue(parsing: response.body))?["errors"]?.array, !errors.isEmpty else {
                let answer = "\(server.url) answers \(response.status) and no rows"
                throw Failure(.unavailable, "\(answer): is it an EngageQL server?")
            }
            throw QueryRefusal(status: response.status, errors: errors)
        }
        cursor = response["Link"].flatMap(QueryPages.cursor)
        isOver = cursor == nil
        return QueryPage(
            body: response.body,
            total: response["EngageQL-Rows"].flatMap { Int($0) },
            absences: (response["EngageQL-Absences"] ?? "").split(separator: ",").map { $0.filter { $0 != " " } },
            staleness: QueryPages.staleness(response)
        )
    }

    /// `cursor=…` in `<…cursor=…>; rel="next"`.
    private static func cursor(_ link: String) -> String? {
        guard let start = link.firstRange(of: "cursor=")?.upperBound else { return nil }
        return String(link[start...].prefix { $0 != ">" && $0 != "&" })
    }

    /// A detail that is the code of a failure says that old numbers had to do.
    private static func staleness(_ response: TransportResponse) -> (code: String, asOf: String)? {
        guard let status = response["Cache-Status"], let start = status.firstRange(of: "detail=")?.upperBound else {
            return nil
        }
        let code = status[start...].prefix { $0.isLetter || $0 == "_" }
        guard code.hasPrefix("UPSTREAM_") || code == "USAGE_EXHAUSTED" else { return nil }
        return (String(code), response["EngageQL-As-Of"] ?? "")
    }
}

/// The server answers with errors instead of rows.
struct QueryRefusal: Error {
    let status: Int
    let errors: [JSONValue]

    /// The query cannot be run as it is, or its numbers cannot be had now.
    var code: Int32 { status >= 500 || [401, 421, 429].contains(status) ? Failure.Code.unavailable.rawValue : 1 }
}

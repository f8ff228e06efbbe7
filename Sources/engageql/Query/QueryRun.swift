import EngagementAPI
import GraphQL
import JSON

/// One question from its first page to its last note.
struct QueryRun {
    let question: QueryQuestion
    let format: QueryFormat
    let server: RemoteServer
    let writer: QueryWriter
    let progress: QueryProgress

    /// Writes all rows, and returns what there is to say about them.
    ///
    /// - Throws: ``QueryRefusal``, ``Failure``.
    func run() async throws -> [String] {
        await progress.begin()
        var output = format.output
        var pages = QueryPages(question, format.notation, of: server)
        var absences: Set<String> = []
        var staleness: (code: String, asOf: String)?
        var count = 0
        while let page = try await pages.next() {
            try Task.checkCancellation()
            await progress.clear()
            try output.append(page, to: writer)
            count = min(count + QueryQuestion.pageRows, page.total ?? .max)
            await progress.note(rows: count, of: page.total ?? count)
            absences.formUnion(page.absences)
            staleness = staleness ?? page.staleness
        }
        await progress.clear()
        try output.finish(writer)
        try writer.finish()
        var lines: [String] = []
        if !absences.isEmpty {
            let response = try? await server.send(question.errors(of: server), within: 60)
            let value = response.flatMap { try? JSONValue(parsing: $0.body) }
            lines = QueryNotes.lines(ofAbsences: absences, value, in: question.source)
        }
        if let staleness { lines.append(QueryNotes.line(ofStaleness: staleness)) }
        return lines
    }

    /// How many calls the question would still make.
    static func callsLeft(_ question: QueryQuestion, _ server: RemoteServer) async -> Int? {
        guard let request = question.forecast(of: server), let response = try? await server.send(request, within: 10)
        else { return nil }
        return (try? JSONValue(parsing: response.body))?["extensions"]?["explain"]?["calls"]?.array?.count
    }
}

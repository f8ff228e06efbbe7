import ArgumentParser
import Engagement
import GraphQL
import JSON

/// `engageql check`.
struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check documents against the schema, before anything is deployed.",
        discussion: """
            Documents are files, folders (every *.graphql and *.gql file below them), or - for standard input. Each file has to \
            be complete by itself: fragments of other files are not seen. Without documents the schema itself is checked.

            For each valid operation on this server's schema a note says how many calls of the Engagement API it makes when \
            nothing is cached. Lists that come from variables are taken to have --list-size Tweets, windows that variables \
            bound to have four weeks, and @skip and @include to leave nothing out; retries are not counted.

            --stream reads one JSON object a line, {"schema": "…", "document": "…"}, and answers each with one line: \
            {"valid": …, "errors": […], "warnings": […]}, or {"error": …} if the line or its schema is bad. Either member may \
            be left out; "id" is repeated in the answer.

            Exit codes: 0 valid, 1 something was found, 64 wrong usage, 66 a file cannot be read, 78 the schema is bad.
            """
    )

    @ArgumentParser.Argument(help: ArgumentHelp("Files, folders, or - for standard input.", valueName: "document"))
    var documents: [String] = []

    @Option(help: ArgumentHelp("The schema, in its definition language.", valueName: "file"))
    var schema = Check.defaultSchema

    @Option(help: "How to print what was found: text or json.")
    var format = Format.text

    @Option(help: "How many Tweets a list in a variable is taken to have.")
    var listSize = 25

    @Flag(help: "Let warnings count as findings too.")
    var strict = false

    @Flag(help: "Answer one JSON object a line from standard input until it ends.")
    var stream = false

    static let defaultSchema = "schema.graphql"

    enum Format: String, ExpressibleByArgument {
        case text
        case json
    }

    func validate() throws {
        // The server takes no more Tweets than this in one operation either.
        guard (1...10_000).contains(listSize) else { throw ValidationError("--list-size is from 1 to 10000.") }
        if stream, !documents.isEmpty { throw ValidationError("--stream reads its documents from standard input.") }
    }

    func run() throws {
        // The middle of the hour: in its last minute the planner asks `historical` for what `28hr` is about to lose, and a cost
        // should not depend on when it is asked for.
        let now = UnixTime.now().flooredHour.start.advanced(bySeconds: 1800)
        if stream { return try answerLines(now) }

        let source = try DocumentFiles.source(schema)
        let checked: CheckedSchema
        do {
            checked = try CheckedSchema(source)
        } catch {
            CheckOutput(schema: DocumentReport(source, errors: error.errors)).print(format)
            throw ExitCode(Failure.Code.configuration.rawValue)
        }
        // Whoever names no schema means the server's own, which has to fit the server.
        if documents.isEmpty, schema == Check.defaultSchema, let problem = CheckedSchema.bindingProblem(of: source) {
            CheckOutput(schema: DocumentReport(source, errors: [GraphQLError(problem)])).print(format)
            throw ExitCode(Failure.Code.configuration.rawValue)
        }
        let reports = try DocumentFiles.sources(documents, excluding: schema).map { document in
            DocumentReport(document, against: checked, listSize: listSize, now: now)
        }
        CheckOutput(schema: DocumentReport(source, errors: []), documents: reports).print(format)
        let isFound = reports.contains { !$0.errors.isEmpty || strict && !$0.warnings.isEmpty }
        if isFound { throw ExitCode.failure }
    }

    private func answerLines(_ now: UnixTime) throws {
        // Lines may bring schemas of their own, so that a missing one matters only to lines that have none.
        let standard: Result<CheckedSchema, GraphQLErrors>
        do throws(Failure) {
            let source = try DocumentFiles.source(schema)
            standard = Result { () throws(GraphQLErrors) in try CheckedSchema(source) }
        } catch {
            standard = .failure(GraphQLErrors([GraphQLError(error.description)]))
        }
        var checks = CheckStream(standard: standard, listSize: listSize, now: now)
        while let line = readLine() {
            if line.isEmpty { continue }
            Terminal.print(json: checks.answer(line))
        }
    }
}

import ArgumentParser
import Foundation
import Glibc

/// `engageql query`: its parts are the files of `Query`.
struct Query: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask a query and print its rows.",
        discussion: """
            The query is a GraphQL document, - for standard input, @ and the name of a file, or the name of a saved query \
            (config/queries), whose variables may be given as name=value:

              engageql query @my.graphql --variables '{"ids": ["12"]}'
              engageql query top-tweets ids=12,34 --output top.csv
              engageql query daily-impressions ids=12 start=-7d \\
                --format sparkline

            With --server a running server is asked, with the key of the environment variable ENGAGEQL_KEY if there is one. Otherwise the answer is made in this process, over the data folder, with the \
            cache, the accounts and the rules of engageql serve: what is fetched is there for the next one. A folder that a \
            server has open is left alone; ask that server. --sandbox asks the built-in emulator, whose numbers are made up.

            Formats:
              table      for eyes: numbers to the right, - for unknown ones
              sparkline  for rows over time: a line for each series, with its
                         course, least, most and sum
              csv, tsv, ndjson, json
                         rows as at /q/<name>.csv and its like of a server

            A terminal gets a table, a file what its name ends with, everything else CSV. How CSV is written is said by \
            quote=excel|nonnumeric, delimiter=semicolon|tab|pipe, decimal=comma, bom=true, header=false; the page Rows of the \
            documentation describes them. --output writes a file, for its owner alone, that gets its name only when it is complete.

            Rows are on standard output; what there is to say about them is on standard error, with a code and what to do: \
            numbers that do not exist (TWEET_UNAVAILABLE, …) or are older than they should be (STALE). What takes longer than a \
            second shows there how far it is, if that is a terminal. Ctrl-C ends it; what was fetched by then is kept.

            Exit codes: 0 all rows are there, 1 the query cannot be run as it is, 64 wrong usage, 66 a file cannot be read, 69 the \
            numbers or the server cannot be had now, 73 the output cannot be written, 78 the configuration or the schema is bad, \
            130 Ctrl-C.
            """
    )

    @Argument(help: ArgumentHelp("A document, -, @file, or the name of a saved query.", valueName: "query"))
    var query: String

    @Argument(help: ArgumentHelp("Variables of a saved query, and how CSV is written.", valueName: "name=value"))
    var parameters: [String] = []

    @Option(help: ArgumentHelp("Values of the query's variables: a JSON object.", valueName: "json|@file"))
    var variables: String?

    @Option(help: ArgumentHelp("The operation that is meant, if a document has several.", valueName: "name"))
    var operation: String?

    @Option(help: ArgumentHelp("What to print: table, sparkline, csv, tsv, ndjson or json.", valueName: "format"))
    var format: QueryFormat?

    @Option(help: ArgumentHelp("Write to this file, in place of one that is there.", valueName: "file"))
    var output: String?

    @Option(help: ArgumentHelp("Ask this server, such as http://127.0.0.1:8080.", valueName: "url"))
    var server: String?

    @OptionGroup var service: ServiceOptions

    func validate() throws {
        try RemoteServer.validate(server, isAlone: !service.isGiven)
    }

    func run() async throws {
        let question = try QueryQuestion(query, operation: operation, variables: variables, parameters: parameters)
        let signals = TerminationSignals()
        let service =
            if let server { QueryService(at: server) } else {
                try QueryService(service)
            }
        let writer: QueryWriter
        do {
            writer = try QueryWriter(output)
        } catch {
            await service.stop()
            throw error
        }
        let asked = service.server
        let progress = QueryProgress(write: isatty(STDERR_FILENO) == 1 ? Terminal.write : nil) {
            await QueryRun.callsLeft(question, asked)
        }
        let watch = Task {
            let number = await signals.wait()
            guard !Task.isCancelled else { return }
            await progress.end()
            writer.abandon()
            await service.stop()
            Terminal.end(128 + number)
        }
        defer { watch.cancel() }
        let run = QueryRun(question: question, format: shown, server: asked, writer: writer, progress: progress)
        let result: Result<[String], any Error>
        do {
            result = .success(try await run.run())
        } catch {
            writer.abandon()
            result = .failure(error)
        }
        await progress.end()
        await service.stop()
        try Query.tell(result, about: question)
    }

    private var shown: QueryFormat {
        if let format { return format }
        if let output { return QueryFormat(ending: output) ?? .csv }
        return isatty(STDOUT_FILENO) == 1 ? .table : .csv
    }

    private static func tell(_ result: Result<[String], any Error>, about question: QueryQuestion) throws {
        do {
            for line in try result.get() { Terminal.note(line) }
        } catch let refusal as QueryRefusal {
            for line in QueryNotes.lines(refusal.errors, in: question.source) { Terminal.note(line) }
            throw ExitCode(refusal.code)
        }
    }
}

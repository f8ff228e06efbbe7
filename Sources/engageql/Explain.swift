import ArgumentParser
import EngagementSandbox
import EngagementServer
import GraphQL
import JSON

/// `engageql explain`.
struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Tell which calls a query would make now, without making them.",
        discussion: """
            The query is a GraphQL document, - for standard input, or @ and the name of a file:

              engageql explain '{ tweet(id: "12") { totals { favorites impressions } } }'
              engageql explain @config/queries/top-tweets.graphql \\
                --variables '{"ids": ["1260294888811347969"]}'

            It prints what is cached of each thing that the query needs, a line for each call of the Engagement API that would \
            close the gaps, their sum, and who may make no calls now:

              cached   totals of 1 Tweet: 1 of 2 numbers fresh, 1 missing
              call     totals as account acme: 1 Tweet, impressions
              sum      1 call, 1 Tweet, 0 of them new to the month; …

            Numbers are fresh; stale, which means that they are served while they are refreshed; expired, served only if the API \
            gives nothing newer; or missing. A call that is said to be made may turn out to be several: for another try, or \
            without the Tweets that an error named. In company of other queries it may be none.

            With --server a running server is asked, which knows its quota and whether the API fails; if it asks for a key, that is \
            taken from the environment variable ENGAGEQL_KEY. Otherwise schema, \
            configuration and data folder are read in place, also while a server uses them: nothing is written, locked or \
            fetched, and no secret is needed. Then quota and failures are not known.

            --json prints extensions.explain as the server answers it. The page Cost of the documentation describes its keys.

            Exit codes: 0 explained, 1 the query cannot be run as it is, 64 wrong usage, 66 a file cannot be read, 69 the server \
            cannot be asked, 78 the configuration or the schema is bad.
            """
    )

    @ArgumentParser.Argument(help: ArgumentHelp("The query, - for standard input, or @file.", valueName: "query"))
    var query: String

    @Option(help: ArgumentHelp("Values of the query's variables: a JSON object.", valueName: "json|@file"))
    var variables: String?

    @Option(help: ArgumentHelp("The operation that is meant, if the query has several.", valueName: "name"))
    var operation: String?

    @Option(help: ArgumentHelp("Ask this server, such as http://127.0.0.1:8080.", valueName: "url"))
    var server: String?

    @Flag(help: "Print the explanation as JSON.")
    var json = false

    @OptionGroup var service: ServiceOptions

    func validate() throws {
        try RemoteServer.validate(server, isAlone: !service.isGiven)
    }

    func run() async throws {
        let source = try ExplainArguments.query(query)
        let request = ExplainRequest(
            query: String(decoding: source.bytes, as: UTF8.self),
            operationName: operation,
            variables: try variables.map(ExplainArguments.variables)
        )
        let response =
            if let server { try await RemoteServer(server).response(to: request) } else { try locally(request) }
        let output = ExplainOutput(source: source, response: response)
        if json { Terminal.print(json: output.json) } else { Terminal.print(output.text) }
        if !output.isExplained { throw ExitCode.failure }
    }

    private func locally(_ request: ExplainRequest) throws -> JSONValue {
        var settings = try service.place.settings(withSecrets: false)
        if service.place.sandbox { settings.useAccounts(of: try Sandbox.settings(service.sandboxConfig).world) }
        let explainer: Explainer
        do throws(ServerError) {
            explainer = try Explainer(settings) { Terminal.complain($0) }
        } catch {
            throw Failure(error)
        }
        return try JSONValue(parsing: explainer.response(to: request))
    }
}

/// The arguments of `engageql explain` that may stand in files.
enum ExplainArguments {
    /// - Throws: ``Failure`` if a file cannot be read.
    static func query(_ argument: String) throws(Failure) -> Source {
        if argument == "-" { return try DocumentFiles.source("-") }
        if argument.hasPrefix("@") { return try DocumentFiles.source(String(argument.dropFirst())) }
        if Terminal.existing(argument) != nil {
            throw Failure(.usage, "\(argument) is a file: write @\(argument) to have it read")
        }
        return Source(argument, name: "<query>")
    }

    /// - Throws: ``Failure`` if a file cannot be read; `ValidationError` for what is no JSON object.
    static func variables(_ argument: String) throws -> JSONValue {
        let source =
            argument.hasPrefix("@")
            ? try DocumentFiles.source(String(argument.dropFirst())) : Source(argument, name: "--variables")
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: Array(source.bytes))
        } catch {
            throw ValidationError("\(source.name): variables are a JSON object: \(error)")
        }
        guard value.members != nil else { throw ValidationError("\(source.name): variables are a JSON object.") }
        return value
    }
}

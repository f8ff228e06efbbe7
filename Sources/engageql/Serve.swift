import ArgumentParser
import EngagementSandbox
import EngagementServer
import Logging
import MicroHTTP

/// `engageql serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve GraphQL over HTTP.",
        discussion: """
            Prints "listening on http://…" as its first line once requests are answered. SIGTERM and SIGINT end it: requests in \
            flight are finished and the cache is written to disk.

            Options override environment variables (ENGAGEQL_SERVER_PORT, …), which override the configuration file, in \
            which every key is described.

            --record writes every call that is made and its answer as a line of JSON, without credentials, but with the \
            account's private numbers: the file is its owner's alone. engageql sandbox --replay answers from it later.
            """
    )

    @Option(help: "The address to listen on.")
    var host: String?

    @Option(help: "The port to listen on; 0 takes any free one.")
    var port: UInt16?

    @OptionGroup var service: ServiceOptions

    @Option(
        help: ArgumentHelp("Append every call of the Engagement API and its answer to this file.", valueName: "file")
    )
    var record: String?

    @Flag(help: "Print a query to try, with its answer.")
    var welcome = false

    func run() async throws {
        var settings = try settings()
        var logger = Logger(label: "engageql") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = Logger.Level(rawValue: settings.logLevel.rawValue) ?? .notice

        let emulator = try service.place.sandbox ? settings.startSandbox(service.sandboxConfig) : nil
        guard !settings.accounts.isEmpty else {
            throw Failure.noAccount
        }
        let signals = TerminationSignals()
        let server: Server
        do throws(ServerError) {
            server = try Server(settings, logger: logger)
        } catch {
            emulator?.stop()
            throw Failure(error)
        }
        let base = "http://\(hostInURL(settings.http.host)):\(server.port)"
        Terminal.print("listening on \(base)")
        if let emulator { Terminal.print("sandbox on \(emulator.baseURL), its numbers are made up") }
        if welcome { await Welcome.show(base, asksForKeys: !settings.keys.isEmpty) }

        await signals.wait()
        logger.notice("stopping")
        await server.drain()
        emulator?.stop()
    }

    private func settings() throws -> ServerConfiguration {
        var settings = try service.place.settings(withSecrets: true)
        if let host { settings.http.host = host }
        if let port { settings.http.port = port }
        if let record { settings.upstream.recordingPath = record }
        return settings
    }

    private func hostInURL(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}

import ArgumentParser
import Foundation

/// The command line: each subcommand is a file.
@main
struct EngageQL: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engageql",
        abstract: "A GraphQL server with a cache in front of the Engagement API.",
        discussion: """
            Try it without an account, on made-up numbers that come over real HTTP from a sandbox:

              engageql serve --sandbox

            Exit codes: 0 done, 1 check, explain or query found something wrong, 64 wrong usage, 66 a file cannot be read, 69 a port or a server cannot be had, \
            78 the configuration, the schema or a saved query is wrong.
            """,
        version: "0.1.0",
        subcommands: [
            Serve.self, Query.self, Sandbox.self, Explain.self, Cache.self, Check.self, PrintSchema.self, Key.self,
        ]
    )

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            Terminal.end(0)
        } catch let failure as Failure {
            Terminal.complain(failure.description)
            Terminal.end(failure.code.rawValue)
        } catch let code as ExitCode {
            Terminal.end(code.rawValue)
        } catch {
            exit(withError: error)
        }
    }
}

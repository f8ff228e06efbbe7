import ArgumentParser
import Engagement
import EngagementAPI
import EngagementSandbox
import EngagementServer
import Settings

/// `engageql sandbox`.
struct Sandbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve an emulated Engagement API alone.",
        discussion: """
            Prints its base URL as its first line, then the credentials that it accepts. Point any client of the Engagement \
            API to it, or a server of ours by upstream.baseUrl. GET /sandbox tells what it knows; PUT /sandbox/faults, \
            /sandbox/clock, /sandbox/quota and /sandbox/switches change it; GET /sandbox/calls lists the calls it received.
            """
    )

    @Option(help: "The port to listen on; 0 takes any free one.")
    var port: UInt16?

    @Option(
        help: ArgumentHelp(
            "The settings. Without it, config/sandbox.yaml is read if it is there.",
            valueName: "file"
        )
    )
    var config: String?

    func run() async throws {
        var settings = try Sandbox.settings(config)
        if let port { settings.port = port }
        let signals = TerminationSignals()
        let emulator = try Sandbox.start(settings)
        Terminal.print("listening on \(emulator.baseURL)")
        for line in emulator.world.credentialLines { Terminal.print(line) }
        await signals.wait()
        emulator.stop()
    }

    /// The settings in `path`, or in the file that is read by default.
    static func settings(_ path: String?) throws -> SandboxConfiguration {
        guard let path = path ?? Terminal.existing("config/sandbox.yaml") else { return SandboxConfiguration() }
        do {
            return try SandboxConfiguration(yamlFile: path)
        } catch {
            throw Failure(.configuration, "\(error)")
        }
    }

    static func start(_ settings: SandboxConfiguration) throws -> SandboxServer {
        do {
            return try SandboxServer(settings)
        } catch {
            throw Failure(.unavailable, "the sandbox cannot listen: \(error)")
        }
    }
}

extension SandboxWorld {
    /// The credentials that calls may be signed with, as lines for a terminal. They are made up, so they may be shown.
    fileprivate var credentialLines: [String] {
        applications.map { application in
            let note = application.isAllowListed ? "" : " (not allow-listed)"
            return "application \(application.name)\(note): consumer key \(application.consumerKey), "
                + "consumer secret \(application.consumerSecret), bearer token \(application.bearerToken)"
        }
            + accounts.compactMap { account in
                guard let token = account.token, let secret = account.tokenSecret else { return nil }
                return "account \(account.name): token \(token), token secret \(secret)"
            }
    }
}

extension SandboxServer {
    /// The sandbox's accounts as accounts of a server that asks it.
    var accountConfigurations: [AccountConfiguration] {
        let application = world.defaultApplication
        let consumer = ConsumerKey(key: application.consumerKey, secret: Secret(application.consumerSecret))
        return world.accounts.compactMap { account in
            guard let token = account.token, let secret = account.tokenSecret else { return nil }
            return AccountConfiguration(
                name: account.name,
                consumer: consumer,
                token: AccessToken(token: Secret(token), secret: Secret(secret)),
                bearer: nil
            )
        }
    }
}

import ArgumentParser
import Engagement
import EngagementSandbox
import Foundation
import Settings

/// `engageql sandbox`.
struct Sandbox: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve an emulated Engagement API alone.",
        discussion: """
            Prints its base URL as its first line, then the credentials that it accepts. Point any client of the Engagement \
            API to it, or a server of ours by upstream.baseUrl. A call that works, with a bearer token:

              curl --compressed http://127.0.0.1:8089/insights/engagement/totals \\
                -H 'Authorization: Bearer SANDBOXBEARERTOKEN' \\
                -H 'Content-Type: application/json' \\
                -d '{"tweet_ids": ["1260294888811347969"],
                     "engagement_types": ["favorites", "retweets"],
                     "groupings": {"g": {"group_by": ["engagement.type"]}}}'

            While it runs, GET /sandbox tells all that it knows, and these change it, with the keys of config/sandbox.yaml, \
            which describes every switch and every fault:

              PUT /sandbox/tweets        {"tweets": [{"id": "7", "state": "deleted"}]}
              PUT /sandbox/accounts      {"accounts": [{"name": "b", "userId": "9"}]}
              PUT /sandbox/applications  {"applications": [{"name": "app", ...}]}
              PUT /sandbox/faults        {"faults": [{"fault": "429", "times": 3}]}
              PUT /sandbox/switches      {"counts": "bare", "strict": false}
              PUT /sandbox/quota         {"perMinute": 10, "perSecond": 2}
              PUT /sandbox/clock         {"advanceSeconds": 3600}
              PUT /sandbox/clock         {"now": "2026-11-20T12:30:00Z"}

            The first three are told by GET as well. GET /sandbox/calls lists the calls it received, DELETE forgets them.

            --record writes each call of the API and its answer as a line of JSON, without credentials; --replay answers from \
            such a file, whoever calls, and says 404 to what is not in it. What engageql serve --record wrote of the real API \
            will do: where there was no answer, the connection closes.
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

    @Option(
        help: ArgumentHelp(
            "A fault, in place of those of the settings; may be repeated. Such as 429*3, cut@historical, delay=1500*10@28hr.",
            valueName: "name[=number][*times][@endpoint]"
        )
    )
    var fault: [String] = []

    @Option(help: ArgumentHelp("Append every exchange of the API to this file.", valueName: "file"))
    var record: String?

    @Option(help: ArgumentHelp("Answer from this recording instead of making numbers up.", valueName: "file"))
    var replay: String?

    func run() async throws {
        let settings = try settings()
        let signals = TerminationSignals()
        let emulator = try Sandbox.start(settings)
        Terminal.print("listening on \(emulator.baseURL)")
        if let replay = settings.replay {
            Terminal.print("replaying \(replay) to whoever calls")
        } else {
            for line in emulator.world.credentialLines { Terminal.print(line) }
        }
        await signals.wait()
        emulator.stop()
    }

    /// The file's settings under the options of the command line.
    private func settings() throws -> SandboxConfiguration {
        var settings = try Sandbox.settings(config)
        if let port { settings.port = port }
        if let record { settings.record = record }
        if let replay { settings.replay = replay }
        guard !fault.isEmpty else { return settings }
        let rules = try fault.map { flag in
            guard let rule = FaultPlan.Rule(flag: flag) else {
                let names = Fault.all().map(\.name).joined(separator: ", ")
                throw ValidationError("--fault \(flag): there is no such fault; known are \(names)")
            }
            return rule
        }
        settings.faults = FaultPlan(rules)
        return settings
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
        var settings = settings
        settings.onEvent = { event in
            FileHandle.standardError.write(Data("engageql: \(event.description)\n".utf8))
        }
        do {
            return try SandboxServer(settings)
        } catch let error as SettingsError {
            throw Failure(.configuration, "\(error)")
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

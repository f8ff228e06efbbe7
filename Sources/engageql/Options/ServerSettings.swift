import Engagement
import EngagementAPI
import EngagementSandbox
import EngagementServer
import Foundation
import Settings

/// What several subcommands set up alike.
extension ServerConfiguration {
    /// The settings of a file, `config/engageql.yaml` if none is named and it is there, under those of the environment.
    static func read(_ path: String?, withSecrets: Bool = true) throws(Failure) -> ServerConfiguration {
        let path = path ?? Terminal.existing("config/engageql.yaml")
        let environment = ProcessInfo.processInfo.environment
        do {
            return try ServerConfiguration(path: path, environment: environment, withSecrets: withSecrets)
        } catch {
            throw Failure(.configuration, "\(error)")
        }
    }

    /// The cache file of `serve --sandbox`.
    static let sandboxCacheFileName = "sandbox.sqlite"
    /// Its archive file.
    static let sandboxArchiveFileName = "sandbox-archive.sqlite"

    /// The file of its lists.
    static let sandboxListsFileName = "sandbox-lists.sqlite"

    /// Starts the emulator on a free port and points the settings to it.
    ///
    /// - Parameter path: Its own settings.
    mutating func startSandbox(_ path: String?) throws -> SandboxServer {
        var configuration = try Sandbox.settings(path)
        configuration.port = 0
        let emulator = try Sandbox.start(configuration)
        upstream.baseURL = emulator.baseURL
        upstream.tokenURL = emulator.baseURL + "/oauth2/token"
        useAccounts(of: emulator.world)
        return emulator
    }

    /// Takes the sandbox's accounts in place of its own. Made-up numbers get files of their own.
    mutating func useAccounts(of world: SandboxWorld) {
        accounts = world.accountConfigurations
        defaultAccount = accounts.first?.name
        alsoReads = []
        cacheFileName = ServerConfiguration.sandboxCacheFileName
        ledgerFileName = "sandbox-ledger.sqlite"
        archiveFileName = ServerConfiguration.sandboxArchiveFileName
        listsFileName = ServerConfiguration.sandboxListsFileName
        webhooksFileName = "sandbox-webhooks.json"
        // Of accounts that the sandbox does not have, there are no private numbers to be asked for first.
        for place in lists.indices where lists[place].account != defaultAccount { lists[place].account = nil }
        let names = Set(accounts.map(\.name))
        for place in keys.indices {
            keys[place].alsoReads.removeAll { !names.contains($0) }
            // Whoever may see private numbers may see made-up ones.
            keys[place].account = keys[place].account.flatMap { names.contains($0) ? $0 : defaultAccount }
        }
    }
}

extension Failure {
    /// Nobody to ask the Engagement API as.
    static let noAccount = Failure(
        .configuration,
        "no account is configured: add one to the configuration (accounts), or try --sandbox, which needs none"
    )
}

extension SandboxWorld {
    /// The sandbox's accounts as accounts of a server that asks it.
    fileprivate var accountConfigurations: [AccountConfiguration] {
        let application = defaultApplication
        let consumer = ConsumerKey(key: application.consumerKey, secret: Secret(application.consumerSecret))
        return accounts.compactMap { account in
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

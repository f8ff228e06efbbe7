import Engagement
import EngagementAPI
import EngagementSandbox
import EngagementServer
import Foundation
import Logging
import MicroHTTP

/// The server as `engageql serve --sandbox` runs it, with one worker and a cache in a temporary folder.
final class BenchmarkServer {
    var port: UInt16 { server.port }

    private let emulator: SandboxServer
    private let server: Server
    private let folder: String

    /// Starts both on free ports. The schema and the saved queries are those of the package.
    ///
    /// - Parameter remembersResponses: Whether the memory of whole responses is on.
    init(remembersResponses: Bool) throws {
        var sandbox = SandboxConfiguration()
        sandbox.port = 0
        emulator = try SandboxServer(sandbox)
        folder =
            FileManager.default.temporaryDirectory.appendingPathComponent("engageql-bench-\(UUID().uuidString)").path

        var settings = ServerConfiguration()
        settings.http.port = 0
        settings.http.workers = 1
        settings.dataFolder = folder
        if !remembersResponses { settings.responseBytes = 0 }
        settings.upstream.baseURL = emulator.baseURL
        settings.accounts = BenchmarkServer.accounts(of: emulator.world)
        var logger = Logger(label: "benchmarks") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        server = try Server(settings, logger: logger)
    }

    /// Stops both and removes the cache.
    func stop() async {
        await server.drain()
        emulator.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// How many requests the server has sent upstream, as `/metrics` tells.
    func upstreamCalls() throws -> Int {
        let request = Array("GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8)
        let text = String(decoding: try ClientConnection(port: port).ask(request), as: UTF8.self)
        return text.split(separator: "\n").lazy
            .filter { $0.hasPrefix("engageql_upstream_calls_total") }
            .compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
            .reduce(0, +)
    }

    private static func accounts(of world: SandboxWorld) -> [AccountConfiguration] {
        let application = world.defaultApplication
        let consumer = ConsumerKey(key: application.consumerKey, secret: Secret(application.consumerSecret))
        let account = world.defaultAccount
        guard let token = account.token, let secret = account.tokenSecret else { return [] }
        return [
            AccountConfiguration(
                name: account.name,
                consumer: consumer,
                token: AccessToken(token: Secret(token), secret: Secret(secret)),
                bearer: nil
            )
        ]
    }
}

import EngagementAPI
import EngagementSandbox
import EngagementServer
import Foundation
import Logging
import MetricCache

/// Who answers `engageql query`: a server somewhere, or one in this process that nobody else can ask.
struct QueryService {
    let server: RemoteServer
    private let own: Server?
    private let emulator: SandboxServer?

    /// A server that runs.
    init(at url: String) {
        server = RemoteServer(url)
        own = nil
        emulator = nil
    }

    /// A server over the data folder, with the same cache, quota and rules as `engageql serve`.
    ///
    /// - Throws: ``Failure`` if another process has the folder open, or the server would not start either.
    init(_ options: ServiceOptions) throws {
        let isEmulated = options.place.sandbox
        var settings = try options.place.settings(withSecrets: !isEmulated)
        emulator = try isEmulated ? settings.startSandbox(options.sandboxConfig) : nil
        do {
            own = try QueryService.server(&settings)
        } catch {
            emulator?.stop()
            throw error
        }
        server =
            own.map { RemoteServer("http://localhost", over: ServerTransport($0)) }
            ?? RemoteServer("http://localhost")
    }

    /// Writes what was learnt to the disk.
    func stop() async {
        await own?.drain()
        emulator?.stop()
    }

    private static func server(_ settings: inout ServerConfiguration) throws -> Server {
        guard !settings.accounts.isEmpty else { throw Failure.noAccount }
        if let folder = settings.dataFolder {
            let path = "\(folder)/\(settings.cacheFileName)"
            guard !StoredCache.isInUse(path: path) else {
                throw Failure(
                    .unavailable,
                    "\(path) is in use by another process: if that is a server, ask it: --server \(settings.localURL)"
                )
            }
        }
        // Nobody comes back for what is refreshed ahead of time, or for a response that is remembered.
        settings.refreshEarly = false
        settings.responseBytes = 0
        var logger = Logger(label: "engageql") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .error
        do throws(ServerError) {
            return try Server(settings, listens: false, logger: logger)
        } catch {
            throw Failure(error)
        }
    }
}

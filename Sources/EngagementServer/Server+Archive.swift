internal import Archive
internal import Engagement
internal import MetricCache
internal import MetricLoader

/// What this server keeps of the past.
extension Server {
    /// The archive beside the cache; without a data folder it keeps no past, but knows all the same which Tweets are gone.
    internal static func archive(
        _ configuration: ServerConfiguration,
        _ observer: Observer
    ) throws(ServerError) -> Archive {
        var settings = configuration.archive
        settings.path = configuration.dataFolder.map { "\($0)/\(configuration.archiveFileName)" }
        settings.recheckSeconds = configuration.cache.timeToLive.unavailable
        do throws(ArchiveError) {
            return try Archive(settings) { observer.observe(.archive($0)) }
        } catch {
            throw ServerError(.badConfiguration, "\(error)")
        }
    }
}

/// What has to be done now and then, whether anybody asks or not: numbers of Tweets that stayed unavailable are removed.
internal final class Housekeeping: Sendable {
    private let task: Task<Void, Never>

    /// How often it is looked whether there is anything to do.
    private static let interval = Duration.seconds(60)

    init(_ loader: MetricLoader, clock: @escaping TimeSource) {
        task = Task(priority: .background) {
            while !Task.isCancelled {
                await loader.removeUnavailable(now: clock())
                try? await Task.sleep(for: Housekeeping.interval)
            }
        }
    }

    deinit {
        task.cancel()
    }

    /// Returns when nothing is done any more.
    func stop() async {
        task.cancel()
        await task.value
    }
}

internal import Dispatch
public import Engagement
public import MetricCache

extension MetricLoader {
    /// How many purges there were: an answer may be given again as long as this stays the same.
    public var latestPurge: PurgeNumber { reader.cache.latestPurge }

    /// Purges every tier. When this returns, whoever asks gets nothing that was fetched before; calls that are under way are made
    /// again for the Tweets concerned. `isPublished` says whether the other nodes have been told; nil if there are none.
    public func purge(
        _ selection: PurgeSelection,
        _ kind: PurgeKind
    ) async -> (outcome: PurgeOutcome, isPublished: Bool?) {
        // The cache waits for the disk, and the threads of tasks should not.
        let outcome = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [cache = reader.cache] in
                continuation.resume(returning: cache.purge(selection, kind))
            }
        }
        return (outcome, await shared?.publish(selection, kind))
    }
}

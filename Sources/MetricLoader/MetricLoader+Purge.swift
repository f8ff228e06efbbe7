internal import Archive
internal import Dispatch
public import Engagement
public import MetricCache

/// What answers are made from, besides upstream: one may be given again as long as this stays the same.
public struct AnswerRevision: Equatable, Sendable {
    /// How many purges there were.
    public let purge: PurgeNumber
    /// How often a Tweet became unavailable or came back.
    public let unavailable: UInt64

    public init(purge: PurgeNumber, unavailable: UInt64) {
        self.purge = purge
        self.unavailable = unavailable
    }

    /// Before anything happened.
    public static let zero = AnswerRevision(purge: .zero, unavailable: 0)
}

/// What became of a purge of all tiers.
public struct PurgeEffect: Equatable, Sendable {
    /// Whether it outlasts the process.
    public let isDurable: Bool
    /// Whether the other nodes have been told; nil if there are none.
    public let isPublished: Bool?
}

extension MetricLoader {
    /// What holds now.
    public var revision: AnswerRevision {
        AnswerRevision(purge: reader.cache.latestPurge, unavailable: reader.archive?.revision ?? 0)
    }

    /// Purges every tier. When this returns, whoever asks gets nothing that was fetched before; calls that are under way are made
    /// again for the Tweets concerned.
    public func purge(_ selection: PurgeSelection, _ kind: PurgeKind) async -> PurgeEffect {
        // All of them wait for the disk, and the threads of tasks should not.
        let isDurable = await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [cache = reader.cache, archive = reader.archive, shared] in
                // First: what is purged here for good has to be told to the others, whatever becomes of this process.
                shared?.announce(selection, kind)
                let isDurable = archive?.purge(selection, kind) ?? true
                continuation.resume(returning: cache.purge(selection, kind).isDurable && isDurable)
            }
        }
        return PurgeEffect(isDurable: isDurable, isPublished: await shared?.publishPurges())
    }

    /// Removes all that is stored of the Tweets that have been unavailable for as long as is set. What could not be written is
    /// tried again the next time.
    public func removeUnavailable(now: UnixTime) async {
        guard let archive = reader.archive else { return }
        let due = archive.due(at: now)
        guard !due.isEmpty, await purge(PurgeSelection(tweets: due), .hard).isDurable else { return }
        archive.markRemoved(due, at: now)
    }
}

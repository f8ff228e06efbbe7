internal import Dispatch
public import Engagement
internal import Synchronization

/// A moment in the order of purges: how many there were before it.
public struct PurgeNumber: Equatable, Sendable {
    let rawValue: UInt64

    /// Before the first purge.
    public static let zero = PurgeNumber(rawValue: 0)
}

/// What became of a purge.
public struct PurgeOutcome: Equatable, Sendable {
    /// Whether it holds for whoever opens the cache file, whatever becomes of this process. False if the file could not be
    /// written: as long as this process runs, nothing that was purged is served, and it is tried again. True without a file,
    /// where there is nothing that could outlast the process.
    public let isDurable: Bool
}

extension MetricCache {
    /// How many purges there were. Something that was made from the cache holds as long as this stays the same.
    public var latestPurge: PurgeNumber {
        PurgeNumber(rawValue: memory.latestPurge.load(ordering: .acquiring))
    }

    /// Forgets stored numbers, or has them count as expired.
    ///
    /// When this returns, no lookup that begins later finds a number that it is about, in memory or in the file, also after a
    /// restart. The rows themselves are gone over in the background, in batches. Numbers that were asked for before the purge and
    /// come in after it are recognised by what ``store(_:scope:now:since:)`` is told, not by the clock.
    ///
    /// May wait for a batch that is being written, and for the disk: not for threads that must not wait.
    @discardableResult
    public func purge(_ selection: PurgeSelection, _ kind: PurgeKind) -> PurgeOutcome {
        if let disk { return PurgeOutcome(isDurable: disk.purge(selection, kind)) }
        let number = memory.changePurges { purges in
            purges.add(selection, kind, scopes)
            return purges.latest
        }
        DispatchQueue.global(qos: .utility).async { [memory] in
            let number = memory.sweep(upTo: number)
            memory.changePurges { $0.retire(upTo: number) }
        }
        return PurgeOutcome(isDurable: true)
    }
}

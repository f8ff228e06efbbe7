internal import Dispatch
public import Engagement
internal import Synchronization

/// The past: lifetime counts as they were seen over time, and the Tweets that are gone.
///
/// It lies in one SQLite file of its own, because nothing in it can be fetched again: it is no cache. What is noted is written
/// in the background, in batches, and thinned; what is asked is read on the caller's thread. All methods may be called from
/// any thread.
///
/// The scopes are a security boundary as in the cache: public counts are noted and looked up under
/// ``Engagement/CellScope/everyone``, all else under the account that asked.
public final class Archive: Sendable {
    let configuration: ArchiveConfiguration
    let file: ArchiveFile?
    let state = Mutex(ArchiveState())
    let report: @Sendable (ArchiveEvent) -> Void
    let queue = DispatchQueue(label: "engageql.archive.writer", qos: .utility)
    let isDrainScheduled = Atomic(false)
    let unavailableCount = Atomic(0)
    let draining = Mutex(())
    let counters = Mutex(ArchiveStatistics())

    /// The name of the file in a data folder.
    public static let fileName = "archive.sqlite"

    /// Opens the file, or makes it. Events come on the thread where they happen and must not call the archive.
    public init(
        _ configuration: ArchiveConfiguration,
        report: @escaping @Sendable (ArchiveEvent) -> Void
    ) throws(ArchiveError) {
        try configuration.validate()
        self.configuration = configuration
        self.report = report
        file = configuration.path.map { ArchiveFile(configuration, path: $0, report: report) }
        drain()
    }

    deinit {
        close()
    }

    // MARK: - Noting

    /// How many purges there were: what is asked upstream now is noted with this number.
    public var purgeCount: Int { state.withLock { $0.purgeCount } }

    /// Notes an answer of upstream: lifetime counts, Tweets that are unavailable, and those that are there again. Answers of
    /// series are only looked through for the latter two.
    ///
    /// Not noted are counts that others than their account would see, as in the cache, and those that a purge has come over
    /// since they were asked for.
    ///
    /// - Parameter purge: ``purgeCount`` when upstream was asked.
    public func note(_ answer: MetricTable, scope: CellScope, now: UnixTime, since purge: Int) {
        let need = answer.need
        var observed: [(ObservationKey, ObservedTotals.Observation)] = []
        let types = need.family == .totals && file != nil ? Archive.allowedTypes(of: need, under: scope).types : []
        var gone: [(TweetID, UInt32)] = []
        var there: [(TweetID, UInt32)] = []
        for (row, tweet) in need.tweets.enumerated() {
            let cells = answer.cells[row * answer.tweetStride..<(row + 1) * answer.tweetStride]
            if let cell = cells.first(where: { $0.state == .unavailable }) { gone.append((tweet, cell.fetchedAt)) }
            guard let counted = cells.first(where: { $0.state == .counted }) else { continue }
            there.append((tweet, counted.fetchedAt))
            var observation = ObservedTotals.Observation(time: counted.fetchedAt)
            for type in types where answer[row, type].state == .counted {
                observation.enter(type, answer[row, type].count)
            }
            if observation.types != 0 { observed.append((ObservationKey(scope: scope, tweet: tweet), observation)) }
        }
        let noted = state.withLock { state in
            state.latest = max(state.latest, now)
            for (tweet, time) in gone {
                state.unavailable.hide(tweet, at: time, removalSeconds: configuration.removalSeconds)
            }
            if !state.unavailable.tweets.isEmpty {
                for (tweet, time) in there { state.unavailable.show(tweet, at: time) }
            }
            unavailableCount.store(state.unavailable.tweets.count, ordering: .releasing)
            var noted = 0
            for (key, observation) in observed where state.mayNote(key, since: purge) {
                state.waiting[key, default: ObservedTotals()].note(observation)
                noted += 1
            }
            return noted
        }
        counters.withLock { $0.observations += noted }
        if noted > 0 || !gone.isEmpty || unavailableCount.load(ordering: .relaxed) > 0 { scheduleDrain() }
    }

    /// The types of `need` that may be kept under `scope`: the rule that keeps private numbers with their account.
    private static func allowedTypes(of need: MetricNeed, under scope: CellScope) -> EngagementTypeSet {
        switch scope {
        case .everyone: need.publicTypes
        case .account(let account): account == need.account ? need.types.intersection(.totals) : []
        }
    }
}

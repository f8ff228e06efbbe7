internal import Dispatch
internal import Engagement
internal import EngagementGraph
internal import MetricLoader
internal import Synchronization
internal import TweetLists

/// The lists as operations meet them: what they are, how far they are refreshed, and how they change.
internal struct ListService: Sendable {
    let store: ListStore
    /// Nil where nothing is refreshed.
    let refresher: ListRefresher?
    /// What of them is there for whoever asks.
    let view: ListView

    init(store: ListStore, refresher: ListRefresher?, viewer: Viewer) {
        self.store = store
        self.refresher = refresher
        view = ListView(store, for: viewer)
    }

    /// The lists as they are now.
    var directory: ListDirectory { view.directory }

    /// Grows with every change.
    var version: UInt64 { store.directory.version }

    /// How far a list is refreshed.
    func status(of name: ListName) -> ListRefreshStatus? { refresher?.status(of: name) }

    /// Makes a change, which waits for the disk: the threads of tasks should not.
    func apply(_ change: ListChange) async -> Result<NamedList, ListChangeError> {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async { [view] in
                continuation.resume(returning: Result { () throws(ListChangeError) in try view.apply(change) })
            }
        }
    }

    /// Begins to refresh, and goes on trying to read a file of lists that could not be read.
    func start(sleep: @escaping Pacing.Sleep) {
        if let refresher {
            store.observeChanges { [weak refresher] in refresher?.listsChanged() }
            refresher.start()
        }
        guard store.isLacking else { return }
        Task { [weak store] in
            while store?.isLacking == true {
                guard (try? await sleep(ListService.retryMilliseconds)) != nil else { return }
                store?.reopen()
            }
        }
    }

    func stop() {
        refresher?.stop()
    }

    /// How long a file that could not be read is left alone.
    private static let retryMilliseconds: Int64 = 5000
}

/// What is known of the lists at one moment.
internal struct ListsReport: Sendable {
    let lists: [NamedList]
    let statuses: [ListName: ListRefreshStatus]
    let statistics: RefreshStatistics
}

extension ListService {
    var report: ListsReport {
        let lists = directory.all
        let statuses = lists.compactMap { list in status(of: list.name).map { (list.name, $0) } }
        return ListsReport(
            lists: lists,
            statuses: Dictionary(statuses) { first, _ in first },
            statistics: refresher?.statistics ?? RefreshStatistics()
        )
    }
}

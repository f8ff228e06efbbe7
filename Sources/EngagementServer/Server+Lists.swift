public import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import Foundation
internal import GraphQL
internal import MetricCache
internal import MetricLoader
internal import TweetLists

/// The lists of a server.
extension Server {
    /// The lists of the configuration and those of the data folder.
    internal static func listStore(
        _ configuration: ServerConfiguration,
        _ observer: Observer
    ) throws(ServerError) -> ListStore {
        try configuration.checkLists()
        return ListStore(
            configured: configuration.lists,
            path: configuration.dataFolder.map { "\($0)/\(configuration.listsFileName)" }
        ) { event in observer.observe(.lists(event)) }
    }

    internal static func refresher(
        of store: ListStore,
        _ configuration: ServerConfiguration,
        _ loader: MetricLoader,
        _ clock: @escaping TimeSource
    ) -> ListRefresher {
        ListRefresher(
            loader: loader,
            lists: { [store] in store.directory },
            readers: configuration.listReaders,
            timeToLive: configuration.cache.timeToLive,
            clock: clock,
            pacing: configuration.refreshPacing
        )
    }
}

extension ServerConfiguration {
    /// Who asks, and whose private numbers are shown besides.
    internal var listReaders: ListReaders {
        let account = defaultAccount ?? accounts.first?.name ?? AccountName("none")
        return ListReaders(
            account: account,
            otherAccounts: alsoReads.filter { $0 != account },
            separateAccounts: Set(keys.flatMap { [$0.account].compactMap(\.self) + $0.alsoReads })
        )
    }

    /// - Throws: ``ServerError`` for a list of an account whose numbers queries do not show.
    internal func checkLists() throws(ServerError) {
        let readers = listReaders
        let shown = [readers.account] + readers.otherAccounts + readers.separateAccounts.map(\.self)
        for list in lists {
            guard let account = list.account, !shown.contains(account) else { continue }
            throw ServerError(
                .badConfiguration,
                """
                the list \(list.name) is of account \(account), whose private numbers queries do not show: \
                they show those of \(shown.map(\.rawValue).joined(separator: ", ")) (defaultAccount, alsoReads, keys)
                """
            )
        }
    }

    /// The lists that a server with this configuration has, read without changing anything: for tools beside it.
    ///
    /// - Parameter report: Told, in a sentence, what cannot be read.
    public func storedLists(report: @escaping @Sendable (String) -> Void) -> ListDirectory {
        listStore(report: report).directory
    }

    /// The same, to be read from.
    internal func listStore(report: @escaping @Sendable (String) -> Void) -> ListStore {
        let path = dataFolder.map { "\($0)/\(listsFileName)" }
        return ListStore(configured: lists, path: path.flatMap(ServerConfiguration.existing), isReadOnly: true) {
            event in
            if case .hidden = event { return }
            report("\(event)")
        }
    }
}

extension ServerConfiguration {
    fileprivate static func existing(_ path: String) -> String? {
        FileManager.default.fileExists(atPath: path) ? path : nil
    }
}

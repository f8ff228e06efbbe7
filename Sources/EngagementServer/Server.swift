internal import Archive
internal import Bytes
internal import Digests
public import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import Foundation
internal import GraphQL
internal import Ledger
public import Logging
internal import MetricCache
internal import MetricLoader
internal import MicroHTTP
internal import SharedTier
internal import TweetLists

/// The server, put together: cache, client, loader, planner, routes. It serves from the moment that it exists.
public final class Server: Sendable {
    /// The port that it listens on; 0 if it does not.
    public var port: UInt16 { http?.port ?? 0 }

    /// The subscriptions of whoever runs the server.
    internal var live: LiveHub { router.own.live }

    /// Nil if only its own process asks.
    private let http: HTTPServer?
    /// What answers a request, wherever it comes from.
    internal let router: Router
    private let cache: MetricCache
    private let ledger: Ledger
    private let archive: Archive
    private let housekeeping: Housekeeping
    private let shared: SharedTier?
    private let lists: ListService
    private let hubs: [LiveHub]
    internal let sockets: SocketHub
    private let webhooks: [Task<Void, Never>]
    private let health: Health
    private let configuration: ServerConfiguration

    /// Opens the cache, reads the schema and the saved queries, and begins to listen.
    ///
    /// - Parameters:
    ///   - clock: Where the time comes from.
    ///   - listens: Whether others may ask. If not, it answers its own process (``ServerTransport``), and refreshes no list.
    /// - Throws: ``ServerError`` with what is wrong and what to do about it.
    public init(
        _ configuration: ServerConfiguration,
        clock: @escaping TimeSource = UnixTime.now,
        listens: Bool = true,
        logger: Logger
    ) throws(ServerError) {
        if listens { try Server.checkExposure(configuration) }
        try configuration.checkKeys()
        let observer = Observer(metrics: ServerMetrics(), logger: logger)
        let schemaBytes = try Server.contents(of: configuration.schemaFile)
        let schema = try Server.schema(schemaBytes, configuration)
        let saved: SavedQueries
        do throws(SavedQueryError) {
            saved = try SavedQueries(
                folder: configuration.queriesFolder,
                schema: schema.schema,
                limits: configuration.limits
            )
        } catch {
            throw ServerError(.badSavedQuery, "\(error)")
        }
        let cache = try Server.cache(configuration, observer)
        let ledger = try Server.ledger(configuration, observer)
        let listStore = try Server.listStore(configuration, observer)
        let archive = try Server.archive(configuration, observer)
        let governor = CallGovernor(quota: configuration.upstream.quota, breaker: configuration.upstream.breaker)
        let upstream = try Server.upstream(configuration, clock, observer, governor)
        let shared = Server.shared(configuration, cache, observer)
        var pacing = configuration.pacing
        pacing.callSeconds = Int64(configuration.deadlineSeconds)
        let loader = MetricLoader(
            cache: cache,
            ledger: ledger,
            upstream: shared.map { Server.shared(upstream, $0, configuration, clock) } ?? upstream,
            clock: clock,
            pacing: pacing,
            history: configuration.limits.plan.history,
            archive: archive,
            shared: shared
        ) { observer.observe(.loader($0)) }
        let refresher = Server.refresher(of: listStore, configuration, loader, clock)
        shared?.followPurges { selection, kind in
            archive.purge(selection, kind)
            cache.purge(selection, kind)
            refresher.numbersPurged()
        }
        let parts = SharedParts(
            configuration: configuration,
            schema: schema,
            contract: SHA256.hash(schemaBytes),
            saved: saved,
            documents: PreparedDocuments(schema: schema.schema, limits: configuration.limits),
            persisted: PersistedDocuments(saved: saved.texts, capacity: configuration.persistedQueries),
            memory: ResponseMemory(maximumBytes: configuration.responseBytes),
            loader: loader,
            listStore: listStore,
            refresher: refresher,
            clock: clock,
            observer: observer,
            sockets: SocketHub(configuration.live)
        )
        let access = Access(configuration, clock: clock, observer: observer)
        let own = parts.ownEndpoints()
        let ofKeys = parts.endpoints(of: access.keys)
        let hubs = ([own] + ofKeys).map(\.live)
        let senders = try Server.webhooks(configuration, own.runner, own.live, logger)
        let health = Health()
        let router = Router(
            access: access,
            own: own,
            ofKeys: ofKeys,
            dropIn: Server.dropIn(configuration, own.runner, upstream, access, observer),
            console: ConsoleEndpoint(path: configuration.consoleFile, graphiQLPath: configuration.graphiQLFile),
            schemaText: configuration.limits.validation.introspection ? ByteString(schemaBytes) : nil,
            health: health,
            metrics: MetricsEndpoint(
                metrics: observer.metrics,
                cache: cache,
                ledger: ledger,
                archive: archive,
                governor: governor,
                loader: loader,
                shared: shared,
                lists: own.runner.lists,
                hubs: hubs,
                sockets: parts.sockets,
                clock: clock
            ),
            observer: observer
        )
        do throws(HTTPServerError) {
            http = listens ? try HTTPServer(configuration.http, handler: router) : nil
        } catch {
            shared?.close()
            cache.close()
            ledger.close()
            listStore.close()
            archive.close()
            throw ServerError(.cannotListen, error.reason)
        }
        self.router = router
        self.cache = cache
        self.ledger = ledger
        self.archive = archive
        housekeeping = Housekeeping(loader, clock: clock)
        self.shared = shared
        lists = own.runner.lists
        self.hubs = hubs
        sockets = parts.sockets
        webhooks = senders.map { sender in Task { await sender.run() } }
        self.health = health
        self.configuration = configuration
        if listens { lists.start(sleep: configuration.refreshPacing.sleep) }
    }

    deinit {
        for webhook in webhooks { webhook.cancel() }
        sockets.close()
        for hub in hubs { hub.close() }
        lists.stop()
    }

    /// Stops: no new requests, those in flight, all subscriptions and deliveries to the end, cache, ledger and archive to disk.
    public func drain() async {
        health.beginDraining()
        for webhook in webhooks { webhook.cancel() }
        sockets.close()
        for hub in hubs { hub.close() }
        lists.stop()
        await http?.drain(within: Double(configuration.drainSeconds))
        for webhook in webhooks { await webhook.value }
        await housekeeping.stop()
        shared?.close()
        cache.close()
        ledger.close()
        lists.store.close()
        archive.close()
    }
}

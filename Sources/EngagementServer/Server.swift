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
    internal let live: LiveHub
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
        let account = configuration.defaultAccount ?? configuration.accounts.first?.name ?? AccountName("none")
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
        let lists = Server.lists(listStore, configuration, loader, clock)
        shared?.followPurges { selection, kind in
            archive.purge(selection, kind)
            cache.purge(selection, kind)
            lists.refresher?.numbersPurged()
        }
        let runner = OperationRunner(
            schema: schema,
            planner: Planner(
                schema,
                limits: configuration.limits.plan,
                purging: PurgeRules(
                    isAllowed: configuration.purgeByMutation,
                    accounts: Set(configuration.accounts.map(\.name))
                ),
                lists: configuration.listRules(listStore)
            ),
            rowPlanner: Planner(
                schema,
                limits: configuration.limits.rows,
                lists: configuration.listRules(listStore)
            ),
            rankingPlanner: Planner(
                schema,
                limits: configuration.limits.ranking,
                lists: configuration.listRules(listStore)
            ),
            planLimits: configuration.limits.plan,
            loader: loader,
            clock: clock,
            account: account,
            otherAccounts: configuration.alsoReads.filter { $0 != account },
            deadlineSeconds: configuration.deadlineSeconds,
            lists: lists
        )
        let policy = StatusPolicy(edition: configuration.edition)
        let crossOrigin = CrossOrigin(origins: configuration.origins)
        let responder = AnswerResponder(
            memory: ResponseMemory(maximumBytes: configuration.responseBytes),
            account: runner.account,
            schema: schema,
            contract: SHA256.hash(schemaBytes),
            timeToLive: configuration.cache.timeToLive,
            obedience: configuration.obeyRequests,
            clock: clock,
            observer: observer,
            revision: { loader.revision },
            listVersion: { lists.version },
            early: configuration.refreshEarly ? EarlyRefresh(loader: loader) : nil,
            surrogateKeys: SurrogateKeys(header: configuration.surrogateKeyHeader)
        )
        let live = LiveHub(runner, configuration.live)
        let senders = try Server.webhooks(configuration, runner, live, logger)
        let service = GraphQLService(
            live: LiveService(hub: live),
            documents: PreparedDocuments(schema: schema.schema, limits: configuration.limits),
            persisted: PersistedDocuments(saved: saved.texts, capacity: configuration.persistedQueries),
            safelist: configuration.safelist,
            runner: runner,
            policy: policy,
            observer: observer,
            responder: responder
        )
        let sockets = SocketHub(configuration.live)
        let health = Health()
        let router = Router(
            graphql: GraphQLEndpoint(
                service: service,
                crossOrigin: crossOrigin,
                sockets: sockets,
                maximumBatch: configuration.maximumBatch
            ),
            savedQueries: SavedQueryEndpoint(
                queries: saved,
                runner: runner,
                rows: service.rows,
                policy: policy,
                crossOrigin: crossOrigin
            ),
            odata: ODataEndpoint(
                numbers: ODataNumbers(
                    runner: runner,
                    responder: responder,
                    parserLimits: configuration.limits.parser,
                    since: configuration.limits.plan.history.since
                ),
                crossOrigin: crossOrigin
            ),
            dropIn: Server.dropIn(configuration, runner, upstream, observer),
            console: ConsoleEndpoint(path: configuration.consoleFile, graphiQLPath: configuration.graphiQLFile),
            schemaText: configuration.limits.validation.introspection ? ByteString(schemaBytes) : nil,
            health: health,
            metrics: MetricsEndpoint(
                metrics: observer.metrics,
                cache: cache,
                ledger: ledger,
                archive: archive,
                governor: governor,
                loader: runner.loader,
                shared: shared,
                lists: lists,
                live: live,
                sockets: sockets,
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
        housekeeping = Housekeeping(runner.loader, clock: clock)
        self.shared = shared
        self.lists = lists
        self.live = live
        self.sockets = sockets
        webhooks = senders.map { sender in Task { await sender.run() } }
        self.health = health
        self.configuration = configuration
        if listens { lists.start(sleep: configuration.refreshPacing.sleep) }
    }

    deinit {
        for webhook in webhooks { webhook.cancel() }
        sockets.close()
        live.close()
        lists.stop()
    }

    /// Stops: no new requests, those in flight and all subscriptions to the end, cache, ledger and archive to disk.
    public func drain() async {
        health.beginDraining()
        for webhook in webhooks { webhook.cancel() }
        sockets.close()
        live.close()
        lists.stop()
        await http?.drain(within: Double(configuration.drainSeconds))
        await housekeeping.stop()
        shared?.close()
        cache.close()
        ledger.close()
        lists.store.close()
        archive.close()
    }
}

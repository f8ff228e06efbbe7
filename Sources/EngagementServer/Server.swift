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
        let health = Health()
        let router = Router(
            graphql: GraphQLEndpoint(
                service: service,
                crossOrigin: crossOrigin,
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
            console: ConsoleEndpoint(
                page: ConsolePage(contentsOf: configuration.consoleFile),
                path: configuration.consoleFile
            ),
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
        webhooks = senders.map { sender in Task { await sender.run() } }
        self.health = health
        self.configuration = configuration
        if listens { lists.start(sleep: configuration.refreshPacing.sleep) }
    }

    deinit {
        for webhook in webhooks { webhook.cancel() }
        live.close()
        lists.stop()
    }

    /// Stops: no new requests, those in flight and all subscriptions to the end, cache, ledger and archive to disk.
    public func drain() async {
        health.beginDraining()
        for webhook in webhooks { webhook.cancel() }
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

    // MARK: - Parts

    /// Without authentication only this machine may ask.
    private static func checkExposure(_ configuration: ServerConfiguration) throws(ServerError) {
        let host = configuration.http.host
        guard host == "localhost" || host == "::1" || host.hasPrefix("127.") else {
            throw ServerError(
                .exposed,
                "server.host is \(host): without API keys the server listens on loopback only (127.0.0.1, ::1, localhost)"
            )
        }
    }

    internal static func contents(of path: String) throws(ServerError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ServerError(.badSchema, "\(path) cannot be read; graphql.schemaFile names it")
        }
        return [UInt8](data)
    }

    internal static func schema(
        _ bytes: [UInt8],
        _ configuration: ServerConfiguration
    ) throws(ServerError) -> EngagementSchema {
        let path = configuration.schemaFile
        do {
            return try EngagementSchema(Source(bytes, name: path))
        } catch let error as GraphQLErrors {
            let reasons = error.errors.map { error in
                error.locations.first.map { "\(path):\($0.line):\($0.column): \(error.message)" }
                    ?? "\(path): \(error.message)"
            }
            throw ServerError(.badSchema, reasons.joined(separator: "\n"))
        } catch {
            throw ServerError(.badSchema, "\(path): \(error)")
        }
    }

    private static func cache(
        _ configuration: ServerConfiguration,
        _ observer: Observer
    ) throws(ServerError) -> MetricCache {
        var settings = configuration.cache
        settings.history = configuration.limits.plan.history
        if let folder = configuration.dataFolder {
            do {
                try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            } catch {
                observer.logger.warning("the data folder cannot be made", metadata: ["folder": "\(folder)"])
            }
            settings.path = "\(folder)/\(configuration.cacheFileName)"
        }
        do throws(MetricCacheError) {
            return try MetricCache(settings) { observer.observe(.cache($0)) }
        } catch {
            throw ServerError(.badConfiguration, "\(error)")
        }
    }

    /// What is known of whose a Tweet is holds as long as a refusal of the cache's does.
    private static func ledger(
        _ configuration: ServerConfiguration,
        _ observer: Observer
    ) throws(ServerError) -> Ledger {
        let settings = LedgerConfiguration(
            path: configuration.dataFolder.map { "\($0)/\(configuration.ledgerFileName)" },
            usage: configuration.usage,
            ruledOutSeconds: configuration.cache.timeToLive.forbidden
        )
        do throws(LedgerError) {
            return try Ledger(settings) { observer.observe(.ledger($0)) }
        } catch {
            throw ServerError(.badConfiguration, "\(error)")
        }
    }

    private static func dropIn(
        _ configuration: ServerConfiguration,
        _ runner: OperationRunner,
        _ upstream: CredentialedUpstream,
        _ observer: Observer
    ) -> DropInEndpoint {
        DropInEndpoint(
            configuration: configuration.dropIn,
            authentication: CallerAuthentication(
                configuration.dropIn,
                accounts: configuration.accounts,
                defaultAccount: runner.account
            ),
            loader: runner.loader,
            upstream: upstream,
            clock: runner.clock,
            deadlineSeconds: configuration.deadlineSeconds,
            limits: configuration.limits.plan,
            observer: observer
        )
    }

    private static func upstream(
        _ configuration: ServerConfiguration,
        _ clock: @escaping TimeSource,
        _ observer: Observer,
        _ governor: CallGovernor
    ) throws(ServerError) -> CredentialedUpstream {
        let settings = configuration.upstream
        let transport = try Server.transport(settings, clock, observer)
        let client = EngagementClient(
            baseURL: settings.baseURL,
            transport: transport,
            retry: settings.retry,
            clock: clock,
            limits: ResponseLimits(bytes: settings.maximumResponseBytes),
            governor: governor,
            observe: { event in observer.observe(.client(event)) }
        )
        let accounts = configuration.accounts
        let app = accounts.first { $0.name == configuration.defaultAccount } ?? accounts.first
        return CredentialedUpstream(
            client: client,
            governor: governor,
            application: app?.applicationAccess(settings, transport),
            accounts: Dictionary(
                accounts.compactMap { account in account.userCredentials.map { (account.name, $0) } },
                uniquingKeysWith: { first, _ in first }
            )
        )
    }

    /// libcurl, under a recorder if one is wanted.
    private static func transport(
        _ settings: UpstreamConfiguration,
        _ clock: @escaping TimeSource,
        _ observer: Observer
    ) throws(ServerError) -> any HTTPTransport {
        let transport = CurlTransport(settings.transport, clock: clock)
        guard let path = settings.recordingPath else { return transport }
        do throws(RecordingError) {
            return try RecordingTransport(transport, path: path, clock: clock) { failure in
                observer.logger.error("calls are not recorded", metadata: ["reason": "\(failure)"])
            }
        } catch {
            throw ServerError(.badConfiguration, "\(error)")
        }
    }
}

extension AccountConfiguration {
    /// How public metrics are asked for: a bearer token that is given, or got, or a signature.
    fileprivate func applicationAccess(
        _ settings: UpstreamConfiguration,
        _ transport: any HTTPTransport
    ) -> ApplicationAccess {
        if let bearer { return .credentials(.bearer(account: name, token: bearer)) }
        let signature = Credentials.appOnly(account: name, consumer: consumer)
        switch settings.appAuthorization {
        case .signature: return .credentials(signature)
        case .bearer:
            let source = BearerToken(url: settings.tokenURL, consumer: consumer, account: name, transport: transport)
            return .obtained(source, otherwise: signature)
        }
    }

    fileprivate var userCredentials: Credentials? {
        token.map { .user(account: name, consumer: consumer, token: $0) }
    }
}

/// Why the server does not start: a code for scripts, a sentence for people.
public struct ServerError: Error, Equatable, Sendable, CustomStringConvertible {
    public enum Code: Sendable {
        case badConfiguration
        case badSchema
        case badSavedQuery
        case cannotListen
        case exposed
    }

    public let code: Code
    public let reason: String

    public init(_ code: Code, _ reason: String) {
        self.code = code
        self.reason = reason
    }

    public var description: String { reason }
}

internal import Bytes
public import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import Foundation
internal import GraphQL
public import Logging
internal import MetricCache
internal import MetricLoader
internal import MicroHTTP

/// The server, put together: cache, client, loader, planner, routes. It serves from the moment that it exists.
public final class Server: Sendable {
    /// The port that it listens on.
    public var port: UInt16 { http.port }

    private let http: HTTPServer
    private let cache: MetricCache
    private let health: Health
    private let configuration: ServerConfiguration

    /// Opens the cache, reads the schema and the saved queries, and begins to listen.
    ///
    /// - Parameters:
    ///   - clock: Where the time comes from.
    /// - Throws: ``ServerError`` with what is wrong and what to do about it.
    public init(
        _ configuration: ServerConfiguration,
        clock: @escaping TimeSource = UnixTime.now,
        logger: Logger
    ) throws(ServerError) {
        try Server.checkExposure(configuration)
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
        let quotas = KnownQuotas()
        let upstream = Server.upstream(configuration, clock, observer, quotas)
        let runner = OperationRunner(
            schema: schema,
            planner: Planner(schema, limits: configuration.limits.plan),
            loader: MetricLoader(cache: cache, upstream: upstream, clock: clock) { observer.observe(.loader($0)) },
            clock: clock,
            account: configuration.defaultAccount ?? configuration.accounts.first?.name ?? AccountName("none"),
            deadlineSeconds: configuration.deadlineSeconds
        )
        let policy = StatusPolicy(edition: configuration.edition)
        let crossOrigin = CrossOrigin(origins: configuration.origins)
        let service = GraphQLService(
            documents: PreparedDocuments(schema: schema.schema, limits: configuration.limits),
            persisted: PersistedDocuments(saved: saved.texts, capacity: configuration.persistedQueries),
            safelist: configuration.safelist,
            runner: runner,
            policy: policy,
            observer: observer,
            responses: RememberedResponses(
                memory: ResponseMemory(maximumBytes: configuration.responseBytes),
                account: runner.account,
                timeToLive: configuration.cache.timeToLive,
                clock: clock,
                observer: observer
            )
        )
        let health = Health()
        let router = Router(
            graphql: GraphQLEndpoint(
                service: service,
                crossOrigin: crossOrigin,
                maximumBatch: configuration.maximumBatch
            ),
            savedQueries: SavedQueryEndpoint(queries: saved, runner: runner, policy: policy, crossOrigin: crossOrigin),
            dropIn: Server.dropIn(configuration, runner, quotas, observer),
            schemaText: configuration.limits.validation.introspection ? ByteString(schemaBytes) : nil,
            health: health,
            metrics: MetricsEndpoint(metrics: observer.metrics, cache: cache),
            observer: observer
        )
        do throws(HTTPServerError) {
            http = try HTTPServer(configuration.http, handler: router)
        } catch {
            cache.close()
            throw ServerError(.cannotListen, error.reason)
        }
        self.cache = cache
        self.health = health
        self.configuration = configuration
    }

    /// Stops: no new requests, those in flight to the end, the cache to disk.
    public func drain() async {
        health.beginDraining()
        await http.drain(within: Double(configuration.drainSeconds))
        cache.close()
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

    private static func contents(of path: String) throws(ServerError) -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ServerError(.badSchema, "\(path) cannot be read; graphql.schemaFile names it")
        }
        return [UInt8](data)
    }

    private static func schema(
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

    private static func dropIn(
        _ configuration: ServerConfiguration,
        _ runner: OperationRunner,
        _ quotas: KnownQuotas,
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
            quotas: quotas,
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
        _ quotas: KnownQuotas
    ) -> CredentialedUpstream {
        let settings = configuration.upstream
        let client = EngagementClient(
            baseURL: settings.baseURL,
            transport: CurlTransport(settings.transport, clock: clock),
            retry: settings.retry,
            clock: clock,
            limits: ResponseLimits(bytes: settings.maximumResponseBytes),
            observe: { event in
                observer.observe(.client(event))
                quotas.note(event)
            }
        )
        let accounts = configuration.accounts
        let app = accounts.first { $0.name == configuration.defaultAccount } ?? accounts.first
        return CredentialedUpstream(
            client: client,
            application: app?.applicationCredentials,
            accounts: Dictionary(
                accounts.compactMap { account in account.userCredentials.map { (account.name, $0) } },
                uniquingKeysWith: { first, _ in first }
            )
        )
    }
}

extension AccountConfiguration {
    fileprivate var applicationCredentials: Credentials {
        bearer.map { .bearer(account: name, token: $0) } ?? .appOnly(account: name, consumer: consumer)
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

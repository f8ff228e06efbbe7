internal import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import Foundation
internal import GraphQL
internal import Ledger
internal import Logging
internal import MetricCache
internal import MetricLoader
internal import MicroHTTP

/// What a server is put together of, each part from its section of the configuration.
extension Server {
    /// Without keys only this machine may ask.
    internal static func checkExposure(_ configuration: ServerConfiguration) throws(ServerError) {
        let host = configuration.http.host
        guard !configuration.keys.isEmpty || host == "localhost" || host == "::1" || host.hasPrefix("127.") else {
            throw ServerError(
                .exposed,
                """
                server.host is \(host): without keys the server listens on loopback only (127.0.0.1, ::1, localhost). engageql \
                key new makes a key.
                """
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

    internal static func cache(
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
    internal static func ledger(
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

    internal static func dropIn(
        _ configuration: ServerConfiguration,
        _ runner: OperationRunner,
        _ upstream: CredentialedUpstream,
        _ access: Access,
        _ observer: Observer
    ) -> DropInEndpoint {
        DropInEndpoint(
            configuration: configuration.dropIn,
            authentication: CallerAuthentication(
                configuration.dropIn,
                accounts: configuration.accounts,
                defaultAccount: runner.account,
                access: access
            ),
            loader: runner.loader,
            upstream: upstream,
            clock: runner.clock,
            deadlineSeconds: configuration.deadlineSeconds,
            limits: configuration.limits.plan,
            observer: observer
        )
    }

    internal static func upstream(
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
    internal static func transport(
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

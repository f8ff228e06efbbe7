internal import Bytes
public import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import Foundation
public import JSON
internal import Ledger
internal import Logging
internal import MetricCache
internal import MetricLoader
internal import MicroHTTP

/// Tells what operations would cost, without a server: the answer to a request with `extensions: {"explain": true}`.
///
/// It looks into the data folder of a server that may be running, and changes nothing there. It makes no call, so it needs no
/// credentials. Quota and breaker are a running server's own: only that can tell of them.
public struct Explainer: Sendable {
    private let service: GraphQLService

    /// Opens schema, cache and ledger.
    ///
    /// - Parameter report: Told, in a sentence, what cannot be read of the data folder: it counts as empty.
    /// - Throws: ``ServerError`` if the schema is bad or the configuration makes no sense.
    public init(
        _ configuration: ServerConfiguration,
        clock: @escaping TimeSource = UnixTime.now,
        report: @escaping @Sendable (String) -> Void
    ) throws(ServerError) {
        let schema = try Server.schema(try Server.contents(of: configuration.schemaFile), configuration)
        let loader = MetricLoader(
            cache: try Explainer.cache(configuration, report),
            ledger: try Explainer.ledger(configuration, report),
            upstream: NoUpstream(),
            clock: clock,
            history: configuration.limits.plan.history
        )
        // Whoever has no account yet can see all the same what the owner of the Tweets would ask.
        let account = configuration.defaultAccount ?? configuration.accounts.first?.name ?? AccountName("owner")
        let observer = Observer(
            metrics: ServerMetrics(),
            logger: Logger(label: "explain") { _ in SwiftLogNoOpLogHandler() }
        )
        try configuration.checkLists()
        let viewer = Viewer.owner(configuration)
        let lists = ListService(store: configuration.listStore(report: report), refresher: nil, viewer: viewer)
        let rules = configuration.listRules(of: viewer, nil) { lists.directory }
        service = GraphQLService(
            live: nil,
            documents: PreparedDocuments(schema: schema.schema, limits: configuration.limits),
            persisted: PersistedDocuments(saved: [:], capacity: 0),
            safelist: .off,
            runner: OperationRunner(
                schema: schema,
                planner: Planner(schema, limits: configuration.limits.plan, lists: rules),
                rowPlanner: Planner(schema, limits: configuration.limits.rows, lists: rules),
                rankingPlanner: Planner(schema, limits: configuration.limits.ranking, lists: rules),
                planLimits: configuration.limits.plan,
                loader: loader,
                clock: clock,
                account: account,
                otherAccounts: configuration.alsoReads.filter { $0 != account },
                deadlineSeconds: configuration.deadlineSeconds,
                lists: lists
            ),
            policy: StatusPolicy(edition: configuration.edition),
            observer: observer,
            responder: AnswerResponder(
                memory: ResponseMemory(maximumBytes: 0),
                schema: schema,
                contract: [],
                timeToLive: configuration.cache.timeToLive,
                obedience: configuration.obeyRequests,
                clock: clock,
                observer: observer,
                revision: { .zero },
                listVersion: { 0 }
            )
        )
    }

    /// The response to a request that asks for an explanation: `extensions.explain`, or `errors`.
    public func response(to request: ExplainRequest) -> [UInt8] {
        var reader = JSONReader(request.body)
        guard let request = try? GraphQLRequest(from: &reader),
            case .now(let response) = service.answer(request, CacheConditions(), .json),
            case .bytes(let bytes) = response.body
        else { return [] }
        return bytes.array
    }

    // MARK: - The data folder

    private static func cache(
        _ configuration: ServerConfiguration,
        _ report: @escaping @Sendable (String) -> Void
    ) throws(ServerError) -> MetricCache {
        var settings = configuration.cache
        settings.path = existing(configuration.cacheFileName, in: configuration, report)
        settings.isReadOnly = true
        do throws(MetricCacheError) {
            return try MetricCache(settings) { event in
                switch event {
                case .unavailable(let path, let error): report("\(path) cannot be read, so nothing is cached: \(error)")
                case .readFailed: report("\(event)")
                default: break
                }
            }
        } catch {
            throw ServerError(.badConfiguration, "\(error)")
        }
    }

    private static func ledger(
        _ configuration: ServerConfiguration,
        _ report: @escaping @Sendable (String) -> Void
    ) throws(ServerError) -> Ledger {
        let settings = LedgerConfiguration(
            path: existing(configuration.ledgerFileName, in: configuration, report),
            usage: configuration.usage,
            ruledOutSeconds: configuration.cache.timeToLive.forbidden,
            isReadOnly: true
        )
        do throws(LedgerError) {
            return try Ledger(settings) { event in
                switch event {
                case .unavailable(let path, let error): report("\(path) cannot be read, so no use is counted: \(error)")
                case .readFailed: report("\(event)")
                default: break
                }
            }
        } catch {
            throw ServerError(.badConfiguration, "\(error)")
        }
    }

    /// The path of a file in the data folder, nil if there is none.
    private static func existing(
        _ name: String,
        in configuration: ServerConfiguration,
        _ report: (String) -> Void
    ) -> String? {
        guard let folder = configuration.dataFolder else { return nil }
        let path = "\(folder)/\(name)"
        if FileManager.default.fileExists(atPath: path) { return path }
        report("there is no \(path): nothing was asked yet")
        return nil
    }
}

/// A request for an explanation, for a server or for an ``Explainer``.
public struct ExplainRequest: Sendable {
    /// The document.
    public var query: String
    /// Which of its operations is meant, if there are several.
    public var operationName: String?
    /// An object; nil for none.
    public var variables: JSONValue?

    public init(query: String, operationName: String? = nil, variables: JSONValue? = nil) {
        self.query = query
        self.operationName = operationName
        self.variables = variables
    }

    /// The JSON that is posted to `/graphql`.
    public var body: [UInt8] {
        var members = [JSONValue.Member("query", .string(query))]
        if let operationName { members.append(.init("operationName", .string(operationName))) }
        if let variables { members.append(.init("variables", variables)) }
        members.append(.init("extensions", .object([.init("explain", .boolean(true))])))
        var buffer = ByteBuffer()
        buffer.append(json: .object(members))
        return buffer.freeze().array
    }
}

/// Nobody to ask, and nobody who refuses.
private struct NoUpstream: Upstream {
    func perform(
        _ call: EngagementCall,
        as access: UpstreamAccess,
        _ urgency: CallUrgency,
        deadline: UnixTime
    ) async throws(EngagementAPIError) -> EngagementReply {
        throw EngagementAPIError(.cancelled, "an explanation makes no calls")
    }

    func refusal(for access: UpstreamAccess, _ urgency: CallUrgency, now: UnixTime) -> CallRefusal? { nil }

    func pressure(on access: UpstreamAccess, now: UnixTime) -> Double { 0 }
}

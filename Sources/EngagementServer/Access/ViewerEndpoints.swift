internal import Bytes
internal import Engagement
internal import EngagementGraph
internal import GraphQL
internal import MetricCache
internal import MetricLoader
internal import TweetLists

/// The endpoints as one viewer meets them. Nothing below them knows of another account than the viewer's, or of another list: what
/// could show somebody else's number would have to be handed in first.
internal struct ViewerEndpoints: Sendable {
    let graphql: GraphQLEndpoint
    let savedQueries: SavedQueryEndpoint
    let odata: ODataEndpoint
    let live: LiveHub
    /// Whether `/metrics` may be read, which tells of all.
    let showsMetrics: Bool

    var runner: OperationRunner { graphql.service.runner }
}

/// What the endpoints of all viewers have in common: the cache and the way upstream, where numbers have scopes, and texts that are
/// everybody's.
internal struct SharedParts {
    let configuration: ServerConfiguration
    let schema: EngagementSchema
    /// Hash of the schema's text.
    let contract: [UInt8]
    let saved: SavedQueries
    let documents: PreparedDocuments
    let persisted: PersistedDocuments
    let memory: ResponseMemory
    let loader: MetricLoader
    let listStore: ListStore
    let refresher: ListRefresher?
    let clock: TimeSource
    let observer: Observer
    let sockets: SocketHub
    let seats = LiveSeats()

    /// The endpoints of whoever runs the server.
    func ownEndpoints() -> ViewerEndpoints { endpoints(of: Viewer.owner(configuration), key: nil, place: 0) }

    /// Those of each key. Keys that see the same share the responses that are remembered.
    func endpoints(of keys: KeyRing) -> [ViewerEndpoints] {
        var places: [Viewer: Int] = [:]
        return keys.holders.map { holder in
            let place = places[holder.viewer] ?? places.count + 1
            places[holder.viewer] = place
            return endpoints(of: holder.viewer, key: holder, place: place)
        }
    }

    private func endpoints(of viewer: Viewer, key: KeyHolder?, place: Int) -> ViewerEndpoints {
        let lists = ListService(store: listStore, refresher: refresher, viewer: viewer)
        let runner = runner(of: viewer, key, lists)
        let policy = StatusPolicy(edition: configuration.edition)
        let crossOrigin = CrossOrigin(origins: configuration.origins)
        let responder = responder(lists, place: place)
        let live = LiveHub(runner, configuration.live, seats: seats, expires: key?.configuration.expires)
        let service = GraphQLService(
            live: LiveService(hub: live),
            documents: documents,
            persisted: persisted,
            safelist: configuration.safelist,
            runner: runner,
            policy: policy,
            observer: observer,
            responder: responder
        )
        let changesNothing = key.map { !$0.may(.lists) && !$0.may(.purge) && !$0.may(.purgeAll) } ?? false
        return ViewerEndpoints(
            graphql: GraphQLEndpoint(
                service: service,
                crossOrigin: crossOrigin,
                sockets: sockets,
                maximumBatch: configuration.maximumBatch,
                mutations: changesNothing ? .byKey : .allowed,
                key: key
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
            live: live,
            showsMetrics: key?.may(.metrics) ?? true
        )
    }

    private func runner(of viewer: Viewer, _ key: KeyHolder?, _ lists: ListService) -> OperationRunner {
        let rules = configuration.listRules(of: viewer, key) { lists.directory }
        return OperationRunner(
            schema: schema,
            planner: Planner(
                schema,
                limits: configuration.limits.plan,
                purging: configuration.purgeRules(of: viewer, key),
                lists: rules
            ),
            rowPlanner: Planner(schema, limits: configuration.limits.rows, lists: rules),
            rankingPlanner: Planner(schema, limits: configuration.limits.ranking, lists: rules),
            planLimits: configuration.limits.plan,
            loader: loader,
            clock: clock,
            account: viewer.account,
            otherAccounts: viewer.otherAccounts,
            deadlineSeconds: configuration.deadlineSeconds,
            lists: lists,
            budget: key?.budget,
            showsWholeCalls: viewer.isOwner
        )
    }

    private func responder(_ lists: ListService, place: Int) -> AnswerResponder {
        AnswerResponder(
            memory: memory,
            viewer: place,
            schema: schema,
            contract: contract,
            timeToLive: configuration.cache.timeToLive,
            obedience: configuration.obeyRequests,
            clock: clock,
            observer: observer,
            revision: { [loader] in loader.revision },
            listVersion: { lists.version },
            early: configuration.refreshEarly ? EarlyRefresh(loader: loader) : nil,
            surrogateKeys: SurrogateKeys(header: configuration.surrogateKeyHeader)
        )
    }
}

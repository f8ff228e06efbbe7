public import Archive
public import Engagement
public import EngagementAPI
public import EngagementGraph
public import GraphQL
public import Ledger
public import MetricCache
public import MetricLoader
public import MicroHTTP
public import SharedTier
internal import TweetLists

/// Everything that can be set, with the values that hold where nothing is. `config/engageql.yaml` describes each key.
public struct ServerConfiguration: Sendable {
    /// `server`: where to listen and what to accept.
    public var http = HTTPServerConfiguration(port: 8080, maximumBodyBytes: 4 << 20)
    /// `server.hosts`: by which names, besides those of this machine, a server without keys may be reached.
    public var hosts: [String] = []
    /// `server.anonymous`: who is answered without a key where there are keys.
    public var anonymous = AnonymousCallers.none
    /// `keys`: who may ask, for what, and how much.
    public var keys: [KeyConfiguration] = []
    /// `server.deadlineSeconds`: how long a request may wait for the Engagement API.
    public var deadlineSeconds = 20
    /// `server.drainSeconds`: how long requests in flight may take after a signal to stop.
    public var drainSeconds = 10
    /// `server.consoleFile`: the page that browsers get at `/`.
    public var consoleFile = ".build-console/console.html"
    /// `server.graphiqlFile`: the page that browsers get at `/graphiql`.
    public var graphiQLFile = ".build-graphiql/graphiql.html"
    /// `cache.folder`: where the cache file lies; nil keeps it in memory only.
    public var dataFolder: String? = "data"
    /// The cache file's name in that folder. Numbers of another source than the real API need a file of their own.
    public var cacheFileName = "cache.sqlite"
    /// The ledger's file name there, for the same reason.
    public var ledgerFileName = Ledger.fileName
    /// The name of the file of saved lists there.
    public var listsFileName = ListStore.fileName
    /// The archive's file name there, for the same reason.
    public var archiveFileName = Archive.fileName
    /// `archive`: how much of the past is kept, and for how long numbers of Tweets that are gone. Its path follows from
    /// ``dataFolder``.
    public var archive = ArchiveConfiguration(path: nil)
    /// `cache`: how much is kept and how long it lives. Its path follows from ``dataFolder``.
    public var cache = MetricCacheConfiguration(path: nil)
    /// `cache.responseBytes`: of whole responses that are given again; 0 keeps none.
    public var responseBytes = 64 << 20
    /// `cache.obeyRequests`: whose `Cache-Control` may cost calls.
    public var obeyRequests = RequestObedience.tools
    /// `cache.surrogateKeyHeader`: where responses name their Tweets for other caches; nil for nowhere.
    public var surrogateKeyHeader: String?
    /// `cache.refreshEarly`: whether what is read often is refreshed before it goes stale.
    public var refreshEarly = true
    /// `cache.shared`: what nodes behind a load balancer share; nil for a node on its own. The server itself fills in the source
    /// of its numbers, its accounts and how long cells live.
    public var shared: SharedTierConfiguration?
    /// `cache.purgeByMutation`: whether mutations may purge.
    public var purgeByMutation = true
    /// `upstream`: the Engagement API.
    public var upstream = UpstreamConfiguration()
    /// `upstream.gatherMilliseconds`, `upstream.longestGatherMilliseconds`: how long calls wait for company.
    public var pacing = Pacing()
    /// `usage`: how many Tweets and accounts may be asked upstream in a month.
    public var usage = UsagePolicy()
    /// `accounts`: credentials by name.
    public var accounts: [AccountConfiguration] = []
    /// `defaultAccount`: who asks, unless a request says otherwise; the first account if nothing is set.
    public var defaultAccount: AccountName?
    /// `alsoReads`: other accounts whose private numbers GraphQL and saved queries may show.
    public var alsoReads: [AccountName] = []
    /// `lists`: the lists of Tweets that stand in the configuration.
    public var lists: [NamedList] = []
    /// `graphql.listMutations`: whether mutations may change lists.
    public var listMutations = true
    /// When rounds of refreshing lists send their calls.
    public var refreshPacing = RefreshPacing()
    /// `limits`: what one operation may ask for.
    public var limits = OperationLimits()
    /// `graphql.queriesFolder`: operations that answer at `/q/<name>`.
    public var queriesFolder = "config/queries"
    /// `graphql.schemaFile`: the contract.
    public var schemaFile = "schema.graphql"
    /// `graphql.edition`: which status codes GraphQL over HTTP has.
    public var edition = GraphQLOverHTTPEdition.draft2025
    /// `graphql.batch`: the most operations in one request; 1 refuses arrays.
    public var maximumBatch = 1
    /// `graphql.persistedQueries`: how many texts clients may teach; 0 switches automatic persisted queries off.
    public var persistedQueries = 1000
    /// `graphql.safelist`: whether only saved queries are answered: off, log, enforce.
    public var safelist = Safelist.off
    /// `cors.origins`: web pages that may ask.
    public var origins: [String] = []
    /// `live`: subscriptions. How often they may look is one of the ``limits``.
    public var live = LiveConfiguration()
    /// The name there of the file that says what webhooks have delivered, for the same reason.
    public var webhooksFileName = "webhooks.json"
    /// `webhooks`: subscriptions whose events are posted somewhere.
    public var webhooks: [WebhookConfiguration] = []
    /// When requests of webhooks are sent again.
    public var webhookPacing = WebhookPacing()
    /// `dropIn`: the Engagement API's own endpoints.
    public var dropIn = DropInConfiguration()
    /// `log.level`.
    public var logLevel = LogLevel.notice

    public init() {}

    /// Where programs of this machine reach the server.
    public var localURL: String {
        let host = ["0.0.0.0", "::"].contains(http.host) ? "127.0.0.1" : http.host
        return "http://\(host.contains(":") ? "[\(host)]" : host):\(http.port)"
    }
}

/// What happens to documents that are not among the saved queries.
public enum Safelist: String, CaseIterable, Sendable {
    case off
    /// Answer, but log the document.
    case log
    /// Refuse.
    case enforce
}

/// How much is logged, by the names of swift-log.
public enum LogLevel: String, CaseIterable, Sendable {
    case trace
    case debug
    case info
    case notice
    case warning
    case error
    case critical
}

/// Where the Engagement API is and how hard to try.
public struct UpstreamConfiguration: Sendable {
    /// `upstream.baseUrl`: scheme, host and port. It is part of every signature.
    public var baseURL = "https://data-api.twitter.com"
    /// `upstream.attempts` and `upstream.*Milliseconds`: when to try again.
    public var retry = RetryPolicy()
    /// `upstream.tokenUrl`: where bearer tokens are got.
    public var tokenURL = BearerToken.defaultURL
    /// `upstream.appAuthorization`: how calls for public metrics are authorised where no bearer token is given.
    public var appAuthorization = AppAuthorization.bearer
    /// `quota`: how it is shared out.
    public var quota = QuotaPolicy()
    /// `breaker`: when the API is left alone.
    public var breaker = BreakerPolicy()
    /// `upstream.connections`, `upstream.connectTimeoutMilliseconds`: how calls travel.
    public var transport = CurlTransport.Configuration()
    /// `upstream.maximumResponseBytes`: unpacked.
    public var maximumResponseBytes = 32 << 20
    /// The file that every call and its answer is appended to, without credentials; nil for none. It is no key of the
    /// configuration, because nobody should record for long without knowing it.
    public var recordingPath: String?

    public init() {}
}

/// How an app proves itself without a user's token (dossier §9).
public enum AppAuthorization: String, CaseIterable, Sendable {
    /// By a bearer token that is got with key and secret; by a signature while there is none to be had.
    case bearer
    /// By an OAuth 1.0a signature with key and secret alone.
    case signature
}

/// What one account signs with. Secrets come from the environment or from files, never from the configuration itself.
public struct AccountConfiguration: Sendable {
    public var name: AccountName
    /// The developer app.
    public var consumer: ConsumerKey
    /// The account's own token, for its private numbers.
    public var token: AccessToken?
    /// The app's bearer token, used for public metrics in place of a signature.
    public var bearer: Secret?

    public init(name: AccountName, consumer: ConsumerKey, token: AccessToken?, bearer: Secret?) {
        self.name = name
        self.consumer = consumer
        self.token = token
        self.bearer = bearer
    }
}

/// What one GraphQL operation may be and ask for.
public struct OperationLimits: Sendable {
    /// `limits.documentBytes`: of a query text.
    public var documentBytes = 64 << 10
    /// `limits.tokens`, `limits.nesting`: of a query text.
    public var parser = ParserLimits()
    /// `limits.aliases`, `directives`, `fragments`, `rootFields`, `depth`: of a query text.
    public var document = DocumentLimits()
    /// `graphql.suggestions`, `graphql.introspection`: how much errors and introspection tell.
    public var validation = ValidationOptions()
    /// `limits.tweets`, `limits.cells`: of what it asks for.
    public var plan = PlanLimits()
    /// `limits.rowTweets`, `limits.rowCells`: the same of rows that are sent a slice at a time.
    public var rowTweets = 100_000
    public var rowCells = 100_000_000
    /// `limits.rankedTweets`, `limits.rankedCells`: the same of the Tweets whose best rows are asked for.
    public var rankedTweets = 100_000
    public var rankedCells = 100_000_000
    /// `limits.preparedDocuments`: how many query texts are kept parsed and validated.
    public var preparedDocuments = 1000

    public init() {}

    /// Of what an operation asks for whose answer is never in memory as a whole.
    internal var rows: PlanLimits {
        var limits = plan
        limits.maximumTweets = max(rowTweets, plan.maximumTweets)
        limits.maximumCells = max(rowCells, plan.maximumCells)
        limits.maximumLookups = .max
        limits.tweetsKey = "limits.rowTweets"
        limits.cellsKey = "limits.rowCells"
        return limits
    }

    /// Of what an operation asks for that has `orderBy` and `first`, and is looked at a few Tweets at a time.
    internal var ranking: PlanLimits {
        var limits = plan
        limits.maximumTweets = max(rankedTweets, plan.maximumTweets)
        limits.maximumCells = max(rankedCells, plan.maximumCells)
        limits.maximumLookups = .max
        limits.tweetsKey = "limits.rankedTweets"
        limits.cellsKey = "limits.rankedCells"
        return limits
    }
}

import Bytes
import Engagement
import EngagementAPI
import EngagementGraph
import Foundation
import GraphQL
import JSON
import Ledger
import MetricCache
import MetricLoader

/// The parts of the server between a request's body and its response's, put together without HTTP: bind, plan, look up, write.
struct Engine {
    private let schema: EngagementSchema
    private let planner: Planner
    private let cache: MetricCache
    private let loader: MetricLoader
    private let account = AccountName("acme")

    /// With an empty cache in memory and the package's schema.
    init() throws {
        let path = "schema.graphql"
        guard let text = FileManager.default.contents(atPath: path) else {
            throw BenchmarkError("\(path) cannot be read: run this in the folder of the package")
        }
        schema = try EngagementSchema(Source([UInt8](text), name: path))
        planner = Planner(schema)
        cache = try MetricCache(MetricCacheConfiguration(path: nil)) { _ in }
        loader = MetricLoader(
            cache: cache,
            ledger: try Ledger(LedgerConfiguration(path: nil)) { _ in },
            upstream: NoUpstream(),
            clock: UnixTime.now
        )
    }

    /// The parsed and validated form of a document.
    func prepare(_ query: String) throws -> PreparedDocument {
        try PreparedDocument(Source(Array(query.utf8), name: "query"), schema: schema.schema)
    }

    /// Invents every number that an operation needs.
    func fill(for document: PreparedDocument, variables: [UInt8]) throws {
        let now = UnixTime.now()
        let operation = try document.operation(named: nil).bind(variables: JSONReader(variables))
        for need in try planner.plan(operation, account: account, now: now).needs {
            var table = MetricTable(need)
            for index in table.cells.indices {
                table.cells[index] = Cell(
                    count: Int64(index * 7919 % 100_000),
                    fetchedAt: UInt32(now.seconds),
                    state: .counted,
                    freshness: .fresh
                )
            }
            cache.store(table, scope: .everyone, now: now)
            cache.store(table, scope: .account(account), now: now)
        }
    }

    /// The response's content.
    func answer(_ document: PreparedDocument, variables: [UInt8]) throws -> ByteString {
        let now = UnixTime.now()
        let operation = try document.operation(named: nil).bind(variables: JSONReader(variables))
        let plan = try planner.plan(operation, account: account, now: now)
        let loaded = loader.lookup(plan.needs, now: now)
        guard loaded.isFresh else { throw BenchmarkError("the cache lacks numbers") }
        let resolver = EngagementResolver(plan, schema: schema, tables: loaded.tables)
        var buffer = ByteBuffer(capacity: 4096)
        Executor.execute(operation, with: resolver, additionalErrors: resolver.absences, into: &buffer)
        return buffer.freeze()
    }
}

/// Nothing is to be fetched.
private struct NoUpstream: Upstream {
    func perform(
        _ call: EngagementCall,
        as access: UpstreamAccess,
        _ urgency: CallUrgency,
        deadline: UnixTime
    ) async throws(EngagementAPIError) -> EngagementReply {
        throw EngagementAPIError(.cancelled, "there is no upstream here")
    }

    func refusal(for access: UpstreamAccess, _ urgency: CallUrgency, now: UnixTime) -> CallRefusal? { nil }

    func pressure(on access: UpstreamAccess, now: UnixTime) -> Double { 0 }
}

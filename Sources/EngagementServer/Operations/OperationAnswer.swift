internal import Engagement
internal import EngagementGraph
internal import GraphQL
internal import JSON
internal import MetricLoader

/// What became of an operation.
internal enum OperationOutcome: Sendable {
    /// It asks for what cannot be had; nothing was fetched.
    case refused([GraphQLError])
    case answered(OperationAnswer)
    /// It has changed something.
    case mutated(MutationAnswer)
    /// It was not executed, only what it would cost is told.
    case explained(LoadForecast)
}

/// What a request wants to know besides its data, as members of its `extensions`: `{"cost": true}`.
internal struct WantedExtensions: OptionSet, Sendable {
    let rawValue: Int

    /// The calls that the operation would cost now, instead of its data.
    static let explain = WantedExtensions(rawValue: 1)
    /// What it cost.
    static let cost = WantedExtensions(rawValue: 2)
    /// What the cache had of each field's numbers, and how long they hold.
    static let cache = WantedExtensions(rawValue: 4)
}

/// A mutation after it was done.
internal struct MutationAnswer: Sendable {
    let operation: Operation
    let resolver: EngagementResolver
}

/// An operation and all that is needed to write its response.
///
/// An object: it goes through many hands, and a value of so many parts would be counted part by part at each of them.
internal final class OperationAnswer: Sendable {
    let operation: Operation
    let schema: EngagementSchema
    let plan: EngagementPlan
    /// Why numbers are missing.
    let gaps: [AnswerGap]
    /// The response's `extensions`: warnings, and what the request wants to know.
    let extensions: [JSONValue.Member]
    /// The numbers that it was made from, and how they were got.
    let loaded: LoadedMetrics
    /// The numbers as they were before any was fetched; empty unless the request wants to know of the cache.
    let found: [MetricTable]
    let wanted: WantedExtensions
    /// Whether upstream had to be waited for.
    let waited: Bool
    let lookedUpAt: UnixTime
    /// What held before that.
    let revision: AnswerRevision
    let lists: ListService
    /// Whether the same request means other hours later, though its windows do not say so: it names times as seen from now.
    let movesWithTheClock: Bool
    /// What is to be said of all the Tweets that were looked at, if there were more than the plan has left.
    let rankedAbsences: [GraphQLError]?

    init(
        operation: Operation,
        schema: EngagementSchema,
        plan: EngagementPlan,
        gaps: [AnswerGap],
        extensions: [JSONValue.Member],
        loaded: LoadedMetrics,
        found: [MetricTable],
        wanted: WantedExtensions,
        waited: Bool,
        lookedUpAt: UnixTime,
        revision: AnswerRevision,
        lists: ListService,
        movesWithTheClock: Bool = false,
        rankedAbsences: [GraphQLError]? = nil
    ) {
        self.operation = operation
        self.schema = schema
        self.plan = plan
        self.gaps = gaps
        self.extensions = extensions
        self.loaded = loaded
        self.found = found
        self.wanted = wanted
        self.waited = waited
        self.lookedUpAt = lookedUpAt
        self.revision = revision
        self.lists = lists
        self.movesWithTheClock = movesWithTheClock
        self.rankedAbsences = rankedAbsences
    }

    /// The same answer to a request that names times as seen from now.
    var movingWithTheClock: OperationAnswer { copy(extensions: extensions, movesWithTheClock: true) }

    /// The same answer with one more of the response's `extensions`.
    func adding(_ member: JSONValue.Member) -> OperationAnswer {
        copy(extensions: extensions + [member], movesWithTheClock: movesWithTheClock)
    }

    private func copy(extensions: [JSONValue.Member], movesWithTheClock: Bool) -> OperationAnswer {
        OperationAnswer(
            operation: operation,
            schema: schema,
            plan: plan,
            gaps: gaps,
            extensions: extensions,
            loaded: loaded,
            found: found,
            wanted: wanted,
            waited: waited,
            lookedUpAt: lookedUpAt,
            revision: revision,
            lists: lists,
            movesWithTheClock: movesWithTheClock,
            rankedAbsences: rankedAbsences
        )
    }

    var tables: [MetricTable] { loaded.tables }

    /// What answers the operation's fields. Made anew by each call: an answer that the client has already needs none.
    func makeResolver() -> EngagementResolver {
        EngagementResolver(
            plan,
            schema: schema,
            tables: tables,
            gaps: gaps,
            lists: ListReports(status: lists.status(of:)),
            absences: rankedAbsences
        )
    }

    var cellCount: Int { tables.reduce(0) { $0 + $1.cells.count } }
}

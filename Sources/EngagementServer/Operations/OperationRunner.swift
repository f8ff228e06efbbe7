internal import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import GraphQL
internal import JSON
internal import MetricLoader
internal import MicroHTTP

/// From an operation to its answer: plan, look up, fetch what is missing, resolve. Every route that answers operations goes
/// through here, and only the way the answer is written differs.
internal final class OperationRunner: Sendable {
    let schema: EngagementSchema
    let planner: Planner
    /// The same with limits for answers that are never in memory as a whole.
    let rowPlanner: Planner
    /// The same for answers with the best rows of many Tweets, and what is kept in memory of those.
    let rankingPlanner: Planner
    let planLimits: PlanLimits
    let loader: MetricLoader
    let clock: TimeSource
    /// Who asks.
    let account: AccountName
    /// Whose private numbers he may see besides his own.
    let otherAccounts: [AccountName]
    let deadlineSeconds: Int
    /// The lists that operations name and change.
    let lists: ListService

    init(
        schema: EngagementSchema,
        planner: Planner,
        rowPlanner: Planner,
        rankingPlanner: Planner,
        planLimits: PlanLimits,
        loader: MetricLoader,
        clock: @escaping TimeSource,
        account: AccountName,
        otherAccounts: [AccountName],
        deadlineSeconds: Int,
        lists: ListService
    ) {
        self.schema = schema
        self.planner = planner
        self.rowPlanner = rowPlanner
        self.rankingPlanner = rankingPlanner
        self.planLimits = planLimits
        self.loader = loader
        self.clock = clock
        self.account = account
        self.otherAccounts = otherAccounts
        self.deadlineSeconds = deadlineSeconds
        self.lists = lists
    }

    /// What an answer is made for, which decides how large it may be.
    enum Purpose {
        /// A response, which is made as a whole.
        case response
        /// Rows, which may be sent a slice at a time.
        case rows
    }

    /// The plan of an operation, as seen at `now`.
    func plan(
        _ operation: Operation,
        for purpose: Purpose,
        now: UnixTime
    ) throws(GraphQLErrors) -> EngagementPlan {
        let planner = purpose == .rows ? rowPlanner : planner
        do throws(GraphQLErrors) {
            return try planner.plan(operation, account: account, otherAccounts: otherAccounts, now: now)
        } catch {
            guard purpose == .response, let plan = rankedPlan(operation, beyond: error, now: now) else { throw error }
            return plan
        }
    }

    /// Answers now, on the caller's thread, if the cache has all that may be served; else later, when it has been fetched.
    func run(
        _ operation: Operation,
        urgency: CallUrgency = .interactive,
        wanted: WantedExtensions = [],
        freshness: FreshnessDemand = .usual,
        write: @escaping @Sendable (OperationOutcome) -> HTTPResponse
    ) -> HTTPReply {
        let plan: EngagementPlan
        do throws(GraphQLErrors) {
            plan = try self.plan(operation, for: .response, now: clock())
        } catch {
            return .now(write(.refused(error.errors)))
        }
        return run(operation, plan, urgency: urgency, wanted: wanted, freshness: freshness, write: write)
    }

    /// Answers an operation that has been planned.
    func run(
        _ operation: Operation,
        _ plan: EngagementPlan,
        urgency: CallUrgency,
        wanted: WantedExtensions = [],
        freshness: FreshnessDemand,
        write: @escaping @Sendable (OperationOutcome) -> HTTPResponse
    ) -> HTTPReply {
        let now = clock()
        let needs = plan.needs(demanding: freshness)
        if wanted.contains(.explain) {
            if let problem = rankingProblem(operation, plan, now: now) { return .now(write(.refused(problem.errors))) }
            return .now(write(.explained(loader.forecast(needs, urgency: urgency, now: now))))
        }
        if operation.kind == .subscription { return .now(write(.refused([.needsEventStream]))) }
        if operation.kind == .mutation {
            return .later { [self] in write(.mutated(await mutate(operation, plan))) }
        }
        if plan.isRanked, let ranking = PlanRanking(plan) {
            return .later { [self] in
                write(.answered(await rankedAnswer(operation, ranking, urgency: urgency, wanted, freshness: freshness)))
            }
        }
        let revision = loader.revision
        let found = loader.lookup(needs, now: now)
        if freshness.onlyIfCached {
            return .now(
                write(.answered(answer(operation, plan, found, found, wanted, waited: false, at: now, revision)))
            )
        }
        if let loaded = loader.answerable(found, for: needs, urgency: urgency, now: now) {
            return .now(
                write(.answered(answer(operation, plan, found, loaded, wanted, waited: false, at: now, revision)))
            )
        }
        return .later { [self] in
            let loaded = await fetch(found, needs, urgency, since: now)
            return write(.answered(answer(operation, plan, found, loaded, wanted, waited: true, at: now, revision)))
        }
    }

    /// The answer to a part of an operation, when it is there.
    ///
    /// - Parameter since: When the wait for it began, if that was before.
    func answer(
        _ operation: Operation,
        _ plan: EngagementPlan,
        urgency: CallUrgency,
        freshness: FreshnessDemand,
        since: UnixTime? = nil
    ) async -> OperationAnswer {
        let now = clock()
        let needs = plan.needs(demanding: freshness)
        let revision = loader.revision
        let found = loader.lookup(needs, now: now)
        if freshness.onlyIfCached { return answer(operation, plan, found, found, [], waited: false, at: now, revision) }
        if let loaded = loader.answerable(found, for: needs, urgency: urgency, now: now) {
            return answer(operation, plan, found, loaded, [], waited: false, at: now, revision)
        }
        let loaded = await fetch(found, needs, urgency, since: since ?? now)
        return answer(operation, plan, found, loaded, [], waited: true, at: now, revision)
    }

    private func fetch(
        _ found: LoadedMetrics,
        _ needs: [MetricNeed],
        _ urgency: CallUrgency,
        since now: UnixTime
    ) async -> LoadedMetrics {
        let deadline = now.advanced(bySeconds: Int64(deadlineSeconds))
        return await loader.fetch(found, for: needs, urgency: urgency, now: now, deadline: deadline)
    }

    func answer(
        _ operation: Operation,
        _ plan: EngagementPlan,
        _ found: LoadedMetrics,
        _ loaded: LoadedMetrics,
        _ wanted: WantedExtensions,
        waited: Bool,
        at now: UnixTime,
        _ revision: AnswerRevision,
        rankedAbsences: [GraphQLError]? = nil
    ) -> OperationAnswer {
        let failed = loaded.failures.map(AnswerGap.init)
        var extensions: [JSONValue.Member] = []
        let warnings = loaded.failures.isEmpty ? [] : StaleWarning.warnings(loaded)
        if !warnings.isEmpty { extensions.append(.init("warnings", .array(warnings))) }
        if wanted.contains(.cost) { extensions.append(.init("cost", CostReport.value(loaded))) }
        return OperationAnswer(
            operation: operation,
            schema: schema,
            plan: plan,
            gaps: failed + loaded.tables.compactMap(AnswerGap.init(notCached:)),
            extensions: extensions,
            loaded: loaded,
            found: wanted.contains(.cache) ? found.tables : [],
            wanted: wanted,
            waited: waited,
            lookedUpAt: now,
            revision: revision,
            lists: lists,
            rankedAbsences: rankedAbsences
        )
    }

    /// Does what a mutation says, one field after the other (September 2025 §6.2.2). All of it was planned before, so that a
    /// mutation with a mistake in one of its fields changes nothing.
    private func mutate(_ operation: Operation, _ plan: EngagementPlan) async -> MutationAnswer {
        var reports: [PurgeReport] = []
        var changed = ListReports(status: lists.status(of:))
        for mutation in plan.mutations {
            switch mutation {
            case .purge(let place):
                let purge = plan.purges[place]
                let effect = await loader.purge(purge.selection, purge.kind)
                lists.refresher?.numbersPurged()
                reports.append(
                    PurgeReport(purgedAt: clock(), isDurable: effect.isDurable, isPublished: effect.isPublished)
                )
            case .list(let place): changed.changes.append(await lists.apply(plan.listChanges[place]))
            }
        }
        let resolver = EngagementResolver(plan, schema: schema, tables: [], purges: reports, lists: changed)
        return MutationAnswer(operation: operation, resolver: resolver)
    }
}

extension EngagementPlan {
    /// The needs of a reader who makes a demand besides those of the document.
    fileprivate func needs(demanding demand: FreshnessDemand) -> [MetricNeed] {
        if demand == .usual { return needs }
        return needs.map { need in
            var need = need
            need.freshness = need.freshness.combined(withRequest: demand)
            return need
        }
    }
}

/// Numbers that are older than they should be, because upstream failed: they are served, and it is said.
private enum StaleWarning {
    static func warnings(_ loaded: LoadedMetrics) -> [JSONValue] {
        var oldest = UInt32.max
        var count = 0
        for cell in loaded.tables.lazy.flatMap(\.cells) where cell.freshness == .stale || cell.freshness == .expired {
            oldest = min(oldest, cell.fetchedAt)
            count += 1
        }
        guard count > 0, let failure = loaded.failures.first else { return [] }
        let what = count == 1 ? "1 number is older than it" : "\(count) numbers are older than they"
        let message = "\(what) should be, because the Engagement API gave nothing newer: \(failure.error)."
        return [
            .object([
                .init("message", .string(message)),
                .init("code", .string("STALE")),
                .init("asOf", .string(UnixTime(seconds: Int64(oldest)).iso8601)),
            ])
        ]
    }
}

internal import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import GraphQL
internal import JSON
internal import MetricCache
internal import MetricLoader
internal import MicroHTTP

/// From an operation to its answer: plan, look up, fetch what is missing, resolve. Every route that answers operations goes
/// through here, and only the way the answer is written differs.
internal struct OperationRunner: Sendable {
    let schema: EngagementSchema
    let planner: Planner
    let loader: MetricLoader
    let clock: TimeSource
    /// Who asks.
    let account: AccountName
    /// Whose private numbers he may see besides his own.
    let otherAccounts: [AccountName]
    let deadlineSeconds: Int

    /// Answers now, on the caller's thread, if the cache has all that may be served; else later, when it has been fetched.
    func run(
        _ operation: Operation,
        urgency: CallUrgency = .interactive,
        wanted: WantedExtensions = [],
        write: @escaping @Sendable (OperationOutcome) -> HTTPResponse
    ) -> HTTPReply {
        let now = clock()
        let plan: EngagementPlan
        do throws(GraphQLErrors) {
            plan = try planner.plan(operation, account: account, otherAccounts: otherAccounts, now: now)
        } catch {
            return .now(write(.refused(error.errors)))
        }
        if wanted.contains(.explain) {
            return .now(write(.explained(loader.forecast(plan.needs, urgency: urgency, now: now))))
        }
        let loaded = loader.lookup(plan.needs, now: now)
        if let loaded = loader.answerable(loaded, for: plan.needs, urgency: urgency, now: now) {
            return .now(write(.answered(answer(operation, plan, loaded, wanted, at: now))))
        }
        return .later {
            let deadline = now.advanced(bySeconds: Int64(deadlineSeconds))
            let loaded = await loader.fetch(
                loaded,
                for: plan.needs,
                urgency: urgency,
                now: now,
                deadline: deadline
            )
            return write(.answered(answer(operation, plan, loaded, wanted, at: now)))
        }
    }

    private func answer(
        _ operation: Operation,
        _ plan: EngagementPlan,
        _ loaded: LoadedMetrics,
        _ wanted: WantedExtensions,
        at now: UnixTime
    ) -> OperationAnswer {
        let gaps = loaded.failures.map(AnswerGap.init)
        var extensions: [JSONValue.Member] = []
        let warnings = loaded.failures.isEmpty ? [] : StaleWarning.warnings(loaded)
        if !warnings.isEmpty { extensions.append(.init("warnings", .array(warnings))) }
        if wanted.contains(.cost) { extensions.append(.init("cost", CostReport.value(loaded))) }
        return OperationAnswer(
            operation: operation,
            resolver: EngagementResolver(plan, schema: schema, tables: loaded.tables, gaps: gaps),
            extensions: extensions,
            tables: loaded.tables,
            lookedUpAt: now
        )
    }
}

/// What became of an operation.
internal enum OperationOutcome: Sendable {
    /// It asks for what cannot be had; nothing was fetched.
    case refused([GraphQLError])
    case answered(OperationAnswer)
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
}

/// An operation and all that is needed to write its response.
internal struct OperationAnswer: Sendable {
    let operation: Operation
    let resolver: EngagementResolver
    /// The response's `extensions`: warnings, and what the request wants to know.
    let extensions: [JSONValue.Member]
    /// The numbers that it was made from, as of this moment.
    let tables: [MetricTable]
    let lookedUpAt: UnixTime
}

extension OperationAnswer {
    /// Until when the same request has the same answer; a moment that has passed if a number is not fresh.
    ///
    /// Windows that move with the clock move by the hour, so an answer with a series holds to the end of the hour at most.
    func validUntil(_ timeToLive: TimeToLive) -> UnixTime {
        var earliest = lookedUpAt.advanced(bySeconds: OperationAnswer.longestValidity)
        for table in tables {
            if let freshUntil = timeToLive.freshUntil(table) { earliest = min(earliest, freshUntil) }
            if table.need.family == .series {
                earliest = min(earliest, lookedUpAt.flooredHour.advanced(by: 1).start)
            }
        }
        return earliest
    }

    /// An hour: long enough for a page, and settled numbers cost little to look up again.
    private static let longestValidity: Int64 = 3600

    var cellCount: Int { tables.reduce(0) { $0 + $1.cells.count } }
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

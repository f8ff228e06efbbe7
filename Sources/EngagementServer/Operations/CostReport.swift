internal import Engagement
internal import EngagementAPI
internal import JSON
internal import MetricLoader

/// `extensions.explain` and `extensions.cost`: what an operation would cost, and what it did cost.
internal enum CostReport {
    /// What an operation would cost now.
    static func value(_ forecast: LoadForecast) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("cells", cells(forecast.counts)),
            .init("tweets", .integer(Int64(forecast.tweetCount))),
            .init("calls", .array(forecast.calls.map { .object(call($0.call, $0.access)) })),
            .init("needs", .array(forecast.needs.map(need))),
        ]
        if !forecast.refusals.isEmpty {
            let refusals = forecast.refusals.sorted { "\($0.key)" < "\($1.key)" }
            members.append(.init("refusals", .array(refusals.map(refusal))))
        }
        return .object(members)
    }

    /// What an operation cost. Calls that other operations waited for too are in each one's report.
    static func value(_ loaded: LoadedMetrics) -> JSONValue {
        let cost = loaded.cost
        let calls = cost.calls.map { made in
            let outcome = JSONValue.Member("outcome", .string(made.error?.code.outcome ?? "ok"))
            return JSONValue.object(call(made.call, made.access) + [outcome])
        }
        return .object([
            .init("cells", cells(loaded.counts)),
            .init("tweets", .integer(Int64(Set(cost.calls.flatMap(\.call.tweets)).count))),
            .init("calls", .array(calls)),
            .init("joined", .integer(Int64(cost.joined))),
        ])
    }

    private static func cells(_ counts: CellCounts) -> JSONValue {
        .object([
            .init("fresh", .integer(Int64(counts.fresh))),
            .init("stale", .integer(Int64(counts.stale))),
            .init("expired", .integer(Int64(counts.expired))),
            .init("missing", .integer(Int64(counts.missing))),
        ])
    }

    private static func call(_ call: EngagementCall, _ access: UpstreamAccess) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = [
            .init("endpoint", .string(call.endpoint.rawValue)),
            .init("as", .string("\(access)")),
            .init("tweets", .integer(Int64(call.tweets.count))),
            .init("engagementTypes", types(call.types)),
            .init("grain", .string(call.grain.rawValue)),
        ]
        if let window = call.window {
            members.append(.init("start", .string(window.start.iso8601)))
            members.append(.init("end", .string(window.end.iso8601)))
        }
        return members
    }

    private static func need(_ need: MetricNeed) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("family", .string(need.family == .totals ? "totals" : "series")),
            .init("tweets", .integer(Int64(need.tweets.count))),
            .init("engagementTypes", types(need.types)),
            .init("cells", .integer(Int64(need.cellCount))),
        ]
        if let window = need.window {
            members.append(.init("grain", .string(need.grain == .day ? "day" : "hour")))
            members.append(.init("start", .string(window.start.start.iso8601)))
            members.append(.init("end", .string(window.end.start.iso8601)))
        }
        return .object(members)
    }

    private static func refusal(_ access: UpstreamAccess, _ refusal: CallRefusal) -> JSONValue {
        .object([
            .init("as", .string("\(access)")),
            .init("until", .string(refusal.until.iso8601)),
            .init("code", .string(refusal.error.code.responseCode)),
            .init("message", .string("\(refusal.error)")),
        ])
    }

    private static func types(_ types: EngagementTypeSet) -> JSONValue {
        .array(types.types.map { .string($0.wireName) })
    }
}

internal import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import JSON
internal import Ledger
internal import MetricLoader

/// `extensions.explain` and `extensions.cost`: what an operation would cost, and what it did cost. <doc:Cost> describes each key.
internal enum CostReport {
    /// What an operation would cost now.
    static func value(_ forecast: LoadForecast) -> JSONValue {
        .object([
            .init("asOf", .string(forecast.asOf.iso8601)),
            .init("cells", cells(forecast.counts)),
            .init("waits", .boolean(forecast.waits)),
            .init("tweets", count(forecast.tweetCount)),
            .init("calls", .array(forecast.calls.map { .object(call($0.call, $0.access)) })),
            .init("callsWithoutCache", count(forecast.callsWithoutCache)),
            .init("refusals", .array(forecast.refusals.sorted { "\($0.key)" < "\($1.key)" }.map(refusal))),
            .init("usage", usage(forecast.usage)),
            .init("needs", .array(forecast.needs.map(need))),
        ])
    }

    /// What an operation cost. Calls that other operations waited for too are in each one's report.
    ///
    /// - Parameter tweets: The Tweets of calls that are shown; nil for all.
    static func value(_ loaded: LoadedMetrics, tweets: Set<TweetID>? = nil) -> JSONValue {
        let cost = loaded.cost
        var shown: Set<TweetID> = []
        let calls = cost.calls.map { made in
            var part = made.call
            if let tweets { part.tweets.removeAll { !tweets.contains($0) } }
            shown.formUnion(part.tweets)
            let outcome = JSONValue.Member("outcome", .string(made.error?.code.outcome ?? "ok"))
            return JSONValue.object(call(part, made.access) + [.init("attempts", count(made.attempts)), outcome])
        }
        return .object([
            .init("cells", cells(loaded.counts)),
            .init("tweets", count(shown.count)),
            .init("calls", .array(calls)),
            .init("joined", count(cost.joined)),
        ])
    }

    // MARK: - Calls

    /// A call in the API's own words.
    private static func call(_ call: EngagementCall, _ access: UpstreamAccess) -> [JSONValue.Member] {
        let request = (try? JSONValue(parsing: call.requestBody)) ?? .null
        return [.init("endpoint", .string(call.endpoint.rawValue))] + caller(access)
            + [.init("tweets", count(call.tweets.count)), .init("request", request)]
    }

    /// With which token: the app's, or an account's own.
    private static func caller(_ access: UpstreamAccess) -> [JSONValue.Member] {
        switch access {
        case .application: [.init("as", .string("app"))]
        case .account(let name): [.init("as", .string("user")), .init("account", .string(name.rawValue))]
        }
    }

    private static func refusal(_ access: UpstreamAccess, _ refusal: CallRefusal) -> JSONValue {
        .object(
            caller(access) + [
                .init("until", .string(refusal.until.iso8601)),
                .init("code", .string(refusal.error.code.responseCode)),
                .init("message", .string("\(refusal.error)")),
            ]
        )
    }

    private static func usage(_ forecast: UsageForecast) -> JSONValue {
        let policy = forecast.usage.policy
        return .object([
            .init("period", .string(policy.period.rawValue)),
            .init("tweets", count(forecast.usage[policy.period].tweets)),
            .init("newTweets", count(forecast.newTweets)),
            .init("stopTweets", policy.stopTweets.map(count) ?? .null),
            .init("refusedTweets", count(forecast.refusedTweets)),
        ])
    }

    // MARK: - Numbers

    private static func need(_ seen: LoadForecast.Need) -> JSONValue {
        let need = seen.need
        var members: [JSONValue.Member] = [
            .init("family", .string(need.family == .totals ? "totals" : "series")),
            .init("tweets", count(need.tweets.count)),
            .init("engagementTypes", .array(need.types.types.map { .string($0.enumName) })),
        ]
        if let window = need.window {
            members.append(.init("by", .string(need.grain == .day ? "DAY" : "HOUR")))
            members.append(.init("start", .string(window.start.start.iso8601)))
            members.append(.init("end", .string(window.end.start.iso8601)))
        }
        members.append(.init("cells", cells(seen.counts)))
        for (name, state) in [("unavailable", Cell.State.unavailable), ("forbidden", .forbidden), ("tooOld", .tooOld)] {
            guard let tweets = seen.absences[state] else { continue }
            members.append(.init(name, .array(tweets.map { .string($0.description) })))
        }
        return .object(members)
    }

    private static func cells(_ counts: CellCounts) -> JSONValue {
        .object([
            .init("fresh", count(counts.fresh)),
            .init("stale", count(counts.stale)),
            .init("expired", count(counts.expired)),
            .init("missing", count(counts.missing)),
        ])
    }

    private static func count(_ count: Int) -> JSONValue { .integer(Int64(count)) }
}

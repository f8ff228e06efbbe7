public import Engagement
public import EngagementAPI

/// What an operation would cost if it were run now.
public struct LoadForecast: Sendable {
    /// What the cache has of the numbers.
    public let counts: CellCounts
    /// What is asked for.
    public let needs: [MetricNeed]
    /// The calls that would be made if nobody else wanted anything: in company they are fewer.
    public let calls: [CallPlanner.PlannedCall]
    /// Why some of these calls cannot be made now.
    public let refusals: [UpstreamAccess: CallRefusal]

    /// The Tweets of all calls, each once.
    public var tweetCount: Int { Set(calls.flatMap(\.call.tweets)).count }
}

extension MetricLoader {
    /// What `loaded` lacks would cost. Nothing is fetched.
    ///
    /// Calls that others have under way are counted like all others, since who knows what they will bring.
    public func forecast(_ loaded: LoadedMetrics, urgency: CallUrgency, now: UnixTime) -> LoadForecast {
        let gaps = gaps(in: loaded.tables, now: now)
        return LoadForecast(
            counts: loaded.counts,
            needs: loaded.tables.map(\.need),
            calls: CallPlanner.plan(gaps, now: now),
            refusals: refusals(of: gaps, urgency, now: now)
        )
    }
}

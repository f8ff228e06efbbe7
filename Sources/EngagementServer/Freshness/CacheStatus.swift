internal import Engagement
internal import EngagementAPI
internal import EngagementGraph
internal import MetricLoader

/// The header `Cache-Status` of a response (RFC 9211): whether its numbers were there.
internal enum CacheStatus {
    /// Nil for an answer without numbers: no cache was asked.
    static func value(
        of answer: OperationAnswer,
        _ life: AnswerLife,
        _ demand: FreshnessDemand,
        now: UnixTime
    ) -> String? {
        let counts = answer.loaded.counts
        guard counts.all > 0 else { return nil }
        let ttl = life.timeToLive(now)
        if !answer.waited {
            guard counts.missing == 0 else { return "EngageQL; detail=NOT_CACHED" }
            return "EngageQL; hit; ttl=\(ttl)" + detail(answer)
        }
        var value = "EngageQL; fwd=\(reason(answer, demand))"
        if answer.loaded.failures.isEmpty { value += "; stored" }
        if answer.loaded.cost.joined > 0 { value += "; collapsed" }
        if life.isRepeatable { value += "; ttl=\(ttl)" }
        return value + detail(answer)
    }

    /// Why upstream was asked, by the names of §2.2. What a demand found too old counts as refused for the request's sake, though
    /// it may have been past its time as well.
    private static func reason(_ answer: OperationAnswer, _ demand: FreshnessDemand) -> String {
        if answer.loaded.counts.missing > 0 { return "miss" }
        let isDemanded = demand.isCostly || answer.plan.needs.contains { $0.freshness.isCostly }
        return isDemanded ? "request" : "stale"
    }

    /// Of a response that was given before.
    static func remembered(_ life: AnswerLife, now: UnixTime) -> String {
        "EngageQL; hit; ttl=\(life.timeToLive(now)); detail=remembered"
    }

    /// The code of the first failure, which is a token (RFC 8941 §3.3.4).
    private static func detail(_ answer: OperationAnswer) -> String {
        answer.loaded.failures.first.map { "; detail=\($0.error.code.responseCode)" } ?? ""
    }
}

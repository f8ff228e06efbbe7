internal import Engagement
internal import EngagementGraph
internal import MetricCache
internal import MetricLoader

/// How long an answer holds and who may keep it: what its headers say to caches, and what our own memory goes by.
internal struct AnswerLife: Sendable {
    /// Whether no number is past its time.
    let isFresh: Bool
    /// Whether every number is there, or known not to exist.
    let isComplete: Bool
    /// Whether all that upstream did not give is known to be absent, and nothing of the answer is about this one request.
    let isRepeatable: Bool
    /// Whether anybody may see all of its numbers.
    let isPublic: Bool
    /// Whether the operation says that it wants nothing stale, come what may.
    let mustRevalidate: Bool
    /// Whether a mutation of the lists can make another answer of it at any moment.
    var isChangeable = false
    /// When the first number goes stale, or the same request begins to mean other hours.
    let freshUntil: UnixTime
    /// When the first number goes stale; ``freshUntil`` if that is not known.
    let staleFrom: UnixTime
    /// How many seconds before ``staleFrom`` a refresh makes sense, a tenth of that number's time; nil if it is too short for that.
    let earlySeconds: Int64?
    /// For how many seconds from then on it may be served while a newer one is made.
    let staleSeconds: Int
    /// When the oldest number was fetched; nil without numbers.
    let oldest: UnixTime?
    /// The same of the numbers that can change; nil if there are none.
    let oldestUnsealed: UnixTime?

    /// For how many more whole seconds it holds; not above 0 if it is stale.
    func timeToLive(_ now: UnixTime) -> Int64 {
        (freshUntil.milliseconds - now.milliseconds).floorDivided(by: 1000)
    }

    /// Whether the answer has an entity tag, and so can be a 304: only if its 304 has a `max-age`. Without one, nginx takes a
    /// 304 for leave to keep what it has for its old `max-age` again.
    func hasTag(_ now: UnixTime) -> Bool { isRepeatable && isFresh && timeToLive(now) >= 1 }

    /// Whether the answer is fresh enough for one who makes this demand, while it holds.
    func meets(_ demand: FreshnessDemand, now: UnixTime) -> Bool {
        guard let oldestUnsealed else { return true }
        return now.seconds - oldestUnsealed.seconds <= demand.maxAge ?? .max && timeToLive(now) >= demand.minFresh
    }

    /// An hour: long enough for a page, and settled numbers cost little to look up again.
    private static let longest: Int64 = 3600
}

extension AnswerLife {
    /// Windows that move with the clock move by the hour, so an answer with one holds to the end of the hour at most.
    init(_ answer: OperationAnswer, _ timeToLive: TimeToLive) {
        var freshUntil = answer.lookedUpAt.advanced(bySeconds: AnswerLife.longest)
        var staleFrom: UnixTime?
        var shortestSeconds: Int64 = 0
        var staleSeconds = timeToLive.staleWhileRevalidate
        var oldest: UnixTime?
        var oldestUnsealed: UnixTime?
        var isFresh = true
        var isComplete = true
        let needs = answer.plan.needs
        // By index: to go through tables one by one would copy each.
        for index in answer.loaded.tables.indices {
            let life = timeToLive.life(of: answer.loaded.tables[index], under: needs[index].freshness)
            isFresh = isFresh && life.isFresh
            isComplete = isComplete && life.isComplete
            if let until = life.freshUntil {
                freshUntil = min(freshUntil, until)
                if until < staleFrom ?? until.advanced(bySeconds: 1) {
                    staleFrom = until
                    shortestSeconds = life.shortestSeconds ?? 0
                }
            }
            staleSeconds = min(staleSeconds, life.staleSeconds)
            oldest = earlier(oldest, life.oldest)
            oldestUnsealed = earlier(oldestUnsealed, life.oldestUnsealed)
            let lastMoment = answer.loaded.tables[index].need.moments?.max()
            if let lastMoment, lastMoment >= answer.lookedUpAt.advanced(bySeconds: -60) {
                // A call that is under way may bring what was seen before this moment.
                freshUntil = min(freshUntil, answer.lookedUpAt)
            }
            if let window = answer.loaded.tables[index].need.window, window.end >= answer.lookedUpAt.flooredHour {
                freshUntil = min(freshUntil, answer.lookedUpAt.flooredHour.advanced(by: 1).start)
            }
        }
        if answer.movesWithTheClock {
            freshUntil = min(freshUntil, answer.lookedUpAt.flooredHour.advanced(by: 1).start)
        }
        if answer.rankedAbsences != nil {
            // Any of the Tweets that are not shown may come to the front.
            freshUntil = min(freshUntil, answer.lookedUpAt)
        }
        self.isFresh = isFresh
        self.isComplete = isComplete
        isRepeatable =
            isComplete && answer.loaded.failures.isEmpty && answer.wanted.isEmpty
            && answer.plan.lists?.showsLists != true
        isChangeable = answer.plan.lists?.isChangeable == true
        mustRevalidate = needs.indices.contains { needs[$0].freshness.staleness == .refused }
        isPublic = answer.loaded.tables.indices.allSatisfy { answer.loaded.tables[$0].need.privateTypes.isEmpty }
        self.freshUntil = freshUntil
        self.staleFrom = staleFrom ?? freshUntil
        earlySeconds = shortestSeconds < 2 ? nil : max(1, shortestSeconds / 10)
        self.staleSeconds = staleSeconds
        self.oldest = oldest
        self.oldestUnsealed = oldestUnsealed
    }
}

private func earlier(_ one: UnixTime?, _ other: UnixTime?) -> UnixTime? {
    guard let one, let other else { return one ?? other }
    return min(one, other)
}

internal import Engagement
internal import EngagementAPI
internal import MetricCache

/// What an operation has waited for so far.
internal struct Wait {
    var result: LoadedMetrics
    /// What a joined flight brings may be older than the operation, by the time that the flight has been under way.
    var notBefore: UnixTime
    let deadline: UnixTime
    /// The deadline by a clock that nobody sets.
    private let end: Int64
    private let uptime: @Sendable () -> Int64
    /// Calls that brought what they could: their gaps are not asked for again.
    private var landed: [(planned: CallPlanner.PlannedCall, tweets: Set<TweetID>)] = []
    /// The last purge that was heeded.
    private(set) var purge = PurgeNumber.zero
    private var landedNumbers: Set<Int> = []
    private var givenUp: Set<Subject> = []
    /// What the API said when it refused a call for want of quota: it says more than that there is none.
    private(set) var words: [UpstreamAccess: EngagementAPIError] = [:]

    private struct Subject: Hashable {
        let key: Gathering.Key
        let tweet: TweetID

        init(_ gap: CellGap) {
            key = Gathering.Key(gap)
            tweet = gap.tweet
        }
    }

    init(result: LoadedMetrics, notBefore: UnixTime, deadline: UnixTime, uptime: @escaping @Sendable () -> Int64) {
        self.result = result
        self.notBefore = notBefore
        self.deadline = deadline
        self.uptime = uptime
        end = uptime() + deadline.milliseconds - notBefore.milliseconds
    }

    func left(_ now: UnixTime) -> Int64 { min(deadline.milliseconds - now.milliseconds, end - uptime()) }

    /// What landed before a purge may be missing again, and is asked for again.
    mutating func heed(_ purge: PurgeNumber) {
        if purge != self.purge { landed = [] }
        self.purge = purge
    }

    /// Those of `gaps` that nothing has been tried for.
    func open(_ gaps: [CellGap]) -> [CellGap] {
        var open = gaps.filter { !givenUp.contains(Subject($0)) }
        for (planned, tweets) in landed {
            open = open.flatMap { planned.uncovered(of: $0, tweets: tweets) ?? [$0] }
        }
        return open
    }

    func hasLanded(_ flight: Flight) -> Bool { landedNumbers.contains(flight.number) }

    /// Whether it makes no sense to wait until upstream takes calls again: there are old numbers, there is no time, or it is
    /// not the quota.
    func isInVain(_ refusal: CallRefusal) -> Bool {
        result.counts.missing == 0 || refusal.until >= deadline || !refusal.isForQuota
    }

    mutating func giveUp(_ failures: [LoadFailure], on gaps: [CellGap]) {
        result.failures += failures
        givenUp.formUnion(gaps.map(Subject.init))
    }

    mutating func enter(_ flight: Flight, _ landing: Flight.Landing) {
        notBefore = min(notBefore, flight.startedAt)
        result.cost.calls += landing.calls
        result.failures += landing.failures
        if let refusal = landing.refusal {
            // The rest waits for quota: it is tried again.
            words[flight.planned.access] = refusal.error
            return
        }
        landedNumbers.insert(flight.number)
        for planned in landing.reached ?? [flight.planned] {
            landed.append((planned.covering(landing.covered ?? planned.window), Set(planned.call.tweets)))
        }
    }

    /// There was no time to wait for the flight. What it brings of `gaps` is given up for good: after a purge too there is none.
    mutating func miss(_ flight: Flight, on gaps: [CellGap]) {
        notBefore = min(notBefore, flight.startedAt)
        giveUp(
            [LoadFailure(flight.planned, flight.planned.call, .late)],
            on: gaps.filter { flight.planned.uncovered(of: $0, tweets: flight.tweets) != nil }
        )
    }
}

extension EngagementAPIError {
    internal static let late = EngagementAPIError(
        .timedOut,
        "there was no answer before the deadline of the request"
    )
}

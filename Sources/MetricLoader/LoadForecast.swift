public import Engagement
public import EngagementAPI
public import Ledger

/// What an operation would cost if it were run now.
public struct LoadForecast: Sendable {
    /// One of the operation's questions, and what the cache has of the answer.
    public struct Need: Sendable {
        public let need: MetricNeed
        public let counts: CellCounts
        /// The Tweets for which a number is known not to exist, by the reason, in the order of the need. It is not asked for.
        public let absences: [Cell.State: [TweetID]]
    }

    /// The moment that all of this is seen from.
    public let asOf: UnixTime
    public let needs: [Need]
    /// The calls that would be made if nobody else wanted anything. In company they may be fewer; an error that names Tweets,
    /// or a second try, may make them more.
    public let calls: [CallPlanner.PlannedCall]
    /// Whether the answer would wait for these calls. If not, all of it can be served, and they only refresh it.
    public let waits: Bool
    /// How many calls it would be with an empty cache.
    public let callsWithoutCache: Int
    /// Why some of these calls cannot be made now.
    public let refusals: [UpstreamAccess: CallRefusal]
    /// What the calls would add to the Tweets of the month.
    public let usage: UsageForecast

    /// The numbers of all needs together.
    public var counts: CellCounts { needs.reduce(into: CellCounts()) { $0.add($1.counts) } }

    /// The Tweets of all calls, each once.
    public var tweetCount: Int { Set(calls.flatMap(\.call.tweets)).count }
}

extension MetricLoader {
    /// What an operation with these needs would cost. Looks only: no call is made, and nothing is counted or queued.
    ///
    /// Calls that others have under way are counted like all others, since who knows what they will bring.
    public func forecast(_ needs: [MetricNeed], urgency: CallUrgency = .interactive, now: UnixTime) -> LoadForecast {
        let tables = needs.map { reader.table($0, now: now) }
        let seen = tables.map(LoadForecast.Need.init)
        let gaps = gaps(in: tables, now: now)
        let calls = self.calls(for: gaps, urgency, now: now)
        let refusals = refusals(of: gaps, urgency, now: now)
        let counts = seen.reduce(into: CellCounts()) { $0.add($1.counts) }
        let all = self.gaps(in: needs.map { reader.emptyTable($0, now: now) }, now: now)
        return LoadForecast(
            asOf: now,
            needs: seen,
            calls: calls,
            waits: troubles(counts, gaps, refusals) == nil,
            callsWithoutCache: self.calls(for: all, urgency, now: now).count,
            refusals: refusals,
            usage: usage.forecast(calls.map { ($0.call.tweets, $0.access.account) }, at: now)
        )
    }

    /// The calls of an operation that has no company: its gaps gather as they do on the board, and leave at once.
    private func calls(
        for gaps: [CellGap],
        _ urgency: CallUrgency,
        now: UnixTime
    ) -> [CallPlanner.PlannedCall] {
        var gatherings: [Gathering.Key: Gathering] = [:]
        var order: [Gathering.Key] = []
        for gap in gaps {
            let key = Gathering.Key(gap)
            if gatherings[key] == nil { order.append(key) }
            _ = gatherings[key, default: Gathering()].enter(gap, urgency, since: now, until: now)
        }
        return order.flatMap { key in
            CallPlanner.plan(
                gatherings[key]?.take([urgency], capacity: nil) ?? [],
                now: now,
                recent: board.recent
            )
        }
    }
}

extension LoadForecast.Need {
    fileprivate init(_ table: MetricTable) {
        need = table.need
        var counts = CellCounts()
        counts.count(table)
        self.counts = counts
        var absences: [Cell.State: [TweetID]] = [:]
        for (row, tweet) in table.need.tweets.enumerated() {
            let cells = table.cells[row * table.tweetStride..<(row + 1) * table.tweetStride]
            for state in Set(cells.lazy.filter { $0.freshness == .fresh && $0.state.isAbsence }.map(\.state)) {
                absences[state, default: []].append(tweet)
            }
        }
        self.absences = absences
    }
}

extension CellCounts {
    fileprivate mutating func add(_ other: CellCounts) {
        fresh += other.fresh
        stale += other.stale
        expired += other.expired
        missing += other.missing
    }
}

extension UpstreamAccess {
    fileprivate var account: AccountName? {
        switch self {
        case .application: nil
        case .account(let name): name
        }
    }
}

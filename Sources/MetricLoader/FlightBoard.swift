internal import Engagement
internal import EngagementAPI
internal import Synchronization

/// The calls that are under way and the gaps that wait for one, so that nobody asks for what somebody else is about to get,
/// and so that calls go full.
///
/// How it fits together, with A and B two operations that lack the same cell:
///
/// 1. A takes the lock, reads the cache, finds the gap, finds no flight and nobody who waits for it, and enters it into a
///    gathering. A lets go and waits for the departure.
/// 2. B takes the lock, reads the cache, finds the gap and A's entry, and waits for the same departure.
/// 3. When nobody has come for a moment, and the quota has a call, one plan is made for all that have gathered, and its calls
///    are under way: from here on B would find the flight.
/// 4. The call is answered; its cells go into the cache; only then the flight leaves the board.
/// 5. C, who comes now, reads the cache under the lock and finds the cell. Had the flight left before its cells were
///    stored, C could have found neither and asked a second time.
///
/// A flight is a task of its own: an operation that is cancelled or has no more time takes nothing away from the others.
/// A call that was refused for want of quota goes back into the gathering as a refresh that nobody waits for; whoever still
/// does enters it again and makes it urgent.
internal final class FlightBoard: Sendable {
    private let runner: CallRunner
    private let leased: LeasedRunner
    private let reader: MetricReader
    private let pacing: Pacing
    private let shared: (any SharedRecords)?
    private let state = Mutex(State())

    fileprivate struct State {
        var flights: [Int: Flight] = [:]
        var nextNumber = 0
        var gatherings: [Gathering.Key: Gathering] = [:]
        /// Whose last call found no quota or got no answer in time, and why.
        var troubles: [UpstreamAccess: EngagementAPIError] = [:]
    }

    /// What an operation has to wait for.
    struct Ticket: Sendable {
        var gaps: [CellGap] = []
        var joined: [Flight] = []
        var departures: [Promise<[Flight]>] = []
    }

    init(runner: CallRunner, reader: MetricReader, pacing: Pacing, shared: (any SharedRecords)?) {
        self.runner = runner
        leased = LeasedRunner(runner: runner, reader: reader, shared: shared, pacing: pacing)
        self.reader = reader
        self.pacing = pacing
        self.shared = shared
    }

    /// Enters what `gaps` need and nobody has under way.
    ///
    /// - Parameters:
    ///   - since: When it was first wanted.
    ///   - until: When whoever wants it gives up: from then on it is as urgent as what nobody waits for.
    ///   - gaps: Reads the cache; called under the lock, for the reason given above.
    func board(
        _ urgency: CallUrgency,
        since: UnixTime,
        until: UnixTime = UnixTime(milliseconds: .max),
        gaps: () -> [CellGap]
    ) -> Ticket {
        var fresh: [Gathering.Key] = []
        let ticket = state.withLock { state in
            var ticket = Ticket(gaps: gaps())
            let open = ticket.join(state.flights)
            fresh = state.enter(open, urgency, since: since, until: until, in: &ticket)
            return ticket
        }
        start(fresh)
        return ticket
    }

    /// Why the last call as `access` found no quota or got no answer in time; nil if it did. Whoever has old numbers does not
    /// wait for the next one.
    func trouble(of access: UpstreamAccess) -> EngagementAPIError? {
        state.withLock { $0.troubles[access] }
    }

    /// Those of `gaps` that no call under way brings.
    func unanswered(_ gaps: [CellGap]) -> [CellGap] {
        if gaps.isEmpty { return [] }
        return state.withLock { state in
            gaps.filter { gap in
                !state.flights.values.contains { $0.planned.uncovered(of: gap, tweets: $0.tweets)?.isEmpty ?? false }
            }
        }
    }

    /// Which hours `28hr` answers for, as far as is known.
    var recent: RecentReach { runner.recentHours.value }

    /// The calls under way, and the gaps that wait.
    var counts: (flights: Int, waiting: Int) {
        state.withLock { state in (state.flights.count, state.gatherings.values.reduce(0) { $0 + $1.count }) }
    }

    // MARK: - Gathering

    private func start(_ keys: [Gathering.Key]) {
        for key in keys { Task { await gather(key) } }
    }

    /// Runs as long as there is somebody to gather.
    private func gather(_ key: Gathering.Key) async {
        while true {
            await linger(key)
            await consult(key)
            guard let (until, alarm) = depart(key) else { return }
            let wait = min(until.milliseconds - runner.clock().milliseconds, pacing.lookMilliseconds)
            _ = await alarm.value(within: max(wait, 1), sleep: pacing.sleep)
        }
    }

    /// Waits until nobody has come for a moment.
    private func linger(_ key: Gathering.Key) async {
        let pressure = runner.upstream.pressure(on: key.access, now: runner.clock())
        let (quiet, longest) = pacing.gathering(pressure: pressure)
        var waited: Int64 = 0
        while quiet > 0, waited < longest {
            let arrivals = state.withLock { $0.gatherings[key]?.arrivals }
            try? await pacing.sleep(quiet)
            waited += quiet
            if arrivals == state.withLock({ $0.gatherings[key]?.arrivals }) { return }
        }
    }

    /// Takes over what other nodes have of it, so that calls are planned for what nobody has.
    private func consult(_ key: Gathering.Key) async {
        guard let shared else { return }
        let gaps = state.withLock { $0.gatherings[key]?.takeUnconsulted() ?? [] }
        let now = runner.clock()
        guard !gaps.isEmpty, await shared.fetch(gaps.flatMap(\.records), now: now) > 0 else { return }
        state.withLock { $0.gatherings[key]?.close { reader.stillOpen($0, now: now) } }
    }

    /// Sends off all for whom there is quota. Nil if nobody is left; else when to look again, and what wakes us before.
    private func depart(_ key: Gathering.Key) -> (until: UnixTime, alarm: Promise<Void>)? {
        let now = runner.clock()
        return state.withLock { state in
            guard var gathering = state.gatherings.removeValue(forKey: key) else { return nil }
            gathering.demote(at: now)
            gathering.dropRefreshes(since: now.advanced(bySeconds: -pacing.refreshSeconds))
            var admitted: Set<CallUrgency> = []
            var until = UnixTime(milliseconds: .max)
            for urgency in gathering.urgencies {
                if let refusal = runner.upstream.refusal(for: key.access, urgency, now: now) {
                    until = min(until, refusal.until)
                    // Nobody waits for a server that is down: they are told. For credentials that were refused nothing
                    // is kept either, or all of it would be refused at once.
                    if !refusal.isForQuota { gathering.dismiss(urgency, isKept: refusal.error.isRetryable) }
                } else {
                    admitted.insert(urgency)
                }
            }
            let capacity = key.family == .totals ? Endpoint.totals.maximumTweets : nil
            var gaps = gathering.take(admitted, capacity: capacity)
            if gathering.isDelayed { gaps = reader.stillOpen(gaps, now: now) }
            let wanted = shared == nil ? [:] : Dictionary(grouping: gaps, by: \.tweet)
            let flights = CallPlanner.plan(gaps, now: now, recent: runner.recentHours.value).map { planned in
                let parts = planned.call.tweets.flatMap { wanted[$0] ?? [] }.compactMap { $0.part(of: planned) }
                return take(off: planned, parts, admitted.max() ?? .background, now, &state)
            }
            gathering.announce(flights)
            if gathering.isEmpty { return nil }
            let alarm = Promise<Void>()
            gathering.isDelayed = true
            gathering.alarm = alarm
            state.gatherings[key] = gathering
            return (until, alarm)
        }
    }

    // MARK: - Flights

    private func take(
        off planned: CallPlanner.PlannedCall,
        _ wanted: [CellGap],
        _ urgency: CallUrgency,
        _ now: UnixTime,
        _ state: inout State
    ) -> Flight {
        let flight = Flight(
            number: state.nextNumber,
            planned: planned,
            tweets: Set(planned.call.tweets),
            startedAt: now,
            landing: Promise()
        )
        state.nextNumber += 1
        state.flights[flight.number] = flight
        Task {
            let landing = await leased.run(planned, wanted, urgency)
            land(flight, landing)
        }
        return flight
    }

    private func land(_ flight: Flight, _ landing: Flight.Landing) {
        var fresh: [Gathering.Key] = []
        state.withLock { state in
            state.flights.removeValue(forKey: flight.number)
            state.troubles[flight.planned.access] = landing.trouble
            guard landing.refusal != nil else { return }
            var ticket = Ticket()
            fresh = state.enter(
                reader.stillOpen(flight.planned.gaps, now: runner.clock()),
                .background,
                since: flight.startedAt,
                until: flight.startedAt,
                in: &ticket
            )
        }
        start(fresh)
        flight.landing.fulfil(landing)
    }
}

extension FlightBoard.State {
    /// Enters gaps into their gatherings; returns those that begin with them.
    fileprivate mutating func enter(
        _ gaps: [CellGap],
        _ urgency: CallUrgency,
        since: UnixTime,
        until: UnixTime,
        in ticket: inout FlightBoard.Ticket
    ) -> [Gathering.Key] {
        var fresh: [Gathering.Key] = []
        for gap in gaps {
            let key = Gathering.Key(gap)
            if gatherings[key] == nil { fresh.append(key) }
            if urgency == .background, gatherings[key, default: Gathering()].count >= Gathering.maximumEntries {
                continue
            }
            let departure = gatherings[key, default: Gathering()].enter(gap, urgency, since: since, until: until)
            if !ticket.departures.contains(where: { $0 === departure }) { ticket.departures.append(departure) }
            gatherings[key]?.wake()
        }
        return fresh
    }
}

extension FlightBoard.Ticket {
    /// Joins flights that bring something of the gaps; returns what they do not bring.
    fileprivate mutating func join(_ flights: [Int: Flight]) -> [CellGap] {
        var open = gaps
        for flight in flights.values.sorted(by: { $0.number < $1.number }) {
            var rest: [CellGap] = []
            var isJoined = false
            for gap in open {
                guard let uncovered = flight.planned.uncovered(of: gap, tweets: flight.tweets) else {
                    rest.append(gap)
                    continue
                }
                isJoined = true
                rest += uncovered
            }
            if isJoined { joined.append(flight) }
            open = rest
        }
        return open
    }
}

extension Gathering {
    /// Ends a wait for the quota early: what has come may be more urgent.
    fileprivate mutating func wake() {
        alarm?.fulfil(())
        alarm = nil
    }
}

extension MetricReader {
    /// What is left of `gaps` that others may have closed.
    internal func stillOpen(_ gaps: [CellGap], now: UnixTime) -> [CellGap] {
        var tweets: [CellGap: [TweetID]] = [:]
        for gap in gaps {
            var kind = gap
            kind.tweet = TweetID(rawValue: 0)
            tweets[kind, default: []].append(gap.tweet)
        }
        return tweets.flatMap { kind, tweets in
            self.gaps([kind.need(of: tweets)], now: now).filter { $0.access == kind.access }
        }
    }
}

internal import Engagement
internal import EngagementAPI

/// A call of a round, and the gaps that it is for.
struct RefreshCall: Sendable {
    let planned: CallPlanner.PlannedCall
    let gaps: [CellGap]
    /// Whether pages that come now would wait for it.
    let isCold: Bool

    /// The fewest calls for the gaps of all lists of a round, those that pages would wait for first. A Tweet that several lists
    /// have is asked for once.
    ///
    /// - Parameter cold: Tweets that lack a number that can be served.
    static func plan(_ gaps: [CellGap], cold: Set<TweetID>, now: UnixTime, recent: RecentReach) -> [RefreshCall] {
        let byTweet = Dictionary(grouping: gaps, by: \.tweet)
        let calls = CallPlanner.plan(gaps, now: now, recent: recent).map { planned in
            let parts = planned.call.tweets.flatMap { byTweet[$0] ?? [] }.compactMap { $0.part(of: planned) }
            return RefreshCall(
                planned: planned,
                gaps: parts,
                isCold: planned.call.tweets.contains(where: cold.contains)
            )
        }
        return calls.filter(\.isCold) + calls.filter { !$0.isCold }
    }
}

/// Sends calls of one access, one after the other, as far as there is quota left over.
struct RefreshRow: Sendable {
    let loader: MetricLoader
    let pacing: RefreshPacing
    let clock: TimeSource
    /// Between two calls that nobody would wait for, on average.
    let pauseMilliseconds: Int64
    let isStopped: @Sendable () -> Bool
    /// Told how many calls were sent.
    let sent: @Sendable (Int) -> Void

    /// Returns whether everything was answered.
    func send(_ calls: [RefreshCall]) async -> Bool {
        var isComplete = true
        var due = clock()
        for call in calls {
            guard await isAdmitted(call.planned.access) else { return false }
            let ticket = loader.board.board(.background, since: clock()) {
                // Pages may have asked for it in the meantime.
                loader.reader.stillOpen(call.gaps, now: clock())
            }
            if ticket.gaps.isEmpty { continue }
            for (flight, isOurs) in await flights(ticket) {
                let landing = await flight.landing.value(within: loader.callMilliseconds, sleep: loader.sleep)
                if isOurs { sent(landing?.calls.reduce(0) { $0 + $1.attempts } ?? 1) }
                if landing?.failures.isEmpty != true || landing?.refusal != nil { isComplete = false }
                if let error = landing?.failures.first?.error, error.isOfCredentials { return false }
            }
            guard !call.isCold else { continue }
            due = due.advanced(byMilliseconds: Int64(Double(pauseMilliseconds) * (0.5 + pacing.jitter())))
            guard await pause(due.milliseconds - clock().milliseconds) else { return false }
        }
        return isComplete
    }

    /// The calls that bring what a ticket is for, and whether they were made for it.
    private func flights(_ ticket: FlightBoard.Ticket) async -> [(flight: Flight, isOurs: Bool)] {
        var flights = ticket.joined.map { (flight: $0, isOurs: false) }
        for departure in ticket.departures {
            let departed = await departure.value(within: loader.callMilliseconds, sleep: loader.sleep) ?? []
            for flight in departed {
                let isWanted = ticket.gaps.contains {
                    flight.planned.uncovered(of: $0, tweets: flight.tweets) != nil
                }
                if isWanted { flights.append((flight: flight, isOurs: true)) }
            }
        }
        return flights
    }

    /// Waits until there is quota left over and the API is not left alone. False if it makes no sense to wait: the credentials
    /// were refused, or the server stops.
    private func isAdmitted(_ access: UpstreamAccess) async -> Bool {
        while !isStopped() {
            let now = clock()
            guard let refusal = loader.refusal(for: access, .background, now: now) else { return true }
            guard refusal.error.isRetryable else { return false }
            let wait = min(max(refusal.until.milliseconds - now.milliseconds, 1), pacing.lookMilliseconds)
            guard await pause(wait) else { return false }
        }
        return false
    }

    private func pause(_ milliseconds: Int64) async -> Bool {
        guard milliseconds > 0 else { return !isStopped() }
        return (try? await pacing.sleep(milliseconds)) != nil && !isStopped()
    }
}

extension EngagementAPIError {
    /// Whether every other call with the same credentials would fail too.
    fileprivate var isOfCredentials: Bool {
        switch code {
        case .unauthenticated, .appNotAllowListed, .tokenRefused: true
        default: false
        }
    }
}

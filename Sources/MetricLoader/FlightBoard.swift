internal import Engagement
internal import EngagementAPI
internal import Synchronization

/// The calls that are under way, so that nobody asks for what somebody else is about to get.
///
/// How it fits together, with A and B two operations that lack the same cell:
///
/// 1. A takes the lock, reads the cache, finds the gap, finds no flight, plans a call and boards it. A lets go.
/// 2. B takes the lock, reads the cache, finds the gap and A's flight, and waits for it.
/// 3. The call is answered; its cells go into the cache; only then the flight leaves the board.
/// 4. C, who comes now, reads the cache under the lock and finds the cell. Had the flight left before its cells were
///    stored, C could have found neither and asked a second time.
///
/// A flight is a task of its own: an operation that is cancelled takes nothing away from the others that wait.
internal final class FlightBoard: Sendable {
    internal struct Flight: Sendable {
        let planned: CallPlanner.PlannedCall
        let tweets: Set<TweetID>
        let startedAt: UnixTime
        let task: Task<[LoadFailure], Never>
    }

    private let state = Mutex(State())

    private struct State {
        var flights: [Int: Flight] = [:]
        var nextNumber = 0
    }

    /// Boards what `gaps` need and nobody has under way, and returns every flight that the caller has to wait for.
    ///
    /// - Parameters:
    ///   - gaps: Reads the cache; called under the lock, for the reason given above.
    ///   - plan: What to call for the gaps that no flight covers.
    ///   - fly: Makes one call, stores its answer, and returns what went wrong.
    func board(
        now: UnixTime,
        gaps: () -> [CellGap],
        plan: ([CellGap]) -> [CallPlanner.PlannedCall],
        fly: @escaping @Sendable (CallPlanner.PlannedCall) async -> [LoadFailure]
    ) -> (joined: [Flight], started: [Flight]) {
        state.withLock { state in
            var joined: [Flight] = []
            var open = gaps()
            for (_, flight) in state.flights.sorted(by: { $0.key < $1.key }) {
                var rest: [CellGap] = []
                var isJoined = false
                for gap in open {
                    guard let uncovered = flight.uncovered(of: gap) else {
                        rest.append(gap)
                        continue
                    }
                    isJoined = true
                    rest += uncovered
                }
                if isJoined { joined.append(flight) }
                open = rest
            }
            let started = plan(open).map { planned in
                let number = state.nextNumber
                state.nextNumber += 1
                let task = Task {
                    let failures = await fly(planned)
                    self.land(number)
                    return failures
                }
                let flight = Flight(planned: planned, tweets: Set(planned.call.tweets), startedAt: now, task: task)
                state.flights[number] = flight
                return flight
            }
            return (joined, started)
        }
    }

    /// How many calls are under way.
    var count: Int { state.withLock { $0.flights.count } }

    private func land(_ number: Int) {
        state.withLock { _ = $0.flights.removeValue(forKey: number) }
    }
}

extension FlightBoard.Flight {
    /// What the call will not bring of `gap`, nil if it brings nothing of it.
    ///
    /// A gap over months is covered by several flights, each of which brings four weeks of it.
    fileprivate func uncovered(of gap: CellGap) -> [CellGap]? {
        guard planned.access == gap.access, planned.call.types.isSuperset(of: gap.types), tweets.contains(gap.tweet)
        else {
            return nil
        }
        switch (planned.window, gap.window) {
        case (nil, nil): return []
        case (let window?, let wanted?):
            // Hours answer for days, if all of a day's are there.
            let brought = gap.grain == .day && planned.grain == .hour ? window.wholeDays : window
            guard planned.grain == gap.grain || planned.grain == .hour,
                let brought, brought.intersection(wanted) != nil
            else { return nil }
            return wanted.outside(brought).map { part in
                var rest = gap
                rest.window = part
                return rest
            }
        default: return nil
        }
    }
}

extension HourWindow {
    /// The days of UTC that lie in it from first hour to last, nil if there are none.
    fileprivate var wholeDays: HourWindow? {
        let first = start.advanced(by: 23).day.firstHour
        let last = end.day.firstHour
        return first < last ? HourWindow(start: first, end: last) : nil
    }

    /// What lies before and after `other`, with which it has hours in common.
    fileprivate func outside(_ other: HourWindow) -> [HourWindow] {
        var parts: [HourWindow] = []
        if start < other.start { parts.append(HourWindow(start: start, end: other.start)) }
        if other.end < end { parts.append(HourWindow(start: other.end, end: end)) }
        return parts
    }
}

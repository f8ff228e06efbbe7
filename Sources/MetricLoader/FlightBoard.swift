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
            var joined: [Int: Flight] = [:]
            var open: [CellGap] = []
            for gap in gaps() {
                if let (number, flight) = state.flights.first(where: { $0.value.covers(gap) }) {
                    joined[number] = flight
                } else {
                    open.append(gap)
                }
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
            return (Array(joined.values), started)
        }
    }

    /// How many calls are under way.
    var count: Int { state.withLock { $0.flights.count } }

    private func land(_ number: Int) {
        state.withLock { _ = $0.flights.removeValue(forKey: number) }
    }
}

extension FlightBoard.Flight {
    /// Whether the call will bring all of `gap`.
    fileprivate func covers(_ gap: CellGap) -> Bool {
        guard planned.access == gap.access, planned.call.types.isSuperset(of: gap.types), tweets.contains(gap.tweet)
        else {
            return false
        }
        switch (planned.window, gap.window) {
        case (nil, nil): return true
        case (let window?, let wanted?):
            let isFineEnough = planned.grain == gap.grain || planned.grain == .hour
            return isFineEnough && window.start <= wanted.start && wanted.end <= window.end
        default: return false
        }
    }
}

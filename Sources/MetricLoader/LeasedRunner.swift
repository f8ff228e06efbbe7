internal import Engagement
internal import EngagementAPI
internal import MetricCache

/// Makes a planned call so that of several nodes one makes it. Two nodes, A and B, that want the same cell:
///
/// 1. A takes the lease on the cell's record, looks whether it is there by now, does not find it and calls.
/// 2. B does not get the lease. It calls for what else it wants, of which it has the leases, and then asks again and again.
/// 3. A publishes the record, and only then gives the lease back.
/// 4. B gets the lease, and looks after that: it finds the cell, gives the lease back and makes no call. Had it looked first,
///    A could have published and let go in between.
///
/// A node waits for the leases of others only while it has none, so nobody waits for somebody who waits for him. The lease of
/// a node that died runs out, and another one calls. Without a tier, or while it is down, calls are made at once.
internal struct LeasedRunner: Sendable {
    let runner: CallRunner
    let reader: MetricReader
    let shared: (any SharedRecords)?
    let pacing: Pacing

    /// How long to wait before the leases of others are asked for again; twice as long each time.
    private static let firstPauseMilliseconds: Int64 = 10
    private static let longestPauseMilliseconds: Int64 = 160

    /// On a machine that is slow rather than stopped the call is made some time.
    private static let mostLapses = 3

    /// - Parameter wanted: The gaps that the call is planned for.
    func run(
        _ planned: CallPlanner.PlannedCall,
        _ wanted: [CellGap],
        _ urgency: CallUrgency
    ) async -> Flight.Landing {
        let purge = reader.cache.latestPurge
        guard let shared, !wanted.isEmpty else {
            var landing = await runner.run(planned, urgency)
            heed(purge, &landing)
            return landing
        }
        // By a clock that nobody sets.
        let end = pacing.uptime() + runner.callSeconds * 1000
        var landing = Flight.Landing()
        var open = wanted
        var made: [CallPlanner.PlannedCall] = []
        var pause = LeasedRunner.firstPauseMilliseconds
        var lapses = 0
        while true {
            let asked = pacing.uptime()
            let lease = await shared.lease(records(of: open), now: runner.clock())
            open = reader.stillOpen(open, now: runner.clock())
            var mine = lease.map { lease in open.filter { $0.records.allSatisfy(lease.records.contains) } } ?? open
            if let lease, lease.isOld(pacing.uptime() - asked), lapses < LeasedRunner.mostLapses {
                // The process was stopped meanwhile, and another node may be calling by now.
                lapses += 1
                mine = []
            }
            let used = lease?.part(Set(records(of: mine)))
            // Of records that are there by now, or that are of no use without those that others have.
            if let spare = lease?.part(without: used) { shared.publish([], releasing: spare, now: runner.clock()) }
            if !mine.isEmpty {
                pause = LeasedRunner.firstPauseMilliseconds
                let call = replanned(planned, for: mine)
                landing.add(await runner.run(call, urgency))
                made.append(call)
                shared.publish(records(of: mine + call.gaps), releasing: used, now: runner.clock())
                if landing.refusal != nil { return landing }
                let done = Set(mine)
                open.removeAll { done.contains($0) }
            }
            if made.first != planned { landing.reached = made + parts(of: planned, wanted) }
            if open.isEmpty {
                heed(purge, &landing)
                return landing
            }
            guard pacing.uptime() < end else {
                landing.failures.append(LoadFailure(planned, call(planned, for: open), .held))
                return landing
            }
            try? await pacing.sleep(pause)
            pause = min(pause * 2, LeasedRunner.longestPauseMilliseconds)
        }
    }

    /// A purge may have come over what was there early on: who joined after it has to look again.
    private func heed(_ purge: PurgeNumber, _ landing: inout Flight.Landing) {
        if reader.cache.latestPurge != purge { landing.reached = [] }
    }

    /// The planned call, or one for those of its Tweets that are left.
    private func replanned(_ planned: CallPlanner.PlannedCall, for gaps: [CellGap]) -> CallPlanner.PlannedCall {
        if Set(gaps.map(\.tweet)).count == planned.call.tweets.count { return planned }
        let calls = CallPlanner.plan(gaps, now: runner.clock(), recent: runner.recentHours.value)
        return calls.count == 1 ? calls[0] : planned
    }

    /// What of the planned call is wanted, as calls.
    private func parts(of planned: CallPlanner.PlannedCall, _ wanted: [CellGap]) -> [CallPlanner.PlannedCall] {
        let parts = wanted.compactMap { $0.part(of: planned) }
        return Dictionary(grouping: parts) { Part(types: $0.types, window: $0.window) }.map { part, gaps in
            var call = planned.call
            call.types = part.types
            call.tweets = gaps.map(\.tweet)
            return CallPlanner.PlannedCall(
                access: planned.access,
                call: call,
                window: part.window,
                grain: planned.grain
            )
        }
    }

    private struct Part: Hashable {
        let types: EngagementTypeSet
        let window: HourWindow?
    }

    private func records(of gaps: [CellGap]) -> [RecordName] { Array(Set(gaps.flatMap(\.records))) }

    private func call(_ planned: CallPlanner.PlannedCall, for gaps: [CellGap]) -> EngagementCall {
        let tweets = Set(gaps.map(\.tweet))
        var call = planned.call
        call.tweets.removeAll { !tweets.contains($0) }
        return call
    }
}

extension RecordLease {
    fileprivate func part(_ records: Set<RecordName>) -> RecordLease {
        RecordLease(records: self.records.intersection(records), token: token, milliseconds: milliseconds)
    }

    /// Whether it is about to run out, so many milliseconds after it was asked for.
    fileprivate func isOld(_ milliseconds: Int64) -> Bool { milliseconds * 10 >= self.milliseconds * 9 }

    /// Nil if nothing is left.
    fileprivate func part(without other: RecordLease?) -> RecordLease? {
        let rest = records.subtracting(other?.records ?? [])
        return rest.isEmpty ? nil : RecordLease(records: rest, token: token, milliseconds: milliseconds)
    }
}

extension Flight.Landing {
    fileprivate mutating func add(_ other: Flight.Landing) {
        calls += other.calls
        failures += other.failures
        covered = other.covered ?? covered
        refusal = other.refusal
    }
}

extension EngagementAPIError {
    fileprivate static let held = EngagementAPIError(
        .timedOut,
        "another node was fetching it and did not finish before the deadline"
    )
}
